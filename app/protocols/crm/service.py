"""Writing protocols to the CRM; the only writer of its rows."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.company import service as company
from app.company.fields import Flag, Section, register
from app.contacts.models import Contact
from app.errors import Conflict, NotFound
from app.extensions import current_settings, db
from app.integrations import pipedrive
from app.integrations.base import IntegrationError, Outcome
from app.protocols import hooks, numbers
from app.protocols import service as protocols
from app.protocols.crm import live
from app.protocols.crm.models import CrmEntry
from app.protocols.models import Protocol
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import N_

LEASE = timedelta(minutes=5)
MOST_WAITS = 3  # told to wait this often in a row, the day's budget is gone

ON = Flag(
    "crm_on",
    N_("Enviar protocolos ao Pipedrive"),
    True,
    N_("Cada protocolo de um contato vira pessoa, negócio e nota. Sem token, nada é enviado."),
)
SECTION = register(
    Section("crm", N_("CRM"), N_("O que vai para o Pipedrive, e de quem é lá."), (ON,))
)


_unfollowed: ContextVar[bool] = ContextVar("unfollowed", default=False)


@contextmanager
def unfollowed() -> Iterator[None]:
    """Protocols that are made within are not written there."""
    before = _unfollowed.set(True)
    try:
        yield
    finally:
        _unfollowed.reset(before)


def is_on() -> bool:
    """Whether protocols are written there: configured, and wanted."""
    return pipedrive.is_configured() and company.get(ON)


def follow(protocol: Protocol) -> None:
    """A protocol was made or changed: one of a contact is to be written, once."""
    if protocol.contact_id is None or protocol.status == "cancelled" or _unfollowed.get():
        return
    if not is_on():
        return
    now = clock.now()
    new = insert(CrmEntry).values(protocol_id=protocol.id, next_try_at=now, created_at=now)
    made = db.session.scalar(
        new.on_conflict_do_nothing(index_elements=["protocol_id"]).returning(CrmEntry.id)
    )
    if made is not None:
        on_commit(partial(_wake, made))
        on_commit(live.list_changed, once="crm listed")


def run(entry_id: int) -> None:
    """A worker's turn: what is missing of person, deal and note."""
    if not _begin(entry_id):
        return
    try:
        _write(entry_id)
    except IntegrationError as error:
        _put_off(entry_id, error)
    else:
        _finish(entry_id)


def _begin(entry_id: int) -> bool:
    with atomic():
        entry = _locked(entry_id)
        now = clock.now()
        taken = entry.state == "sending" and entry.lease_until and entry.lease_until > now
        if entry.state in ("done", "failed") or taken or entry.next_try_at > now:
            return False
        if entry.state == "sending":  # its worker died: what it asked for may have been done
            entry.is_uncertain = True
        entry.state, entry.lease_until = "sending", now + LEASE
        entry.attempts += 1
        _announce(entry)
        return True


def _write(entry_id: int) -> None:
    entry, customer, title, note, owner = _told(entry_id)
    subject = f"protocol:{entry.protocol_id}"
    search = entry.is_uncertain
    person, deal = entry.person_id, entry.deal_id
    if person is None:
        person = pipedrive.find_person(customer, subject)
        person = person or pipedrive.create_person(customer, owner, subject)
        _keep(entry_id, person_id=person)
    if deal is None:
        deal = pipedrive.find_deal(title, subject) if search else None
        deal = deal or pipedrive.create_deal(title, person, owner, subject)
        _keep(entry_id, deal_id=deal)
    if entry.note_id is None:
        known = pipedrive.find_note(deal, note, subject) if search else None
        _keep(entry_id, note_id=known or pipedrive.create_note(deal, person, note, subject))


