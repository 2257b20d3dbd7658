"""Instalments from rows that may be broken: each fault names contract, instalment and field."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, money
from app.debts.engine.months import month_of, read_date
from app.debts.engine.statement.contract import USUAL_CODES, Category, Instalment, Receipt
from app.words import N_

Read = TypeVar("Read")
# What people call the fields of a row.
FIELDS = {
    "id": N_("parcela"),
    "due": N_("vencimento"),
    "original": N_("valor original"),
    "kind": N_("tipo"),
    "base": N_("data-base"),
    "index_base": N_("índice da data-base"),
    "index_now": N_("índice do cálculo"),
    "corrected": N_("valor corrigido"),
    "total": N_("saldo atual"),
    "receipts": N_("recebimentos"),
    "day": N_("data do recebimento"),
    "value": N_("valor recebido"),
    "discount": N_("desconto"),
}


def _field(row: Mapping[str, object], name: str, read: Callable[[object], Read]) -> Read | None:
    value = row.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return read(value)
    except DebtFault as fault:
        raise fault.at(field=FIELDS[name]) from None


def _needed(row: Mapping[str, object], name: str, read: Callable[[object], Read]) -> Read:
    found = _field(row, name, read)
    if found is None:
        raise DebtFault(N_("falta este campo"), field=FIELDS[name])
    return found


def _positive(value: object) -> Decimal:
    number = from_number(value)
    if number <= 0:
        raise DebtFault(N_("um número-índice tem de ser positivo"), value=value)
    return number


def _receipts(value: object) -> tuple[Receipt, ...]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise DebtFault(N_("não tem os campos esperados"), value=value)
    return tuple(
        Receipt(
            _needed(one, "day", read_date),
            _field(one, "value", money) or 0,
            _field(one, "discount", money) or 0,
            str(one.get("type") or "Recebimento").strip(),
        )
        for one in value
    )


def _base_month(value: object) -> int:
    return month_of(read_date(value))


def _after(due: date, base: int | None) -> None:
    if base is not None and base > month_of(due):
        raise DebtFault(N_("fica depois do vencimento"), field=FIELDS["base"])


def read_instalment(
    row: Mapping[str, object], contract: str, codes: Mapping[str, Category] = USUAL_CODES
) -> Instalment:
    """An instalment from a row of plain values (text, numbers, ISO dates; see `FIELDS`).

    Also read: `number`, `settled`, `part_received`, `boleto`. Padded text is stripped, an unknown
    kind is an *única*. Raises DebtFault naming contract, instalment and field.
    """
    name = str(row.get("number") or row.get("id") or "").strip()
    try:
        due = _needed(row, "due", read_date)
        base = _field(row, "base", _base_month)
        _after(due, base)
        settled = row.get("settled")
        return Instalment(
            id=_needed(row, "id", str).strip(),
            due=due,
            original=_needed(row, "original", money),
            category=codes.get(str(row.get("kind") or "").strip().upper(), Category.SINGLE),
            number=name,
            base_month=base,
            receipts=_field(row, "receipts", _receipts) or (),
            settled=settled if isinstance(settled, bool) else None,
            part_received=row.get("part_received") is True,
            index_base=_field(row, "index_base", _positive),
            index_now=_field(row, "index_now", _positive),
            erp_corrected=_field(row, "corrected", money),
            erp_total=_field(row, "total", money),
            boleto=row.get("boleto") is True,
        )
    except DebtFault as fault:
        raise fault.at(contract=contract, instalment=name) from None


def read_rows(
    rows: Iterable[object], contract: str, codes: Mapping[str, Category] = USUAL_CODES
) -> tuple[tuple[Instalment, ...], tuple[DebtFault, ...]]:
    """The instalments that can be read, by due date, and a fault for each that cannot.

    The same instalment twice (both buyers hold it) is one.
    """
    found: dict[str, Instalment] = {}
    faults = []
    for position, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            place = f"#{position}"
            faults.append(
                DebtFault(N_("não tem os campos esperados"), contract=contract, instalment=place)
            )
            continue
        try:
            one = read_instalment(row, contract, codes)
        except DebtFault as fault:
            faults.append(fault)
        else:
            found.setdefault(one.id, one)
    return tuple(sorted(found.values(), key=lambda one: (one.due, one.id))), tuple(faults)
