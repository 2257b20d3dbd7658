"""Imports as they are shown: one, the newest, and the lines that were refused or stay."""

from sqlalchemy import select

from app.accounts.models import User
from app.contacts.transfers.models import ContactImport, ContactImportRow
from app.errors import NotFound
from app.extensions import db


def find(import_id: int) -> ContactImport:
    """One import; raises NotFound."""
    found = db.session.get(ContactImport, import_id)
    if found is None:
        raise NotFound
    return found


def locked(import_id: int) -> ContactImport:
    """The same, its row locked and fresh."""
    found = db.session.get(ContactImport, import_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def newest(size: int = 50) -> list[tuple[ContactImport, str]]:
    """The last imports, each with who made it."""
    query = (
        select(ContactImport, User.name)
        .join(User, User.id == ContactImport.made_by_id)
        .order_by(ContactImport.id.desc())
        .limit(size)
    )
    return [(made, name) for made, name in db.session.execute(query)]


def rows_with_reason(
    import_id: int, state: str = "refused", after: int = 0, size: int = 500
) -> list[ContactImportRow]:
    """The lines that were refused, or (`kept`) could not be undone whole, in the file's order."""
    query = select(ContactImportRow).where(
        ContactImportRow.import_id == import_id,
        ContactImportRow.state == state,
        ContactImportRow.line > after,
    )
    return list(db.session.scalars(query.order_by(ContactImportRow.line).limit(size)))
