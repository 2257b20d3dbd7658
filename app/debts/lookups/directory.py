"""The copy of the ERP's customers and contracts that searches run on, kept up by a worker."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.contacts import ids
from app.debts.lookups import live
from app.debts.lookups.models import ErpContract, ErpCustomer, ErpLink
from app.extensions import db
from app.integrations.base import IntegrationError
from app.integrations.sienge import client, resources
from app.transactions import atomic, on_commit

SUBJECT = "debts:directory"
EVERY = timedelta(hours=24)
AFTER_FAILURE = timedelta(minutes=30)
LEASE = timedelta(hours=2)
# The ERP is said to rest at night: nothing is copied then.
REST_FROM, REST_UNTIL = 21, 4
BATCH = 500
_CANCELLED = {"3", "cancelado", "cancelada"}


def keep_up() -> None:
    """Copy what changed since yesterday, or everything the first time, once a day."""
    since = _begin()
    if since is None:
        return
    started = clock.now()
    query = {} if since == _NEVER else {"modifiedAfter": f"{since - timedelta(days=1):%Y-%m-%d}"}
    try:
        for rows in _batches(client.pages(resources.CUSTOMERS, SUBJECT, query)):
            keep_customers(rows)
        for rows in _batches(client.pages(resources.CONTRACTS, SUBJECT, query)):
            keep_contracts(rows)
    except IntegrationError as error:
        _end(None, error.message)
    else:
        _end(started, None)


def keep_customers(rows: Iterable[Any]) -> None:
    """Write customers as the ERP told them."""
    now = clock.now()
    values = [
        {"id": int(one["id"]), "name": str(one.get("name") or ""), "document": _document(one),
         "phones": sorted(set(_tails(one))), "seen_at": now}
        for one in rows
        if isinstance(one, dict) and one.get("id")
    ]  # fmt: skip
    _upsert(ErpCustomer, values)


def keep_contracts(rows: Iterable[Any]) -> None:
    """Write contracts as the ERP told them."""
    now = clock.now()
    values = [
        {"id": int(one["id"]), "bill_id": one.get("receivableBillId"),
         "number": str(one.get("number") or ""), "project": str(one.get("enterpriseName") or ""),
         "unit": _names(one.get("salesContractUnits")), "customer_ids": _holders(one),
         "is_cancelled": str(one.get("situation") or "").casefold() in _CANCELLED, "seen_at": now}
        for one in rows
        if isinstance(one, dict) and one.get("id")
    ]  # fmt: skip
    _upsert(ErpContract, values)


def holders_of_bill(bill_id: int) -> list[str]:
    """The documents of whoever holds a title, as far as the copy knows."""
    holders = select(func.unnest(ErpContract.customer_ids)).where(ErpContract.bill_id == bill_id)
    query = select(ErpCustomer.document).where(ErpCustomer.id.in_(holders))
    return sorted({one for one in db.session.scalars(query) if one})


def link() -> ErpLink:
    """How things stand with the ERP; a row that is not there yet is as if nothing had happened."""
    return db.session.get(ErpLink, 1) or ErpLink(id=1, version=0)


def locked_link() -> ErpLink:
    """The row, made if need be, locked."""
    db.session.execute(insert(ErpLink).values(id=1).on_conflict_do_nothing())
    return db.session.get_one(ErpLink, 1, with_for_update=True, populate_existing=True)


_NEVER = datetime.fromtimestamp(0, clock.COMPANY_ZONE)


def _begin() -> datetime | None:
    """Since when to copy; None when it is not yet time, or somebody does."""
    now = clock.now()
    hour = now.astimezone(clock.COMPANY_ZONE).hour
    if not client.is_configured():
        return None
    known = link()
    first = known.synced_at is None
    if not first and (hour >= REST_FROM or hour < REST_UNTIL):
        return None
    if known.sync_lease_until and known.sync_lease_until > now:
        return None
    if known.synced_at and now - known.synced_at < EVERY:
        return None
    with atomic():
        row = locked_link()
        if row.sync_lease_until and row.sync_lease_until > now:
            return None
        row.sync_lease_until = now + LEASE
        return row.synced_at or _NEVER


def _end(done_at: datetime | None, error: str | None) -> None:
    with atomic():
        row = locked_link()
        row.sync_error = error
        if done_at is not None:
            row.synced_at, row.sync_lease_until = done_at, None
        else:
            row.sync_lease_until = clock.now() + AFTER_FAILURE
        row.version += 1
        on_commit(live.link_changed, once="erp link")


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _upsert(model: type[ErpCustomer] | type[ErpContract], values: list[dict[str, Any]]) -> None:
    if not values:
        return
    by_id = {one["id"]: one for one in values}
    new = insert(model)
    changed = {name: new.excluded[name] for name in values[0] if name != "id"}
    with atomic():
        db.session.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=changed), list(by_id.values())
        )


def _document(row: dict[str, Any]) -> str:
    text = str(row.get("cpf") or row.get("cnpj") or "")
    return ids.cpf(text) or ids.cnpj(text) or ""


def _tails(row: dict[str, Any]) -> Iterator[str]:
    for one in row.get("phones") or []:
        digits = "".join(c for c in str(one.get("number") or "") if c.isdecimal() and c.isascii())
        if len(digits) >= 8:
            yield digits[-8:]
            yield digits[-4:]


def _names(units: object) -> str:
    rows = units if isinstance(units, list) else []
    return " · ".join(str(one.get("name") or "") for one in rows if isinstance(one, dict))


def _holders(row: dict[str, Any]) -> list[int]:
    rows = row.get("salesContractCustomers")
    rows = rows if isinstance(rows, list) else []
    return [int(one["id"]) for one in rows if isinstance(one, dict) and one.get("id")]
