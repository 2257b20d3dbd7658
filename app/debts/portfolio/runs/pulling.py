"""A portfolio pulled from the ERP's bulk addresses: terms of contracts, then windows of due dates.

Nothing is asked twice: each answer becomes a part, kept with the place behind it. A window that the
ERP cannot give is halved. What an instalment was corrected to is the ERP's own figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.debts.engine.charges import LateTerms, applied
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, money
from app.debts.engine.months import month_of, read_date
from app.debts.engine.statement.contract import USUAL_CODES, Category
from app.debts.portfolio.balances import EPOCH
from app.debts.portfolio.columns import UNKNOWN, ppm
from app.debts.portfolio.files.cells import NOTHING, Cells, Terms
from app.debts.portfolio.files.meanings import BY_KEY
from app.debts.portfolio.files.parts import Part, Refused
from app.integrations.base import IntegrationError
from app.integrations.sienge import resources
from app.words import N_

YEARS_BACK, YEARS_AHEAD = 10, 15
WHOLE, LEAST = 366, 16  # days of a window: what is asked first, and what is not halved any more
CONTRACTS, WINDOWS = 1, 2  # the two stages
_SETTLED, _PART = "2", "1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where pulling goes on: the stage, how far in it, and the days of a window."""

    stage: int = CONTRACTS
    at: int = 0
    days: int = WHOLE

    @property
    def ended(self) -> bool:
        """Whether everything was asked for."""
        return self.stage == WINDOWS and self.at >= length()


def length() -> int:
    """Days of all windows together."""
    return (YEARS_BACK + YEARS_AHEAD) * 365


def step(place: Place, day: date, subject: str) -> tuple[Part, list[Refused], Place]:
    """The next answer as a part, and the place behind it. Raises IntegrationError."""
    if place.stage == CONTRACTS:
        return _contracts(place, subject)
    start = day - timedelta(days=YEARS_BACK * 365 - place.at)
    end = start + timedelta(days=min(place.days, length() - place.at) - 1)
    try:
        bills = resources.extract(start, end, day, subject)
    except IntegrationError as error:
        if place.days <= LEAST or (error.status is not None and error.status < 500):
            raise
        return Part(), [], replace(place, days=max(LEAST, place.days // 2))
    part, refused = Part(), list[Refused]()
    for bill in bills:
        _add(bill, part, refused)
    return part, refused, replace(place, at=place.at + (end - start).days + 1)


def _contracts(place: Place, subject: str) -> tuple[Part, list[Refused], Place]:
    rows, more = resources.contracts_page(place.at, subject)
    part, refused = Part(), list[Refused]()
    for row in rows:
        name = str(row.get("receivableBillId") or "")
        if not name or row.get("cancellationDate"):
            continue
        try:
            part.know(name, _terms(row))
        except DebtFault as fault:
            refused.append(Refused.of(fault.at(contract=name), 0))
    if more:
        return part, refused, replace(place, at=place.at + len(rows))
    return part, refused, Place(WINDOWS)


def _terms(row: Mapping[str, Any]) -> Terms:
    """Fine and interest under the ceilings; what is registered by the day is the policy's."""
    fine, interest = row.get("fineRate"), row.get("interestPercentage")
    late = LateTerms(_fraction(fine, "fine") or Decimal(0), _fraction(interest, "interest"))
    capped = applied(late)
    return Terms(
        ppm(capped.fine) if fine is not None else None,
        ppm(capped.interest) if interest is not None else None,
    )


def _fraction(value: object, key: str) -> Decimal | None:
    if value is None:
        return None
    try:
        return from_number(value) / 100
    except DebtFault as fault:
        raise fault.at(field=BY_KEY[key].name) from None


def _add(bill: Mapping[str, Any], part: Part, refused: list[Refused]) -> None:
    name = str(bill.get("billReceivableId") or "").strip()
    if not name or bill.get("revokedBillReceivableDate"):
        return
    for row in _rows(bill.get("installments")):
        try:
            part.add(_cells(name, row))
        except DebtFault as fault:
            refused.append(Refused.of(fault.at(contract=name), 0))


def _cells(name: str, row: Mapping[str, Any]) -> Cells:
    situation = str(row.get("installmentSituation") or "0").strip()
    if situation == _PART:
        words = N_("foi paga em parte: simule este contrato na página dele")
        raise DebtFault(words, field=BY_KEY["settled"].name, value=row.get("installmentNumber"))
    due = _read(row, "dueDate", "due", read_date)
    original = _read(row, "originalValue", "value", money)
    now = row.get("currentBalance")
    corrected = original if now is None else _read(row, "currentBalance", "corrected", money)
    kind = row.get("paymentTerms")
    code = str(kind.get("id") or "" if isinstance(kind, Mapping) else kind or "").strip().upper()
    category = USUAL_CODES.get(code, Category.SINGLE)
    return Cells(
        name,
        (due - EPOCH).days,
        max(original, corrected),
        month_of(due),
        UNKNOWN,
        category == Category.MONTHLY,
        situation == _SETTLED,
        category in (Category.BANK, Category.KEYS),
        NOTHING,
    )


def _read(row: Mapping[str, Any], name: str, key: str, read: Any) -> Any:
    try:
        return read(row.get(name))
    except DebtFault as fault:
        raise fault.at(field=BY_KEY[key].name) from None


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [one for one in rows if isinstance(one, Mapping)]
