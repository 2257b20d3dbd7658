"""What the ERP tells us by webhook: ids only, so what they are about is read again by a worker."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.contacts import ids
from app.debts.lookups import directory, service
from app.debts.lookups.models import Snapshot
from app.extensions import db
from app.integrations.base import IntegrationError
from app.integrations.sienge import client, resources

SUBJECT = "debts:event"


def heard(payload: Mapping[str, Any]) -> int:
    """Read again whoever an event is about, of those that somebody looked up before; how many.

    Raises IntegrationError where the ERP cannot be asked now.
    """
    documents = {*_of_customer(payload), *_of_bills(payload), *_of_contract(payload)}
    known = select(Snapshot.document).where(Snapshot.document.in_(documents)).distinct()
    wanted = list(db.session.scalars(known))
    for document in wanted:
        service.look_up(document, actor=None, refresh=True)
    return len(wanted)


def _of_customer(payload: Mapping[str, Any]) -> set[str]:
    number = _whole(payload.get("customerId"))
    if number is None:
        return set()
    row = _told(resources.CUSTOMER, number)
    if row is None:
        return set()
    directory.keep_customers([row])
    text = str(row.get("cpf") or row.get("cnpj") or "")
    return {one for one in (ids.cpf(text), ids.cnpj(text)) if one}


def _of_contract(payload: Mapping[str, Any]) -> set[str]:
    number = _whole(payload.get("salesContractId"))
    row = _told(resources.CONTRACT, number) if number is not None else None
    if row is None:
        return set()
    directory.keep_contracts([row])
    bill = _whole(row.get("receivableBillId"))
    return set(directory.holders_of_bill(bill)) if bill is not None else set()


def _of_bills(payload: Mapping[str, Any]) -> set[str]:
    """The titles that an event names, under any of the names that it has."""
    found: set[str] = set()
    for name in ("receivableBillId", "billReceivableId", "billId", "titleNumber"):
        value = payload.get(name)
        for one in value if isinstance(value, list) else [value]:
            number = _whole(one)
            if number is not None:
                found |= {*directory.holders_of_bill(number), *_of_snapshots(number)}
    return found


def _of_snapshots(bill_id: int) -> list[str]:
    """Whose last look-ups hold a title, where the copy of the directory does not know it yet."""
    held = Snapshot.content["contracts"].contains([{"receivableBillId": bill_id}])
    recent = select(Snapshot.document).where(Snapshot.state == "fresh", held)
    return list(db.session.scalars(recent.order_by(Snapshot.id.desc()).limit(20)))


def _told(resource: client.Resource, number: int) -> dict[str, Any] | None:
    try:
        row = client.get(resource, SUBJECT, number=number)
    except IntegrationError as error:
        if error.status == 404:
            return None  # removed, or not there yet
        raise
    return row if isinstance(row, dict) else None


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) < 19 else None