def _told(entry_id: int) -> tuple[CrmEntry, pipedrive.Customer, str, str, int | None]:
    query = (
        select(CrmEntry)
        .where(CrmEntry.id == entry_id)
        .options(
            joinedload(CrmEntry.protocol)
            .joinedload(Protocol.contact)
            .options(selectinload(Contact.identities))
        )
        .execution_options(populate_existing=True)
    )
    entry = db.session.scalars(query).one()
    protocol, contact = entry.protocol, entry.protocol.contact
    if contact is None:
        raise IntegrationError(N_("O protocolo não tem mais contato."), Outcome.REFUSED, 400)
    number = numbers.written(protocol.number)
    phones = tuple(
        one.value if one.value.startswith("+") else f"+{one.value}"
        for one in contact.identities
        if one.kind == "phone"
    )
    name = contact.name or (phones[0] if phones else number)
    lines = [f"Protocolo {number}", protocol.description]
    consultant = hooks.consultant_names().get(protocol.consultant_id or 0)
    if consultant:
        lines.append(f"Consultor: {consultant}")
    return (
        entry,
        pipedrive.Customer(name, phones, contact.email),
        f"{name} (protocolo {number})",
        "\n".join(line for line in lines if line),
        hooks.crm_owner(protocol.consultant_id),
    )


def _keep(entry_id: int, **found: int) -> None:
    with atomic():
        entry = _locked(entry_id)
        for name, value in found.items():
            setattr(entry, name, value)
        entry.waits = 0
        _announce(entry)


def _finish(entry_id: int) -> None:
    with atomic():
        entry = _locked(entry_id)
        entry.state, entry.done_at, entry.error = "done", clock.now(), None
        entry.lease_until, entry.is_uncertain = None, False
        _announce(entry)
        protocols.happened(entry.protocol_id, pipedrive.LABEL, "exported", {"deal": entry.deal_id})


def _put_off(entry_id: int, error: IntegrationError) -> None:
    """Try again later what may yet work, and leave to staff what will not by itself."""
    with atomic():
        entry = _locked(entry_id)
        entry.error, entry.lease_until = error.message, None
        entry.is_uncertain = entry.is_uncertain or error.outcome is Outcome.UNKNOWN
        waits = current_settings().crm_retry_waits
        if error.status == 429:
            entry.waits += 1
            entry.attempts -= 1
            seconds = _told_to_wait(entry.waits, error.wait_seconds)
        elif error.outcome is Outcome.REFUSED or entry.attempts > len(waits):
            entry.state = "failed"
            _announce(entry)
            told = {"reason": error.message}
            protocols.happened(entry.protocol_id, pipedrive.LABEL, "export_failed", told)
            return
        else:
            seconds = waits[entry.attempts - 1]
        entry.state = "queued"
        entry.next_try_at = clock.now() + timedelta(seconds=seconds)
        _announce(entry)
        on_commit(partial(_wake, entry.id, seconds))


def _told_to_wait(times: int, asked: float | None) -> float:
    """What was asked and a little more; after several times, until the day's budget is new."""
    if times > MOST_WAITS:
        now = clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - now).total_seconds() + 60
    return max(asked or 0, 2.0) + random.random()  # noqa: S311 - spreads retries


def retry(entry_id: int, by: User) -> CrmEntry:
    """Staff asks again, now. What may have been done already is looked for first."""
    with atomic():
        entry = _locked(entry_id)
        if entry.state not in ("failed", "queued"):
            raise Conflict(_("Este protocolo já foi enviado ou está sendo."))
        entry.state, entry.attempts, entry.waits, entry.error = "queued", 0, 0, None
        entry.next_try_at = clock.now()
        audit.record(by, "crm.retried", "protocol", entry.protocol_id)
        _announce(entry)
        on_commit(partial(_wake, entry.id))
    return entry


def redrive() -> None:
    """Wake what is due and what a dead worker left, oldest first."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    due = select(CrmEntry.id).where(
        or_(
            (CrmEntry.state == "queued") & (CrmEntry.next_try_at < now - patience),
            (CrmEntry.state == "sending") & (CrmEntry.lease_until < now),
        )
    )
    for entry_id in db.session.scalars(due.order_by(CrmEntry.next_try_at).limit(200)).all():
        _wake(entry_id)


def _announce(entry: CrmEntry) -> None:
    entry.version += 1
    on_commit(partial(live.entry_changed, entry.protocol_id), once=("crm", entry.id))
    on_commit(live.list_changed, once="crm listed")


def _wake(entry_id: int, seconds: float = 0) -> None:
    enqueue("jobs.sync.write_crm_entry", entry_id, queue="sync", delay_seconds=seconds)


def _locked(entry_id: int) -> CrmEntry:
    entry = db.session.get(CrmEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound
    return entry
