"""From a statement to the debt that is renegotiated: which instalments, under which limits."""

from collections.abc import Collection
from datetime import date

from app.debts.engine.charges import applied
from app.debts.engine.debt import Debt, DebtLine, debt_of
from app.debts.engine.faults import DebtFault
from app.debts.engine.statement.analysis import Statement
from app.debts.engine.statement.contract import Category
from app.debts.engine.statement.lines import Line, Status
from app.words import N_


def choosable(statement: Statement) -> tuple[Line, ...]:
    """What may enter a renegotiation at all: open, and not the bank's money."""
    return tuple(
        one for one in statement.lines if one.is_open and one.instalment.category != Category.BANK
    )


def usual(statement: Statement) -> tuple[Line, ...]:
    """What enters unless somebody says otherwise: overdue, keys left to a manager."""
    return tuple(
        one
        for one in choosable(statement)
        if one.status == Status.OVERDUE and one.instalment.category != Category.KEYS
    )


def debt_from(
    statement: Statement,
    chosen: Collection[str] | None = None,
    income: int | None = None,
    today: date | None = None,
) -> Debt:
    """The debt of the chosen instalments (ids), or of the usual ones; `income` in cents a month.

    Raises DebtFault for an instalment that may not enter, and for a day that has passed.
    """
    if today is not None and statement.day < today:
        raise DebtFault(
            N_("uma simulação no passado é só para leitura"), contract=statement.contract.id
        )
    lines = usual(statement) if chosen is None else _chosen(statement, chosen)
    terms = applied(statement.contract.late)
    return debt_of(
        [_line(statement, one) for one in lines],
        broken_agreements=statement.broken_agreements,
        earlier_agreements=statement.earlier_agreements,
        months_remaining=statement.months_remaining,
        future_monthlies=len(statement.future_monthlies),
        current_instalment=statement.current_monthly,
        income=income,
        future_due=tuple(one.instalment.due for one in statement.future_monthlies),
        contract_rate=terms.interest or None,
    )


def _chosen(statement: Statement, chosen: Collection[str]) -> list[Line]:
    may = {one.instalment.id: one for one in choosable(statement)}
    for wanted in chosen:
        if wanted not in may:
            raise DebtFault(
                N_("esta parcela não pode entrar no acordo"),
                contract=statement.contract.id,
                instalment=wanted,
            )
    return [one for key, one in may.items() if key in set(chosen)]


def _line(statement: Statement, one: Line) -> DebtLine:
    return DebtLine(
        one.principal,
        one.fine,
        one.interest,
        instalment=one.instalment.number or one.instalment.id,
        contract=statement.contract.id,
        creditor=statement.contract.creditor,
        due=one.instalment.due,
        days=one.days,
        future=one.status != Status.OVERDUE,
        keys=one.instalment.category == Category.KEYS,
    )
