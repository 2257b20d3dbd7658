"""One title, gathered from all that a snapshot says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
_BOLETO = ("generatedBoleto", "generatedBillet", "generatedTicket")  # one flag, three spellings
_OPEN_LISTS, _PAID_LIST = ("dueInstallments", "payableInstallments"), "paidInstallments"


@dataclass(frozen=True, slots=True)
class Told:
    """What each of the ERP's answers says of one title; empty where it says nothing."""

    bill_id: int
    contract: Row
    balance: Row
    statement: Row
    bill: Row
    enterprise: Row


def titles(content: Row) -> list[Told]:
    """Every title of a snapshot once, however many buyers or records brought it."""
    contracts = _by_bill(content.get("contracts"), "receivableBillId")
    balances = _by_bill(content.get("balance"), "billReceivableId")
    statements = _by_bill(content.get("statement"), "billReceivableId")
    bills = _by_bill(content.get("bills"), "receivableBillId")
    enterprises = content.get("enterprises") or {}
    found = []
    for number in sorted({*contracts, *balances, *statements, *bills}):
        contract, statement = contracts.get(number, {}), statements.get(number, {})
        project = contract.get("enterpriseId") or statement.get("costCenterId")
        found.append(
            Told(
                number,
                contract,
                balances.get(number, {}),
                statement,
                bills.get(number, {}),
                enterprises.get(str(project)) or {},
            )
        )
    return found


def instalment_rows(told: Told) -> list[object]:
    """The title's instalments as `engine.statement.rows` reads them; what is no row stays so.

    Of one that is both open and in the list of paid ones (part-paid), the open one counts.
    """
    receipts = _receipts(told.statement)
    rows: dict[str, object] = {}
    broken: list[object] = []
    paid = {_key(one) for one in _list(told.balance, _PAID_LIST)}
    for name in _OPEN_LISTS:
        for one in _list(told.balance, name):
            _put(rows, broken, one, _row(one, receipts, None, _key(one) in paid))
    for one in _list(told.balance, _PAID_LIST):
        _put(rows, broken, one, _row(one, receipts, _nothing(one.get("currentBalance")), False))
    for one in _list(told.statement, "installments"):
        settled = _nothing(one.get("currentBalance"))
        _put(rows, broken, one, _row(one, receipts, settled or None, False))
    return [*rows.values(), *broken]


def _put(rows: dict[str, object], broken: list[object], one: Row, row: object) -> None:
    key = _key(one)
    if not key:
        broken.append(row)
    elif key not in rows:
        rows[key] = row


def _row(one: Row, receipts: Mapping[str, list[object]], settled: bool | None, part: bool) -> Row:
    own = receipts.get(_key(one)) or [_receipt(r) for r in one.get("receipts") or []]
    base, now = (None, None) if settled else _index(one)
    return {
        "id": _key(one) or None,
        "number": one.get("installmentNumber"),
        "due": one.get("dueDate"),
        "original": one.get("originalValue"),
        "kind": one.get("conditionType"),
        "base": one.get("baseDateOfCorrection"),
        "index_base": base,
        "index_now": now,
        "corrected": one.get("adjustedValue"),
        "total": one.get("currentBalance"),
        "receipts": own,
        "settled": settled or None,
        "part_received": part and not own,
        "boleto": any(one.get(name) is True for name in _BOLETO),
    }


def _index(one: Row) -> tuple[object, object]:
    """Two index numbers whose ratio corrects: the ERP's, or from the value to its corrected one."""
    base, now = one.get("indexerValueBaseDate"), one.get("indexerValueCalculationDate")
    if not _nothing(base) and not _nothing(now):
        return base, now
    original, adjusted = one.get("originalValue"), one.get("adjustedValue")
    if not _nothing(original) and not _nothing(adjusted) and not one.get("receipts"):
        return original, adjusted
    return (1, 1) if "indexerName" in one and not one["indexerName"] else (None, None)


def _receipts(statement: Row) -> dict[str, list[object]]:
    """Receipts by instalment, of what kind each is included, as only the statement says it."""
    return {
        _key(one): [_receipt(r) for r in one.get("receipts") or []]
        for one in _list(statement, "installments")
    }


def _receipt(one: object) -> object:
    if not isinstance(one, Mapping):
        return one
    net = one.get("netReceiptValue", one.get("receiptNetValue"))
    return {
        "day": one.get("receiptDate") or one.get("calculationDate"),
        "value": one.get("receiptValue") if net is None else net,
        "discount": one.get("discountValue"),
        "type": one.get("receiptType") or one.get("type"),
    }


def _by_bill(rows: object, name: str) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for one in rows if isinstance(rows, list) else ():
        number = one.get(name) if isinstance(one, Mapping) else None
        if isinstance(number, int) and not isinstance(number, bool):
            found.setdefault(number, one)
    return found


def _list(row: Row, name: str) -> Iterable[Row]:
    value = row.get(name)
    for one in value if isinstance(value, list) else ():
        yield one if isinstance(one, Mapping) else {"dueDate": one}


def _key(one: Row) -> str:
    value = one.get("installmentId")
    return "" if value is None else str(value).strip()


def _nothing(value: object) -> bool:
    """Whether an amount is none or zero, as texts and numbers write it."""
    return value is None or not str(value).strip("0. -")
