"""The list of contacts as a file: CSV as it is read, XLSX by a worker."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts import ids, listing
from app.contacts.checking import LANGUAGES
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.contacts.models import Contact
from app.contacts.transfers import live
from app.contacts.transfers.models import ContactExport
from app.errors import Forbidden
from app.exports import making
from app.exports.sheets import GULP, csv_text
from app.extensions import db
from app.labels.queries import everything as all_labels
from app.transactions import atomic

BATCH = GULP
PHONES = 2  # columns of their own; the rest share the third


def header(fields: Sequence[ContactField]) -> list[str]:
    """The titles, which an import understands again."""
    return [
        _("Nome"), _("Telefone"), _("Telefone 2"), _("Outros telefones"), _("CPF"), _("E-mail"),
        _("Idioma"), _("Etiquetas"), _("Não enviar mensagens"),
        *(field.name for field in fields), _("Criado em"),
    ]  # fmt: skip


def rows(chosen: listing.ContactFilter, whole_cpf: bool) -> Iterator[list[str]]:
    """The title row and everybody who passes the filter, in the list's order, by key."""
    fields = custom_fields.in_use()
    labels = {label.id: label.name for label in all_labels()}
    yield header(fields)
    after = None
    while True:
        page = listing.page(chosen, after, BATCH)
        for contact in page.contacts:
            yield _cells(contact, fields, labels, whole_cpf)
        if not page.more:
            return
        after = page.contacts[-1].id
        for contact in page.contacts:
            db.session.expunge(contact)


def _cells(
    contact: Contact, fields: Sequence[ContactField], labels: dict[int, str], whole_cpf: bool
) -> list[str]:
    phones = [ids.display_phone(one.value) for one in contact.identities if one.kind == "phone"]
    first = [*phones[:PHONES], *[""] * (PHONES - len(phones))]
    cpf = contact.cpf or ""
    shown = ids.display_cpf(cpf) if whole_cpf else ids.mask_cpf(cpf)
    created = contact.created_at.astimezone(clock.COMPANY_ZONE)
    return [
        contact.name,
        *first,
        "; ".join(phones[PHONES:]),
        shown if cpf else "",
        contact.email or "",
        LANGUAGES.get(contact.language, contact.language),
        "; ".join(labels[one] for one in contact.label_ids if one in labels),
        _("Sim") if contact.opt_outs else "",
        *(custom_fields.text_of(contact.fields, field) for field in fields),
        created.strftime("%d/%m/%Y %H:%M"),
    ]


def csv_export(by: User, chosen: listing.ContactFilter, whole_cpf: bool) -> Iterator[str]:
    """The list as CSV, read while it is sent. That it was taken is recorded first, with the count.

    Raises Forbidden when this person may not see whole CPFs.
    """
    with atomic():
        _record(by, "csv", chosen, whole_cpf, count(chosen))
    return csv_text(rows(chosen, whole_cpf))


def count(chosen: listing.ContactFilter) -> int:
    """How many pass the filter."""
    found = listing.query(chosen, Contact.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def request_xlsx(by: User, chosen: listing.ContactFilter, whole_cpf: bool) -> ContactExport:
    """Let a worker make an XLSX; it can be fetched for a day. Raises Forbidden as above."""
    with atomic():
        total = count(chosen)
        _record(by, "xlsx", chosen, whole_cpf, total)
        return making.ask(KIND, by, chosen.as_arguments(), total, whole_cpf=whole_cpf)


def _record(
    by: User, form: str, chosen: listing.ContactFilter, whole_cpf: bool, total: int
) -> None:
    if whole_cpf and not by.can(Permission.CPF_REVEAL):
        raise Forbidden(_("Você não pode exportar CPFs inteiros."))
    making.record(
        by, "contacts.exported", "contact_export", chosen.as_arguments(),
        format=form, count=total, whole_cpf=whole_cpf,
    )  # fmt: skip


def _rows_of(made: ContactExport) -> Iterator[list[str]]:
    chosen = listing.parse_filter({name: str(text) for name, text in made.filter.items()})
    return rows(chosen, made.whole_cpf)


KIND = making.Kind(
    model=ContactExport,
    rows=_rows_of,
    name=lambda: _("Contatos"),
    job="jobs.bulk.export_contacts",
    changed=live.export_changed,
)
