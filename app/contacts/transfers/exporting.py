"""The list of contacts as a file: CSV as it is read, XLSX by a worker."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts import ids, listing
from app.contacts.checking import LANGUAGES
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.contacts.models import Contact
from app.contacts.transfers import files, live
from app.contacts.transfers.models import ContactExport
from app.csv_cells import neutral
from app.errors import Conflict, Forbidden, NotFound
from app.extensions import current_settings, db
from app.labels.queries import everything as all_labels
from app.media.storage import storage
from app.queueing import enqueue
from app.transactions import atomic, on_commit

BATCH = 500
LASTS = timedelta(hours=24)
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
    return _csv(rows(chosen, whole_cpf))


def _csv(lines: Iterable[Sequence[str]]) -> Iterator[str]:
    # The mark and the semicolons are what Brazilian spreadsheets open without asking.
    yield "\ufeff"
    for line in lines:
        yield csv_line(line)


def csv_line(cells: Sequence[str]) -> str:
    """One line of CSV in which no cell is run as a formula."""
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(neutral(cell) for cell in cells)
    return line.getvalue()


def count(chosen: listing.ContactFilter) -> int:
    """How many pass the filter."""
    found = listing.query(chosen, Contact.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def request_xlsx(by: User, chosen: listing.ContactFilter, whole_cpf: bool) -> ContactExport:
    """Let a worker make an XLSX; it can be fetched for a day. Raises Forbidden as above."""
    with atomic():
        total = count(chosen)
        _record(by, "xlsx", chosen, whole_cpf, total)
        made = ContactExport(
            made_by_id=by.id, made_at=clock.now(), filter=chosen.as_arguments(),
            whole_cpf=whole_cpf, total=total, worked_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        on_commit(partial(_wake, made.id))
        return made


def _record(
    by: User, kind: str, chosen: listing.ContactFilter, whole_cpf: bool, total: int
) -> None:
    if whole_cpf and not by.can(Permission.CPF_REVEAL):
        raise Forbidden(_("Você não pode exportar CPFs inteiros."))
    said: dict[str, Any] = {"format": kind, "count": total, "whole_cpf": whole_cpf}
    said |= {"filter": "; ".join(f"{name}={text}" for name, text in chosen.as_arguments().items())}
    audit.record(by, "contacts.exported", "contact_export", "list", None, said)


def run(export_id: int) -> None:
    """A worker's turn: write the file. Begun anew when the worker before it died."""
    with atomic():
        made = _locked(export_id)
        if made.state not in ("queued", "running"):
            return
        made.state, made.done, made.worked_at = "running", 0, clock.now()
        _announce(made)
    chosen = listing.parse_filter({name: str(text) for name, text in made.filter.items()})
    with tempfile.NamedTemporaryFile(prefix="guiche-export-", suffix=".xlsx") as file:
        path = Path(file.name)
        _write_xlsx(path, export_id, rows(chosen, made.whole_cpf))
        size, key = path.stat().st_size, files.keep(path, files.XLSX)
    with atomic():
        made = _locked(export_id)
        if made.content_key is not None:  # another worker's, which was thought dead
            storage().delete(made.content_key)
        made.content_key, made.content_size, made.state = key, size, "done"
        made.done = made.total
        made.expires_at = clock.now() + LASTS
        _announce(made)


def _write_xlsx(path: Path, export_id: int, lines: Iterable[Sequence[str]]) -> None:
    import xlsxwriter  # here: it makes every start slower

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet(_("Contatos"))
    bold = book.add_format({"bold": True})
    for number, cells in enumerate(lines):
        for place, cell in enumerate(cells):
            # As text: a phone is no number, and nothing is a formula.
            sheet.write_string(number, place, cell, bold if number == 0 else None)
        if number and number % BATCH == 0:
            _progress(export_id, number)
    sheet.freeze_panes(1, 0)
    book.close()


def _progress(export_id: int, done: int) -> None:
    with atomic():
        made = _locked(export_id)
        made.done, made.worked_at = done, clock.now()
        _announce(made)


def find(export_id: int, by: User) -> ContactExport:
    """An export of this person's own; raises NotFound."""
    made = db.session.get(ContactExport, export_id)
    if made is None or made.made_by_id != by.id:
        raise NotFound
    return made


def content_of(export_id: int, by: User) -> Iterator[bytes]:
    """The file, for who asked for it, while it lasts. Raises NotFound, Conflict."""
    made = find(export_id, by)
    expired = made.expires_at is not None and made.expires_at < clock.now()
    if made.state != "done" or expired:
        raise Conflict(_("Este arquivo já não está disponível. Exporte de novo."))
    return files.chunks(made)


def redrive() -> None:
    """Wake what no worker was at for a while; forget files that nobody may fetch any more."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds * 6)
    stuck = select(ContactExport.id).where(
        ContactExport.state.in_(("queued", "running")),
        or_(ContactExport.worked_at.is_(None), ContactExport.worked_at < clock.now() - patience),
    )
    for export_id in db.session.scalars(stuck.order_by(ContactExport.id)).all():
        _wake(export_id)
    with atomic():
        db.session.execute(
            update(ContactExport)
            .where(ContactExport.state == "done", ContactExport.expires_at < clock.now())
            .values(state="expired", content=None, version=ContactExport.version + 1)
        )


def _announce(made: ContactExport) -> None:
    made.version += 1
    on_commit(partial(live.export_changed, made), once=("export", made.id))


def _wake(export_id: int) -> None:
    enqueue("jobs.bulk.export_contacts", export_id, queue="bulk")


def _locked(export_id: int) -> ContactExport:
    made = db.session.get(ContactExport, export_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise NotFound
    return made
