"""One instalment on a day: open, corrected, with its charges, and why the ERP may differ."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.debts.engine.calendar import NATIONAL, BankCalendar
from app.debts.engine.charges import AppliedTerms, Source, delay, legal_interest
from app.debts.engine.correction import ONE, Factor, corrected, factor_between, index_ratio
from app.debts.engine.faults import DebtFault
from app.debts.engine.months import month_of, month_text, months_and_days
from app.debts.engine.payments import Open, Payment, open_on
from app.debts.engine.statement.contract import Category, Contract, Instalment
from app.debts.engine.warnings import Warned
from app.words import N_

SOON = 30  # days
RESIDUE_MOST = 50_00
LEGAL_SINCE = date(2024, 8, 30)  # Lei 14.905/2024


class Status(StrEnum):
    """Where an instalment stands."""

    PAID = "paga"
    CLOSED = "baixada"
    OVERDUE = "vencida"
    SOON = "a_vencer_30"
    FUTURE = "a_vencer"


STATUS_NAMES = {
    Status.PAID: N_("Paga"),
    Status.CLOSED: N_("Baixada sem pagamento"),
    Status.OVERDUE: N_("Vencida"),
    Status.SOON: N_("Vence em até 30 dias"),
    Status.FUTURE: N_("A vencer"),
}


class Cause(StrEnum):
    """Why the ERP's figure may differ from ours."""

    DAY_COUNT = "contagem_de_dias"
    CAP = "teto_legal"
    COMPOUND = "juros_compostos"
    FLOOR = "piso_nominal"
    PROVISIONAL = "indice_provisorio"
    PART_PAID = "pagamento_parcial"
    PRO_RATA = "indice_por_dia"
    OTHER = "sem_explicacao"


