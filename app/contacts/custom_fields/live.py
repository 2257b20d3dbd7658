"""What a change of a custom field announces: every card and list that shows it asks again."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.custom_fields.models import ContactField
from app.extensions import db

ROOM = "inbox"


def fields_changed() -> None:
    """A field is new, or has another name, place or options."""
    live.touch(ROOM, "contact-fields:list", "contact:*")


@live.region("contact-fields")
def _fields_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """ "id:version" of every field in order."""
    if not db.session.get_one(User, user_id).can(Permission.CONTACT_FIELDS_MANAGE):
        return None
    row = cast(ContactField.id, Text) + ":" + cast(ContactField.version, Text)
    order = (ContactField.archived, ContactField.position, ContactField.id)
    listed: Any = func.string_agg(row, aggregate_order_by(literal(","), *order))
    return select(func.coalesce(listed, ""))
