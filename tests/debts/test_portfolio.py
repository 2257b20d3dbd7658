"""Whole portfolios: identical to the scalar engine, contract by contract."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from app.debts.engine.correction import IndexSeries, Regime
from app.debts.engine.faults import DebtFault
from app.debts.engine.months import month_of
from app.debts.engine.policies import GUICHE, Policy, read_policy
from app.debts.portfolio.balances import balances, simple_interest
from app.debts.portfolio.checking import Mismatch, recheck
from app.debts.portfolio.columns import Columns, factors, ppm
from app.debts.portfolio.sets import propose
from bench.books import INDEXES, book

DAY = date(2026, 11, 27)


def differing(columns: Columns, policy: Policy, day: date = DAY) -> list[Mismatch]:
    known = factors(columns, INDEXES, month_of(day), Regime())
    found = balances(columns, known, day)
    sets = propose(columns, found, policy)
    places = range(columns.contracts)
    return recheck(columns, found, sets, policy, day, INDEXES, Regime(), places)


@pytest.mark.parametrize(
    ("method", "most"),
    [("SAC", 3_000), ("SAC", 400_000), ("SAC", 50_000_000), ("GAUSS", 400_000), ("PRICE", 400_000)],
)
def test_a_book_is_what_the_engine_says_of_each_contract(method: str, most: int) -> None:
    policy = read_policy({"C": {"metodo": method}})
    assert differing(book(90, 24, DAY, seed=most, most=most), policy) == []


@pytest.mark.parametrize("day", [date(2026, 2, 16), date(2027, 1, 1), date(2028, 2, 29)])
def test_holidays_and_month_ends_are_the_engines(day: date) -> None:
    assert differing(book(60, 24, day), GUICHE, day) == []


def test_terms_grow_where_capacity_is_low() -> None:
    columns = book(60, 24, DAY, most=300_000)
    low = replace(columns, income=np.full(columns.contracts, 30_000_00))
    assert differing(low, read_policy({"C": {"comprometimento": "0.05"}})) == []


def test_what_does_not_fit_64_bits_is_counted_exactly() -> None:
    base, rate, days = (np.array([one], np.int64) for one in (10**11, 10_000, 36_500))
    assert simple_interest(base, rate, days).tolist() == [10**11 * 36_500 // 3000 + 1]
    columns = replace(book(3, 30, DAY), value=np.full(90, 10**9, np.int64))
    assert differing(columns, GUICHE) == []


def test_a_difference_would_be_found() -> None:
    columns = book(40, 30, DAY)
    known = factors(columns, INDEXES, month_of(DAY), Regime())
    found = balances(columns, known, DAY)
    wrong = replace(found, interest=found.interest + 1)
    sets = propose(columns, wrong, GUICHE)
    told = recheck(columns, wrong, sets, GUICHE, DAY, INDEXES, Regime(), range(5))
    assert {one.contract for one in told} == set(range(5))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts": np.array([0, 30, 30])}, "não estão em ordem"),
        ({"value": np.full(90, -1)}, "passa do limite"),
        ({"due": np.arange(90)[::-1]}, "ordem de vencimento"),
    ],
)
def test_columns_that_cannot_be_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(DebtFault, match=said):
        replace(book(3, 30, DAY), **changed)


def test_a_hole_in_an_index_is_named() -> None:
    columns = replace(book(50, 30, DAY), index=np.zeros(1500, np.int8))
    gone = month_of(DAY) - 4
    holed = [IndexSeries("IPCA", {m: v for m, v in INDEXES[0].changes.items() if m != gone})]
    with pytest.raises(DebtFault, match="falta o índice IPCA de 2026-07"):
        balances(columns, factors(columns, holed, month_of(DAY), Regime()), DAY)


def test_what_only_the_engine_can_do_is_refused() -> None:
    with pytest.raises(DebtFault, match="seis casas"):
        ppm(Decimal("0.0000001"))
    with pytest.raises(DebtFault, match="só simula"):
        differing(book(3, 30, DAY), read_policy({"B": {"juros": "0.01"}}))
