"""Every webhook: kept first, then understood; what fails is tried again, and can be replayed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.channels import service as channels
from app.channels.models import Channel
from app.conversations.service import TryLater
from app.errors import Conflict, NotFound
from app.extensions import db
from app.intake import live
from app.intake.body import Unreadable, decode
from app.intake.dispatch import dispatch
from app.intake.models import Receipt
from app.intake.receipts import Arrival, keep
from app.integrations import providers
from app.integrations.base import BadPayload, Envelope, Event, Ignored
from app.logs import redact
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import N_

log = structlog.get_logger()

OPEN_ADDRESS = "open_address"  # what proved the sender when nothing did
DEFAULT_KIND = providers.KINDS[0]  # of calls whose channel is not known
# Receipts of these addresses are done elsewhere: what wakes whoever does it.
elsewhere: dict[str, Callable[[int], None]] = {}
# Seconds before each further try; after the last one only staff replay it.
RETRY_WAITS = (1, 2, 5, 15, 60, 300, 1800, 7200)
WOKEN_WITHIN = 5  # shorter waits get a job of their own, the sweep is slower
SWEEP_SIZE = 200
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to answer: `received`, `repeated`, `ignored` (reason) or `rejected` (detail)."""

    outcome: str
    text: str = ""


RECEIVED, REPEATED = Verdict("received"), Verdict("repeated")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body says, before anything is done about it."""

    state: str
    note: str | None
    envelope: Envelope | None
    events: tuple[Event, ...] = ()
    verdict: Verdict = RECEIVED
    stray: str | None = None  # what another system's webhook is told at the open address


def accept(arrival: Arrival, reading: Reading) -> Verdict:
    """Keep a webhook and do what it asks for, in one transaction.

    Whatever fails past the receipt takes all of it back, effects that waited for the commit too;
    the receipt is then written alone, with the error, and tried again. (A savepoint would do the
    same, at two round trips more for each of the many that do not fail.)
    """
    reading = admitted(arrival, reading)
    if reading.state == "quarantined" and reading.envelope:
        instance = reading.envelope.instance_id[:40]
        log.error("webhook_quarantined", route=arrival.route, instance=instance)
    try:
        with atomic():
            return _accept(arrival, reading)
    except (OperationalError, InterfaceError):
        raise  # the database itself, a deadlock too: the whole transaction is tried again
    except TryLater as later:
        error = str(later)
    except Exception as fault:  # whatever fails, what was sent is kept
        log.exception("webhook_failed")
        error = _words(fault)
    with atomic():
        return _accept(arrival, replace(reading, state="failed", note=error, events=()))


def _accept(arrival: Arrival, reading: Reading) -> Verdict:
    receipt_id = keep(arrival, reading.envelope, reading.state, reading.note)
    if receipt_id is None:
        return REPEATED if reading.verdict.outcome == "received" else reading.verdict
    if reading.state == "failed":
        _note_failure(receipt_id, 1, reading.note or "")
    elif reading.state == "processed" and arrival.channel is not None:
        proven = arrival.authenticated_by != OPEN_ADDRESS
        dispatch(arrival.channel, reading.events, receipt_id, proven)
    on_commit(live.receipts_changed)
    return reading.verdict


def read(kind: str, raw: bytes) -> Reading:
    """What a body says to a channel of this kind, whoever it is for. Asks no database."""
    try:
        payload = decode(raw)
    except Unreadable as fault:
        return Reading(
            "rejected", str(fault), None, (), Verdict("rejected", "Invalid JSON payload")
        )
    envelope = providers.envelope(kind, payload)
    return replace(_understand(kind, payload, envelope), stray=providers.misdirected(payload))


def admitted(arrival: Arrival, reading: Reading) -> Reading:
    """The same reading, unless its address is not where it belongs."""
    if reading.envelope is None:
        return reading
    if reading.stray is not None and arrival.authenticated_by == OPEN_ADDRESS:
        ignored = Verdict("ignored", reading.stray)
        return Reading("ignored", N_("Aviso de outro sistema."), reading.envelope, (), ignored)
    reason = _quarantined(arrival.channel, reading.envelope)
    return Reading("quarantined", reason, reading.envelope) if reason else reading


def _understand(kind: str, payload: dict[str, Any], envelope: Envelope) -> Reading:
    try:
        events = tuple(providers.parse(kind, payload))
    except BadPayload as fault:
        return Reading("rejected", str(fault), envelope, (), Verdict("rejected", str(fault)))
    except Exception as error:  # a fault of ours must not lose what was sent
        log.exception("webhook_not_parsed")
        return Reading("failed", _words(error), envelope)
    ignored = [event.reason for event in events if isinstance(event, Ignored)]
    if len(ignored) == len(events):
        return Reading("ignored", " ".join(ignored)[:MAX_NOTE], envelope)
    return Reading("processed", None, envelope, events)


def _quarantined(channel: Channel | None, envelope: Envelope) -> str | None:
    if channel is None:
        return N_("Nenhum canal está configurado para este endereço.")
    if envelope.instance_id and envelope.instance_id != channel.instance_id:
        return N_("A instância não é a deste endereço.")
    return None if channel.active else N_("O canal está desativado.")


def _attempt(channel: Channel, events: tuple[Event, ...], receipt: Receipt) -> str | None:
    """Do it inside a savepoint; the error as text when it could not be done."""
    try:
        with atomic():
            dispatch(channel, events, receipt.id, receipt.authenticated_by != OPEN_ADDRESS)
    except TryLater as later:
        return str(later)
    except (OperationalError, InterfaceError):
        raise  # the database itself, a deadlock too: the whole transaction is tried again
    except Exception as error:  # whatever fails, what was sent stays kept
        log.exception("receipt_failed", receipt_id=receipt.id)
        return _words(error)
    return None


def _words(error: Exception) -> str:
    """An error for staff; of database errors without the statement, which quotes the customer."""
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return redact(f"{type(error).__name__}: {text}").replace("\0", "")[:MAX_NOTE]


def _note_failure(receipt_id: int, attempts: int, error: str) -> None:
    wait = RETRY_WAITS[attempts - 1] if attempts <= len(RETRY_WAITS) else None
    next_try_at = clock.now() + timedelta(seconds=wait) if wait is not None else None
    _settle(receipt_id, "failed", error, attempts, next_try_at)
    if wait is not None and wait < WOKEN_WITHIN:
        job = partial(enqueue, "jobs.live.retry_receipt", receipt_id, queue="live")
        on_commit(partial(job, delay_seconds=wait))


def _settle(
    receipt_id: int, state: str, note: str | None, attempts: int, next_try_at: datetime | None
) -> None:
    db.session.execute(
        update(Receipt)
        .where(Receipt.id == receipt_id)
        .values(state=state, note=note, attempts=attempts, next_try_at=next_try_at)
    )


def retry(receipt_id: int) -> None:
    """Try a failed receipt again; does nothing when it is done or another worker has it."""
    with atomic():
        receipt = _locked(receipt_id, skip_locked=True)
        if receipt is None or receipt.state not in {"received", "failed"}:
            return
        if receipt.next_try_at is not None:
            _again(receipt, _channel_of(receipt))


def redrive() -> None:
    """Try again what is due: the jobs that should have done it may be lost with Redis."""
    due = (
        select(Receipt.id, Receipt.route)
        .where(Receipt.state.in_(("received", "failed")), Receipt.next_try_at <= clock.now())
        .order_by(Receipt.next_try_at)
        .limit(SWEEP_SIZE)
    )
    for receipt_id, route in db.session.execute(due).all():
        elsewhere.get(route, retry)(receipt_id)


def replay(receipt_id: int, by: User) -> Receipt:
    """Do once more what a receipt asks for; what was done already is not doubled.

    Raises NotFound, or Conflict when no active channel has the receipt's instance.
    """
    with atomic():
        receipt = _locked(receipt_id)
        if receipt is None:
            raise NotFound
        if receipt.route in elsewhere:
            return _replayed_elsewhere(receipt, by)
        channel = channels.by_instance(receipt.instance_id) or _channel_of(receipt)
        if channel is None or not channel.active or not _belongs(receipt, channel):
            raise Conflict("Nenhum canal ativo tem esta instância. Cadastre ou reative o canal.")
        before = {"state": receipt.state}
        receipt.replays += 1
        _again(receipt, channel)
        audit.record(
            by, "receipt.replayed", "receipt", receipt.id, before, {"state": receipt.state}
        )
        return receipt


def _replayed_elsewhere(receipt: Receipt, by: User) -> Receipt:
    before = {"state": receipt.state}
    receipt.state, receipt.note, receipt.attempts = "received", None, 1
    receipt.replays += 1
    receipt.next_try_at = clock.now()
    audit.record(by, "receipt.replayed", "receipt", receipt.id, before, {"state": receipt.state})
    on_commit(partial(elsewhere[receipt.route], receipt.id))
    on_commit(live.receipts_changed)
    return receipt


def _belongs(receipt: Receipt, channel: Channel) -> bool:
    return receipt.instance_id in {"", channel.instance_id}


def _again(receipt: Receipt, channel: Channel | None) -> None:
    """One more try of a locked receipt."""
    attempts = receipt.attempts + 1
    reading = _read_again(receipt, channel)
    if reading.state != "processed" or channel is None:
        _settle(receipt.id, reading.state, reading.note, attempts, None)
    else:
        error = _attempt(channel, reading.events, receipt)
        if error is None:
            _settle(receipt.id, "processed", None, attempts, None)
        else:
            _note_failure(receipt.id, attempts, error)
    db.session.refresh(receipt)
    on_commit(live.receipts_changed)


def _read_again(receipt: Receipt, channel: Channel | None) -> Reading:
    raw, names = receipt.body, receipt.header_names
    by, asked = receipt.authenticated_by, receipt.request_id or ""
    kind = channel.kind if channel else DEFAULT_KIND
    return admitted(Arrival(receipt.route, by, channel, raw, names, asked), read(kind, raw))


def _channel_of(receipt: Receipt) -> Channel | None:
    return db.session.get(Channel, receipt.channel_id) if receipt.channel_id else None


def _locked(receipt_id: int, skip_locked: bool = False) -> Receipt | None:
    return db.session.scalars(
        select(Receipt)
        .where(Receipt.id == receipt_id)
        .with_for_update(skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    ).one_or_none()
