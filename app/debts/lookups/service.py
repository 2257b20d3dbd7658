"""Asking the ERP about a customer; the only writer of snapshots."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert

from app import clock, secrets
from app.accounts import audit
from app.accounts.models import User
from app.contacts import ids
from app.contacts.models import Contact
from app.debts.lookups import asking, live, reading
from app.debts.lookups.models import WAITING, WAITING_CLAUSE, Snapshot
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import current_settings, db
from app.integrations.base import IntegrationError, Outcome
from app.integrations.sienge import client, options
from app.queueing import enqueue
from app.transactions import atomic, on_commit

LEASE = timedelta(minutes=5)
GOOD = ("fresh", "not_found")


def normalised(typed: str) -> str:
    """The compact CPF or CNPJ. Raises GuicheError for what is neither."""
    found = ids.cpf(typed) or ids.cnpj(typed)
    if found is None:
        raise GuicheError(_("Este CPF ou CNPJ não existe: confira os números."), 422)
    return found


def mark_of(document: str) -> str:
    """A name for a document that tells nothing of it: for addresses and regions."""
    return secrets.mark(f"debts:{document}")


def look_up(document: str, *, actor: User | None, refresh: bool = False) -> Snapshot:
    """A snapshot that may be used, or the one under way: a worker reads it and screens follow.

    With `refresh` one that is still good is not enough. Raises GuicheError for what is no document,
    Conflict where no ERP is set up.
    """
    compact = normalised(document)
    good = None if refresh else latest(compact)
    if good is not None and is_recent(good):
        return good
    if not client.is_configured():
        raise Conflict(_("O Sienge não está configurado: preencha SIENGE_URL e as credenciais."))
    with atomic():
        return _wanted(compact, actor)


def latest(document: str) -> Snapshot | None:
    """The last time that the ERP answered about this document, however long ago."""
    query = select(Snapshot).where(Snapshot.document == document, Snapshot.state.in_(GOOD))
    return db.session.scalar(query.order_by(Snapshot.id.desc()).limit(1))


def newest(document: str) -> Snapshot | None:
    """The last look-up, whatever became of it."""
    query = select(Snapshot).where(Snapshot.document == document)
    return db.session.scalar(query.order_by(Snapshot.id.desc()).limit(1))


def of_mark(mark: str) -> str:
    """The document behind a mark. Raises NotFound where it was never looked up."""
    query = select(Snapshot.document).where(Snapshot.mark == mark)
    found = db.session.scalar(query.order_by(Snapshot.id.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def find(snapshot_id: int) -> Snapshot:
    """One look-up. Raises NotFound."""
    found = db.session.get(Snapshot, snapshot_id)
    if found is None:
        raise NotFound
    return found


def is_recent(snapshot: Snapshot) -> bool:
    """Whether it is young enough to be used as it is."""
    age = timedelta(minutes=options.fresh_minutes())
    return snapshot.taken_at is not None and clock.now() - snapshot.taken_at < age


def why_not_send(document: str) -> str | None:
    """Why nothing may be sent on what is known of a document: never asked, or the ERP is down.

    None when the last look-up was answered, or one is under way over an answered one. Its age is
    for whoever sends to judge (`is_recent`).
    """
    query = select(Snapshot).where(Snapshot.document == document, Snapshot.state.not_in(WAITING))
    last = db.session.scalar(query.order_by(Snapshot.id.desc()).limit(1))
    if last is None:
        return _("Consulte o Sienge antes de enviar.")
    if last.state == "failed":
        return _("O Sienge não respondeu à última consulta: os dados podem ter mudado.")
    if last.state == "not_found":
        return _("O Sienge não conhece mais este CPF ou CNPJ.")
    return None


def look_up_now(document: str, *, actor: User | None, refresh: bool = True) -> Snapshot:
    """The same, asked here and waited for: for workers and programs, never for a page.

    Call it outside `atomic()`. What it answers may have failed: see its `state` and `error`.
    """
    made = look_up(document, actor=actor, refresh=refresh)
    if made.state in WAITING:
        run(made.id)
        db.session.refresh(made)
    return made


def run(snapshot_id: int) -> None:
    """A worker's turn: everything that the ERP says of the document."""
    document = _begin(snapshot_id)
    if document is None:
        return
    try:
        content = asking.everything(document, f"debt:{snapshot_id}")
    except IntegrationError as error:
        _put_off(snapshot_id, error)
    else:
        _finish(snapshot_id, content)


def keep(document: str, content: dict[str, Any], *, actor: User | None) -> Snapshot:
    """What the ERP was asked outside (`asking.everything`) and has just answered, as a look-up.

    For programs that tell a whole story in one transaction: no worker is woken.
    """
    now = clock.now()
    with atomic():
        one = Snapshot(
            document=document,
            mark=mark_of(document),
            requested_by_id=actor.id if actor else None,
            requested_at=now,
            next_try_at=now,
            attempts=1,
            version=0,
        )
        _answered(one, content)
        db.session.add(one)
        db.session.flush()
        if actor is not None:
            audit.record(actor, "debts.looked_up", "debt_snapshot", one.id)
        _announce(one)
    return one


