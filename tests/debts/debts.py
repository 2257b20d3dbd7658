"""Debts for tests: random ones, and those that a sentence describes."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from app.debts.engine.charges import AppliedTerms
from app.debts.engine.debt import Debt, debt_of, overdue_line
from app.debts.engine.policies import GUICHE, Policy, written_policy

TERMS = AppliedTerms(GUICHE.multa, GUICHE.mora_mes)


def owing(*principal_and_days: tuple[int, int], **known: Any) -> Debt:
    """A debt of (cents, days late)."""
    return debt_of(
        [overdue_line(cents, days, TERMS) for cents, days in principal_and_days], **known
    )


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    """From cents to a million reais, with everything that may or may not be known."""
    most = draw(st.sampled_from([100, 20_000, 300_000, 5_000_000, 100_000_000]))
    lines = draw(
        st.lists(st.tuples(st.integers(1, most), st.integers(1, 2000)), min_size=1, max_size=6)
    )
    return owing(
        *lines,
        broken_agreements=draw(st.integers(0, 4)),
        months_remaining=draw(st.integers(0, 120)),
        future_monthlies=draw(st.sampled_from([0, 1, 2, 40])),
        current_instalment=draw(st.none() | st.integers(10_000, 500_000)),
        income=draw(st.none() | st.integers(0, 2_000_000)),
    )


def in_fractions(policy: Policy) -> dict[str, Any]:
    """A policy for the reference: money and rates as Fractions of reais."""

    def read(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: read(key, one) for key, one in value.items()}
        words = ("metodo", "modo", "name", "version", "juros_sobre")
        return value if name in words or isinstance(value, (bool, int)) else Fraction(value)

    return {key: read(key, value) for key, value in written_policy(policy).items()}


def as_reference(debt: Debt) -> dict[str, Any]:
    """A debt for the reference."""

    def reais(cents: int | None) -> Fraction | None:
        return None if cents is None else Fraction(cents, 100)

    return {
        "P": reais(debt.principal),
        "M": reais(debt.fine),
        "J": reais(debt.interest),
        "current": reais(debt.current_instalment),
        "income": reais(debt.income),
        "income_part": Fraction(GUICHE.comprometimento_renda),
        "broken": debt.broken_agreements,
        "months": debt.months_remaining,
        "future": debt.future_monthlies,
    }


rates = st.sampled_from([Decimal(x) for x in ("0", "0.0033", "0.005", "0.0099", "0.01")])
amounts = st.integers(1, 100_000) | st.integers(1, 100_000_000_000)
