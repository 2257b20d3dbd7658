"""A title's terms, blocks and creditor, from what the ERP's answers say of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.debts.engine.charges import LateTerms
from app.debts.engine.correction import MONTHLY_TERM, IndexNumbers, Regime
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, money
from app.debts.engine.months import month_of, read_date
from app.debts.engine.settlement import Discounting
from app.debts.engine.statement.contract import Block, Contract, Instalment
from app.debts.lookups import marks
from app.debts.lookups.told import Told
from app.words import N_

Read = TypeVar("Read")
_CANCELLED = {"3", "cancelado", "cancelada"}
_NO_INDEX = ("real", "sem corre")  # how tenants name the lack of one
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who is owed: the company of the project."""

    name: str
    cnpj: str
    address: str


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """What stops proposals, and where the ERP says so (a marked text and its own words)."""

    block: Block
    where: str
    words: str = ""


def number_of(told: Told) -> str:
    """How people call the contract, else its title."""
    return str(
        told.contract.get("number")
        or told.bill.get("documentNumber")
        or told.statement.get("documentId")
        or told.bill_id
    )


def creditor(told: Told) -> Creditor:
    """The company of the project, as the ERP registers it."""
    project = told.enterprise
    return Creditor(
        str(project.get("companyName") or told.contract.get("companyName") or ""),
        "".join(one for one in str(project.get("cnpj") or "") if one.isalnum()),
        str(project.get("adress") or ""),
    )


def blocks(told: Told) -> tuple[FoundBlock, ...]:
    """Everything that stops proposals, each once."""
    found: dict[Block, FoundBlock] = {}
    for one in _blocks(told):
        found.setdefault(one.block, one)
    return tuple(found.values())


def _blocks(told: Told) -> Iterator[FoundBlock]:
    if told.statement.get("subJudice") is True or told.bill.get("subjudice") is True:
        yield FoundBlock(Block.LITIGATION, N_("marcado no título"))
    situation = str(told.contract.get("situation") or "").casefold()
    if told.contract.get("cancellationDate") or situation in _CANCELLED:
        reason = str(told.contract.get("cancellationReason") or "")
        yield FoundBlock(Block.CANCELLED, N_("situação do contrato"), reason)
    note = str(told.bill.get("note") or "")
    for block in marks.blocks_in(note):
        yield FoundBlock(block, N_("observação do título"), note)
    for condition in _conditions(told):
        bearer = str(condition.get("bearerName") or "")
        if Block.RECEIVABLE_ASSIGNED in marks.blocks_in(bearer):
            yield FoundBlock(Block.RECEIVABLE_ASSIGNED, N_("portador das parcelas"), bearer)


def contract_of(
    told: Told,
    instalments: Sequence[Instalment],
    found: Sequence[FoundBlock],
) -> tuple[Contract, tuple[DebtFault, ...]]:
    """The contract's terms, and a fault for each that cannot be read."""
    reader = _Reader(told.contract, number_of(told))
    signed = reader.read("contractDate", N_("data do contrato"), read_date)
    term = _term(signed, instalments)
    corrected = str(told.contract.get("correctionType") or "").upper()
    yearly = corrected == "A" or (term is not None and term < MONTHLY_TERM)
    rate, regime = _plan(told, reader)
    made = Contract(
        reader.contract,
        creditor(told).cnpj,
        reader.read("value", N_("valor do contrato"), money),
        signed,
        term,
        _late(told, reader),
        _index(told),
        Regime(yearly=yearly),
        plan_rate=rate,
        plan_regime=regime,
        blocks=frozenset(one.block for one in found),
        fiduciary=_fiduciary(told),
        pro_rata=bool(told.contract.get("proRataIndexer")),
    )
    return made, tuple(reader.faults)


class _Reader:
    """Reads fields of a row; what cannot be read is kept as a fault, and is not told."""

    def __init__(self, row: Mapping[str, object], contract: str) -> None:
        self.row, self.contract = row, contract
        self.faults: list[DebtFault] = []

    def read(self, name: str, title: str, how: Callable[[object], Read]) -> Read | None:
        value = self.row.get(name)
        return self.value(value, title, how)

    def value(self, value: object, title: str, how: Callable[[object], Read]) -> Read | None:
        if value is None or value == "":
            return None
        try:
            return how(value)
        except DebtFault as fault:
            self.faults.append(fault.at(contract=self.contract, field=title))
            return None


def _late(told: Told, reader: _Reader) -> LateTerms:
    fine = reader.read("fineRate", N_("multa"), _percent)
    interest = reader.read("interestPercentage", N_("juros de mora"), _percent)
    if fine is None:
        fine = reader.value(told.statement.get("finePercent"), N_("multa"), _percent)
    if interest is None:
        interest = reader.value(
            told.statement.get("interestPercent"), N_("juros de mora"), _percent
        )
    daily = None
    if str(reader.row.get("lateInterestCalculationType") or "").upper() == "D":
        daily = reader.read("dailyLateInterestValue", N_("mora diária"), _amount) or None
    return LateTerms(
        fine if fine is not None else Decimal(0),
        None if daily is not None else interest,
        daily,
        compound=str(reader.row.get("interestType") or "").upper() == "C",
    )


def _plan(told: Told, reader: _Reader) -> tuple[Decimal, Discounting]:
    """The interest inside the instalments: that of the condition with most of them."""
    best, kind, most = Decimal(0), "N", -1
    for one in _conditions(told):
        many = one.get("installmentsNumber")
        many = many if isinstance(many, int) else 0
        rate = reader.value(one.get("interestPercentage"), N_("juros do plano"), _percent)
        if rate and many > most and str(one.get("interestType") or "N").upper() != "N":
            best, kind, most = rate, str(one["interestType"]).upper(), many
    return best, Discounting.SIMPLE if kind in {"S", "A"} else Discounting.COMPOUND


def _index(told: Told) -> IndexNumbers | None:
    """The index by name only: its numbers stand in each instalment."""
    names = [str(one.get("indexerName") or "") for one in _conditions(told)]
    for group in ("dueInstallments", "payableInstallments", "paidInstallments"):
        rows = told.balance.get(group) or []
        names += [str(one.get("indexerName") or "") for one in rows if isinstance(one, Mapping)]
    named = [one for one in names if one and not one.casefold().startswith(_NO_INDEX)]
    return IndexNumbers(max(named, key=named.count), {}) if named else None


def _fiduciary(told: Told) -> bool:
    clause = str(told.contract.get("specialClause") or "")
    return told.contract.get("saleType") == "A" or marks.is_fiduciary(clause)


def _conditions(told: Told) -> list[Mapping[str, object]]:
    rows = told.contract.get("paymentConditions") or []
    rows = rows if isinstance(rows, list) else [rows]
    return [one for one in rows if isinstance(one, Mapping)]


def _term(signed: date | None, instalments: Sequence[Instalment]) -> int | None:
    last = max((one.due for one in instalments), default=None)
    return month_of(last) - month_of(signed) if signed and last else None


def _percent(value: object) -> Decimal:
    number = from_number(value)
    if not 0 <= number <= _HUNDRED:
        raise DebtFault(N_("não é uma porcentagem de 0 a 100"), value=value)
    return number / _HUNDRED


def _amount(value: object) -> Decimal:
    number = from_number(value)
    if number < 0:
        raise DebtFault(N_("não pode ser negativo"), value=value)
    return number