def retry(snapshot_id: int, by: User) -> Snapshot:
    """Staff asks again for what failed: a new look-up of the same document."""
    return look_up(find(snapshot_id).document, actor=by, refresh=True)


def redrive() -> None:
    """Wake what is due and what a dead worker left, oldest first."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    due = select(Snapshot.id).where(
        or_(
            (Snapshot.state == "queued") & (Snapshot.next_try_at < now - patience),
            (Snapshot.state == "reading") & (Snapshot.lease_until < now),
        )
    )
    for snapshot_id in db.session.scalars(due.order_by(Snapshot.next_try_at).limit(200)).all():
        _wake(snapshot_id)


def _wanted(document: str, actor: User | None) -> Snapshot:
    now = clock.now()
    new = (
        insert(Snapshot)
        .values(
            document=document,
            mark=mark_of(document),
            contact_id=_contact_of(document),
            requested_by_id=actor.id if actor else None,
            requested_at=now,
            next_try_at=now,
        )
        .on_conflict_do_nothing(index_elements=["document"], index_where=text(WAITING_CLAUSE))
        .returning(Snapshot.id)
    )
    made = db.session.scalar(new)
    if made is None:
        return _under_way(document, now)
    if actor is not None:
        audit.record(actor, "debts.looked_up", "debt_snapshot", made)
    snapshot = db.session.get_one(Snapshot, made)
    on_commit(partial(_wake, made))
    _announce(snapshot)
    return snapshot


def _under_way(document: str, now: datetime) -> Snapshot:
    """Somebody asked before: theirs is used, and tried now rather than later."""
    query = select(Snapshot).where(Snapshot.document == document, Snapshot.state.in_(WAITING))
    found = db.session.scalar(query.with_for_update())
    if found is None:  # it has just been answered
        settled = newest(document)
        if settled is None:
            raise NotFound
        return settled
    if found.state == "queued" and found.next_try_at > now and found.error_status != 429:
        found.next_try_at = now
        on_commit(partial(_wake, found.id))
    return found


def _contact_of(document: str) -> int | None:
    query = select(Contact.id).where(Contact.cpf == document, Contact.merged_into_id.is_(None))
    return db.session.scalar(query.order_by(Contact.id).limit(1))


def _begin(snapshot_id: int) -> str | None:
    with atomic():
        one = _locked(snapshot_id)
        now = clock.now()
        taken = one.state == "reading" and one.lease_until and one.lease_until > now
        if one.state not in WAITING or taken or one.next_try_at > now:
            return None
        one.state, one.lease_until = "reading", now + LEASE
        one.attempts += 1
        _announce(one)
        return one.document


def _finish(snapshot_id: int, content: dict[str, Any]) -> None:
    with atomic():
        one = _locked(snapshot_id)
        _answered(one, content)
        _announce(one)


def _answered(one: Snapshot, content: dict[str, Any]) -> None:
    customers = content["customers"]
    numbers = [int(row["id"]) for row in customers if row.get("id")]
    one.state = "fresh" if customers else "not_found"
    one.content, one.content_hash = content, reading.content_hash(content)
    one.erp_customer_ids = numbers
    one.erp_customer_id = numbers[0] if numbers else None
    one.contact_id = _contact_of(one.document)
    one.taken_at, one.lease_until = clock.now(), None
    one.error, one.error_status = None, None


def _put_off(snapshot_id: int, error: IntegrationError) -> None:
    """Try again later what may yet work, and leave to staff what will not by itself."""
    with atomic():
        one = _locked(snapshot_id)
        one.error, one.error_status, one.lease_until = error.message, error.status, None
        waits = current_settings().erp_retry_waits
        if error.status == 429:
            one.attempts -= 1
            seconds = max(error.wait_seconds or 0, 1.0)
        elif error.outcome is Outcome.REFUSED or one.attempts > len(waits):
            one.state = "failed"
            _announce(one)
            return
        else:
            seconds = waits[one.attempts - 1]
        one.state = "queued"
        one.next_try_at = clock.now() + timedelta(seconds=seconds)
        _announce(one)
        on_commit(partial(_wake, one.id, seconds))


def _announce(one: Snapshot) -> None:
    one.version += 1
    on_commit(partial(live.snapshot_changed, one.mark), once=("snapshot", one.mark))


def _wake(snapshot_id: int, seconds: float = 0) -> None:
    enqueue("jobs.sync.look_up_debts", snapshot_id, queue="sync", delay_seconds=seconds)


def _locked(snapshot_id: int) -> Snapshot:
    one = db.session.get(Snapshot, snapshot_id, with_for_update=True, populate_existing=True)
    if one is None:
        raise NotFound
    return one