CAUSE_NAMES = {
    Cause.DAY_COUNT: N_("contagem dos dias de atraso"),
    Cause.CAP: N_("teto legal de multa ou juros"),
    Cause.COMPOUND: N_("juros de mora compostos no cadastro"),
    Cause.FLOOR: N_("valor nominal mantido apesar do índice negativo"),
    Cause.PROVISIONAL: N_("índice ainda não publicado"),
    Cause.PART_PAID: N_("ordem dos pagamentos parciais"),
    Cause.PRO_RATA: N_("índice por dia no cadastro"),
    Cause.OTHER: N_("sem explicação: confira o cadastro"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An instalment on a day, in cents; `days` late since its due date, whatever was paid since."""

    instalment: Instalment
    status: Status
    open: Open
    terms: AppliedTerms
    factor: Factor
    fine: int
    interest: int
    days: int
    residue: bool
    warnings: tuple[Warned, ...]
    causes: tuple[Cause, ...]

    @property
    def principal(self) -> int:
        """The corrected open principal."""
        return self.open.principal

    @property
    def total(self) -> int:
        """Principal and charges."""
        return self.open.principal + self.fine + self.interest

    @property
    def correction(self) -> int:
        """What the index added to the part of the nominal value that is open."""
        return self.open.principal - self.open.nominal

    @property
    def paid(self) -> int:
        """Money received."""
        return sum(one.value for one in self.instalment.receipts if one.cash)

    @property
    def part_paid(self) -> bool:
        """Whether something came and something is open."""
        return bool(self.open.imputed or self.instalment.part_received) and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether anything is owed, now or later."""
        return self.status not in (Status.PAID, Status.CLOSED)

    @property
    def erp_difference(self) -> int:
        """Our total less the ERP's, in cents; 0 where it tells none."""
        told = self.instalment.erp_total
        return 0 if told is None or not self.is_open else self.total - told


class _Growth:
    """Correction of one instalment, remembering the factor that it used last and in all."""

    def __init__(self, contract: Contract, one: Instalment, until: date | None) -> None:
        self._contract = contract
        self._one = one
        self._until = until
        self.factor = ONE

    def __call__(self, value: int, nominal: int, since: date | None, until: date) -> int:
        regime = self._contract.correction
        found = self._factor(since, min(until, self._until) if self._until else until)
        if since is None:
            self.factor = found
        return corrected(value, found, regime.floor, nominal)

    def _factor(self, since: date | None, until: date) -> Factor:
        one, index = self._one, self._contract.index
        if one.index_base is not None and one.index_now is not None:
            return ONE if since else Factor(index_ratio(one.index_base, one.index_now))
        base = one.base_month
        if base is None and self._contract.signed is not None:
            base = month_of(self._contract.signed)
        if index is None or base is None:
            return self._told(since)
        start = base if since is None else month_of(since)
        return factor_between(index, self._contract.correction, base, start, month_of(until))

    def _told(self, since: date | None) -> Factor:
        """What the ERP itself corrected to, when that is all there is."""
        one = self._one
        if since is not None or one.erp_corrected is None or not one.original or one.receipts:
            return ONE
        return Factor(index_ratio(Decimal(one.original), Decimal(max(1, one.erp_corrected))))


def line(
    contract: Contract,
    one: Instalment,
    day: date,
    terms: AppliedTerms,
    calendar: BankCalendar = NATIONAL,
) -> Line:
    """An instalment on a day. Raises DebtFault (with its place) for what cannot be computed."""
    try:
        return _line(contract, one, day, terms, calendar)
    except DebtFault as fault:
        raise fault.at(contract=contract.id, instalment=one.number or one.id) from None


def _line(
    contract: Contract, one: Instalment, day: date, terms: AppliedTerms, calendar: BankCalendar
) -> Line:
    selic = terms.source != Source.CONTRACT and one.due < LEGAL_SINCE
    grow = _Growth(contract, one, one.due if selic else None)  # Selic holds correction already
    cash = [r for r in one.receipts if r.cash]
    payments = [Payment(r.day, r.value + r.discount) for r in cash]
    closed = _closed(one)
    if closed is not None:
        nothing = open_on(day, 0, one.due, (), terms, calendar=calendar)
        return Line(one, closed, nothing, terms, ONE, 0, 0, 0, False, (), ())
    found = _open(one, day, payments, terms, calendar, grow)
    interest = found.interest + _legal(contract, one, found, terms, day)
    late = delay(one.due, day, terms.counting, terms.start, calendar).days
    status = _status(found, interest, late, (one.due - day).days)
    warnings = _warnings(contract, one, found, grow.factor, late)
    residue = status not in (Status.PAID, Status.CLOSED) and _is_residue(one, found)
    made = Line(
        one, status, found, terms, grow.factor, found.fine, interest, late, residue, warnings, ()
    )
    if abs(made.erp_difference) <= 1:
        return made
    causes = _causes(contract, made, calendar)
    return replace(made, warnings=(*warnings, Warned.ERP_DIFFERS), causes=causes)


def _closed(one: Instalment) -> Status | None:
    """What the ERP calls settled: paid with money, or closed without."""
    if one.settled is not True:
        return None
    without = any(not receipt.cash for receipt in one.receipts)
    return Status.CLOSED if without else Status.PAID


def _open(
    one: Instalment,
    day: date,
    payments: list[Payment],
    terms: AppliedTerms,
    calendar: BankCalendar,
    grow: _Growth,
) -> Open:
    if one.part_received and not payments:
        # Counting from the due date would charge twice: the ERP's rest, without charges.
        rest = one.erp_corrected if one.erp_corrected is not None else one.original
        plain = AppliedTerms(Decimal(0), Decimal(0), counting=terms.counting, start=terms.start)
        return open_on(day, rest, one.due, (), plain, calendar=calendar)
    return open_on(day, one.original, one.due, payments, terms, calendar=calendar, grow=grow)


def _legal(contract: Contract, one: Instalment, found: Open, terms: AppliedTerms, day: date) -> int:
    """Interest at the legal rate for whole months, where the contract agreed on none (§2.2)."""
    if terms.source == Source.CONTRACT or not found.delay.days or contract.legal_rates is None:
        return 0
    start = max([one.due, *(i.payment.day for i in found.imputed)])
    months = months_and_days(start, day)[0]
    rates = []
    for month in range(month_of(start) + 1, month_of(start) + months + 1):
        before = month <= month_of(LEGAL_SINCE)
        rates.append(_rate(contract.selic_rates if before else contract.legal_rates, month))
    return legal_interest(found.principal, rates)[1]


def _rate(rates: Mapping[int, Decimal] | None, month: int) -> Decimal:
    if rates is None or month not in rates:
        raise DebtFault(N_("falta a taxa legal de %(month)s"), month=month_text(month))
    return rates[month]


def _status(found: Open, interest: int, late: int, left: int) -> Status:
    """From what is owed, the days of delay and the days until it is due."""
    if found.principal + found.fine + interest == 0:
        return Status.PAID
    if late:
        return Status.OVERDUE
    return Status.SOON if left <= SOON else Status.FUTURE


def _is_residue(one: Instalment, found: Open) -> bool:
    if one.category == Category.RESIDUE:
        return True
    return found.principal < RESIDUE_MOST and found.principal * 20 < one.original


def _warnings(
    contract: Contract, one: Instalment, found: Open, factor: Factor, late: int
) -> tuple[Warned, ...]:
    floor = contract.correction.floor and factor.value < 1
    codes = (
        (Warned.PROVISIONAL, factor.provisional),
        (Warned.DEFLATION, bool(factor.negative)),
        (Warned.FLOOR, floor),
        (Warned.NEEDS_HISTORY, one.part_received and not found.imputed),
        (Warned.OVERPAID, found.change > 0),
        (Warned.BOLETO_ISSUED, one.boleto and late > 0),
    )
    return tuple(code for code, holds in codes if holds)


def _causes(contract: Contract, made: Line, calendar: BankCalendar) -> tuple[Cause, ...]:
    one, terms = made.instalment, made.terms
    shifted = calendar.payable_until(one.due) != one.due
    capped = {Warned.FINE_CAPPED, Warned.INTEREST_CAPPED} & set(terms.warnings)
    late = made.open.delay.days > 0
    known = (
        (Cause.CAP, bool(capped) and late),
        (Cause.COMPOUND, Warned.COMPOUND in terms.warnings and late),
        (Cause.FLOOR, Warned.FLOOR in made.warnings),
        (Cause.PROVISIONAL, Warned.PROVISIONAL in made.warnings),
        (Cause.PART_PAID, bool(made.open.imputed)),
        (Cause.PRO_RATA, contract.pro_rata),
        (Cause.DAY_COUNT, shifted or late),
    )
    found = tuple(cause for cause, holds in known if holds)
    return found or (Cause.OTHER,)
