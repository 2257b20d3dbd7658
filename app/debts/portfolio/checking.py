"""A portfolio's result held against the scalar engine, contract by contract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.debts.engine.charges import LateTerms
from app.debts.engine.correction import Index, Regime
from app.debts.engine.offer import Ladder, propose
from app.debts.engine.policies import Policy
from app.debts.engine.statement.analysis import analyse
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.contract import Category, Contract, Instalment
from app.debts.portfolio.balances import EPOCH, Balances
from app.debts.portfolio.columns import MILLION, UNKNOWN, Columns
from app.debts.portfolio.debtors import Column
from app.debts.portfolio.sets import Sets

LADDERS = (Ladder.NONE, Ladder.NEGLIGIBLE, Ladder.SMALL, Ladder.NORMAL)


@dataclass(frozen=True)
class Mismatch:
    """A contract (its place) where the two ways differ: what, in columns, and by the engine."""

    contract: int
    what: str
    columns: object
    engine: object


def scalar(columns: Columns, place: int, indexes: Sequence[Index], regime: Regime) -> tuple[
    Contract, list[Instalment]
]:  # fmt: skip
    """One contract of a book in the engine's own types."""
    rows = range(int(columns.starts[place]), int(columns.ends[place]))
    found = int(columns.index[rows[0]])
    contract = Contract(
        str(place),
        late=LateTerms(
            Decimal(int(columns.fine[place])) / MILLION,
            Decimal(int(columns.interest[place])) / MILLION,
            consumer=False,  # the columns are under the ceilings already
        ),
        index=None if found < 0 else indexes[found],
        regime=Regime(regime.lag, bool(columns.yearly[place]), regime.floor),
        broken_agreements=int(columns.broken[place]),
    )
    return contract, [
        Instalment(
            str(row),
            EPOCH + timedelta(days=int(columns.due[row])),
            int(columns.value[row]),
            Category.MONTHLY if columns.monthly[row] else Category.BALLOON,
            base_month=int(columns.base[row]),
        )
        for row in rows
    ]


def recheck(
    columns: Columns,
    found: Balances,
    sets: Sets,
    policy: Policy,
    day: date,
    indexes: Sequence[Index],
    regime: Regime,
    places: Iterable[int],
) -> list[Mismatch]:
    """Compute some contracts again with the scalar engine; empty when all are identical."""
    differ = []
    for place in places:
        contract, instalments = scalar(columns, place, indexes, regime)
        income = int(columns.income[place])
        statement = analyse(contract, instalments, day)
        debt = debt_from(statement, income=None if income == UNKNOWN else income)
        offer = propose(debt, policy)
        pairs: list[tuple[str, object, object]] = [
            ("principal", int(found.principal[place]), debt.principal),
            ("multa", int(found.fine[place]), debt.fine),
            ("juros", int(found.interest[place]), debt.interest),
            ("escada", LADDERS[int(sets.ladder[place])], offer.ladder),
        ]
        if debt.total:  # of the others nobody asks
            monthly = _known(debt.current_instalment)
            pairs.append(("meses", int(found.months_remaining[place]), debt.months_remaining))
            pairs.append(("mensal", int(found.current[place]), monthly))
        for letter, column in (("A", sets.a), ("B", sets.b), ("C", sets.c)):
            one = offer.of(letter)
            whole = one and (
                one.entry, len(one.lines), one.first or 0, one.last or 0, one.total,
                one.above_capacity,
            )  # fmt: skip
            pairs.append((letter, _row(column, place), whole))
        differ += [
            Mismatch(place, what, ours, theirs) for what, ours, theirs in pairs if ours != theirs
        ]
    return differ


def _known(cents: int | None) -> int:
    return UNKNOWN if cents is None else cents


def _row(column: Column, place: int) -> tuple[int, int, int, int, int, bool] | None:
    if not column.there[place]:
        return None
    return (
        int(column.entry[place]),
        int(column.count[place]),
        int(column.first[place]),
        int(column.last[place]),
        int(column.total[place]),
        bool(column.above[place]),
    )
