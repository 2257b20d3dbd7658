"""Second copies of boletos and PDFs: the ERP's links die in minutes, so the file is fetched at once
and kept here, behind the log-in."""

from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.debts.lookups import live
from app.debts.lookups.models import DOCUMENT_WAITING, ErpDocument, Snapshot
from app.errors import NotFound
from app.extensions import current_settings, db
from app.integrations.base import IntegrationError, Outcome
from app.integrations.sienge import resources
from app.media.downloading import FetchError, fetch
from app.media.keeping import work_folder
from app.media.storage import StorageError, new_key, storage
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import N_

LEASE = timedelta(minutes=3)
KEPT_FOR = timedelta(days=30)
PDF = "application/pdf"
_NO_PDF = N_("O Sienge mandou um arquivo que não é PDF.")


def ask(snapshot: Snapshot, kind: str, by: User, bill_id: int = 0, instalment: str = "") -> int:
    """Have a worker get a document: `boleto` of an instalment, `balance` or `statement` of the
    customer. One that is under way is not asked for twice. The id of its row."""
    now = clock.now()
    values = {
        "mark": snapshot.mark, "kind": kind, "bill_id": bill_id, "instalment": instalment,
        "erp_customer_id": snapshot.erp_customer_id or 0, "requested_by_id": by.id,
        "requested_at": now, "next_try_at": now,
    }  # fmt: skip
    same = ["mark", "kind", "bill_id", "instalment"]
    new = insert(ErpDocument).values(values)
    new = new.on_conflict_do_nothing(index_elements=same, index_where=text(DOCUMENT_WAITING))
    with atomic():
        made: int | None = db.session.scalar(new.returning(ErpDocument.id))
        if made is None:
            wanted = [getattr(ErpDocument, name) == values[name] for name in same]
            query = select(ErpDocument.id).where(*wanted).order_by(ErpDocument.id.desc())
            under_way: int = db.session.scalars(query.limit(1)).one()
            return under_way
        audit.record(by, "debts.document_asked", "erp_document", made)
        on_commit(partial(_wake, made))
        on_commit(partial(live.snapshot_changed, snapshot.mark))
        return made


def run(document_id: int) -> None:
    """A worker's turn: the link, and at once what is behind it."""
    row = _begin(document_id)
    if row is None:
        return
    try:
        told = resources.document(
            row.kind, f"document:{row.id}", customer_id=row.erp_customer_id, bill_id=row.bill_id,
            instalment=row.instalment,
        )  # fmt: skip
        key, size = _kept(told.url)
    except IntegrationError as error:
        _put_off(document_id, error.message, error.outcome is Outcome.REFUSED
                 and error.status != 429, error.wait_seconds)  # fmt: skip
    except FetchError as error:
        _put_off(
            document_id, _("A segunda via não pôde ser baixada. Tente de novo."), error.permanent
        )
    else:
        _finish(document_id, key, size, told.line)


def find(document_id: int, mark: str) -> ErpDocument:
    """One that is ready, of this customer. Raises NotFound."""
    row = db.session.get(ErpDocument, document_id)
    if row is None or row.mark != mark or row.state != "ready":
        raise NotFound
    return row


def of_customer(mark: str) -> list[ErpDocument]:
    """The last ones of a customer, newest first."""
    query = select(ErpDocument).where(ErpDocument.mark == mark, ErpDocument.state != "expired")
    return list(db.session.scalars(query.order_by(ErpDocument.id.desc()).limit(8)))


def redrive() -> None:
    """Wake what is due and what a dead worker left."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    due = select(ErpDocument.id).where(
        or_(
            (ErpDocument.state == "queued") & (ErpDocument.next_try_at < now - patience),
            (ErpDocument.state == "fetching") & (ErpDocument.lease_until < now),
        )
    )
    for document_id in db.session.scalars(due.order_by(ErpDocument.id).limit(100)).all():
        _wake(document_id)


def forget_old() -> None:
    """Delete the files of a month ago: a boleto is re-issued with another value."""
    old = select(ErpDocument).where(
        ErpDocument.state == "ready", ErpDocument.requested_at < clock.now() - KEPT_FOR
    )
    for row in db.session.scalars(old.limit(500)).all():
        try:
            storage().delete(row.storage_key or "")
        except StorageError:
            continue  # the next round
        with atomic():
            row.state, row.storage_key = "expired", None


def _kept(url: str) -> tuple[str, int]:
    with work_folder() as folder:
        file = folder / "document"
        size = fetch(url, file).size
        with file.open("rb") as content:
            if content.read(5) != b"%PDF-":
                raise IntegrationError(_NO_PDF, Outcome.REFUSED)
        key = new_key()
        try:
            storage().put(key, file, PDF)
        except StorageError:
            raise FetchError("storage") from None
        return key, size


def _begin(document_id: int) -> ErpDocument | None:
    with atomic():
        row = _locked(document_id)
        now = clock.now()
        taken = row.state == "fetching" and row.lease_until and row.lease_until > now
        if row.state not in ("queued", "fetching") or taken or row.next_try_at > now:
            return None
        row.state, row.lease_until = "fetching", now + LEASE
        row.attempts += 1
        _announce(row)
        return row


def _finish(document_id: int, key: str, size: int, line: str) -> None:
    with atomic():
        row = _locked(document_id)
        row.state, row.storage_key, row.size, row.line = "ready", key, size, line
        row.ready_at, row.error, row.lease_until = clock.now(), None, None
        _announce(row)


def _put_off(document_id: int, error: str, final: bool, wait: float | None = None) -> None:
    with atomic():
        row = _locked(document_id)
        waits = current_settings().erp_retry_waits
        row.error, row.lease_until = error, None
        if final or row.attempts > len(waits):
            row.state = "failed"
        else:
            seconds = wait or waits[row.attempts - 1]
            row.state, row.next_try_at = "queued", clock.now() + timedelta(seconds=seconds)
            on_commit(partial(_wake, row.id, seconds))
        _announce(row)


def _announce(row: ErpDocument) -> None:
    row.version += 1
    on_commit(partial(live.snapshot_changed, row.mark), once=("snapshot", row.mark))


def _wake(document_id: int, seconds: float = 0) -> None:
    enqueue("jobs.sync.fetch_erp_document", document_id, queue="sync", delay_seconds=seconds)


def _locked(document_id: int) -> ErpDocument:
    row = db.session.get(ErpDocument, document_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row
