"""Charges, payments, plans and dates: as the same rules in Fractions, and what always holds."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.debts.engine.calendar import (
    NATIONAL,
    BankCalendar,
    bank_holidays,
    first_due_date,
    monthly_due_dates,
    valid_until,
)
from app.debts.engine.charges import (
    AppliedTerms,
    Counting,
    LateTerms,
    Start,
    Warned,
    applied,
    charge,
    days_late,
    delay,
    elapsed,
    legal_interest,
)
from app.debts.engine.correction import (
    IndexNumbers,
    IndexSeries,
    Regime,
    compounded,
    corrected,
    factor_between,
)
from app.debts.engine.cost import dated_cost, monthly_cost, worth_at
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import MOST, half_up, money, typed_by_people
from app.debts.engine.months import month_of, month_text, read_date, read_month
from app.debts.engine.payments import Payment, open_on
from app.debts.engine.plans import Method, equal_split, first_payment, grace_interest, plan
from app.debts.engine.settlement import Discounting, outstanding, present_value, settle
from tests.debts import reference
from tests.debts.debts import TERMS, amounts, rates

lean = settings(max_examples=60, deadline=None)
days = st.dates(date(2001, 1, 1), date(2090, 12, 31))
methods = st.sampled_from([Method.EQUAL, Method.SAC, Method.GAUSS, Method.PRICE])


def cents(value: Fraction) -> int:
    assert (value * 100).denominator == 1
    return int(value * 100)


# Dates


def test_the_bank_calendar_is_the_one_written_out() -> None:
    every = [date(2001, 1, 1) + timedelta(days=n) for n in range(60 * 365)]
    ours = {day for day in every if not NATIONAL.is_business(day)}
    assert ours == {day for day in every if not reference.is_business(day)}


def test_banks_work_on_ash_wednesday_christmas_eve_and_the_last_day_of_the_year() -> None:
    for day in ((2026, 2, 18), (2026, 12, 24), (2026, 12, 31)):
        assert NATIONAL.is_business(date(*day))
    for day in ((2026, 2, 16), (2026, 2, 17), (2026, 6, 4), (2026, 11, 20)):
        assert not NATIONAL.is_business(date(*day))
    assert date(2023, 11, 20) not in bank_holidays(2023)  # national since 2024


def test_a_company_may_rest_on_days_of_its_own() -> None:
    local = BankCalendar(frozenset({date(2026, 12, 8)}))
    assert local.payable_until(date(2026, 12, 8)) == date(2026, 12, 9)


@given(days, st.integers(1, 31), st.integers(1, 120))
@lean
def test_a_schedule_keeps_its_day_of_month(first: date, anchor: int, count: int) -> None:
    assume(first.year < 2080)
    made = monthly_due_dates(first, anchor, count)
    assert made[0] == first
    assert list(made[1:]) == [
        reference.month_later(first.replace(day=1), k, anchor) for k in range(1, count)
    ]


@given(days, st.integers(1, 31))
@lean
def test_the_first_instalment_leaves_twenty_days(down: date, anchor: int) -> None:
    found = first_due_date(down, anchor)
    assert 20 <= (found - down).days <= 62
    assert found.day == min(anchor, reference.last_of(found.year, found.month))


@given(days)
@lean
def test_an_offer_stands_five_business_days(issued: date) -> None:
    until = valid_until(issued)
    between = [issued + timedelta(days=n) for n in range(1, (until - issued).days + 1)]
    assert sum(reference.is_business(day) for day in between) == 5


@pytest.mark.parametrize("text", ["2026-02-30", "30/02/2026", "", "2026-2-3", "0000-01-01", "x"])
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(DebtFault):
        read_date(text)


# Charges


@given(amounts, days, st.integers(0, 1500), st.sampled_from([*Start]), st.sampled_from([*Counting]))
@lean
def test_charges_are_those_of_the_reference(
    base: int, due: date, later: int, start: Start, counting: Counting
) -> None:
    day = due + timedelta(days=later)
    late = delay(due, day, counting, start)
    found = charge(base, late, TERMS)
    until = reference.until(due)
    if day <= until:
        assert (found.fine, found.interest, late.days) == (0, 0, 0)
        return
    first = until if start == Start.SHIFTED else due
    thirtieths = (day - first).days
    if counting == Counting.MONTHS:
        months, rest = reference.anniversaries(first, day)
        thirtieths = 30 * months + rest
    fine, interest = reference.late(
        Fraction(base, 100), Fraction(2, 100), Fraction(1, 100), Fraction(thirtieths)
    )
    assert (found.fine, found.interest) == (cents(fine), cents(interest))


def test_a_half_cent_is_rounded_up_where_thirtieths_would_lose_it() -> None:
    found = charge(15_005, days_late(31), TERMS)  # 150,05 × 1% × 31 ÷ 30 = 1,5505…
    assert found.interest == 155
    assert charge(7_50, days_late(2), TERMS).interest == 1  # exactly half a cent


@given(st.decimals(0, Decimal("0.5"), places=4), st.decimals(0, Decimal("0.5"), places=4))
@lean
def test_what_the_law_caps_is_capped_and_flagged(fine: Decimal, interest: Decimal) -> None:
    terms = applied(LateTerms(fine, interest))
    assert terms.fine == min(fine, Decimal("0.02"))
    assert terms.interest == min(interest, Decimal("0.01"))
    assert (Warned.FINE_CAPPED in terms.warnings) == (fine > Decimal("0.02"))
    business = applied(LateTerms(fine, interest, consumer=False))
    assert (business.fine, business.interest, business.warnings) == (fine, interest, ())


def test_compound_interest_and_no_rate_at_all_are_told() -> None:
    assert Warned.COMPOUND in applied(LateTerms(compound=True)).warnings
    assert applied(LateTerms(interest=None)).warnings == (Warned.LEGAL_REVIEW,)


def test_a_daily_amount_stops_at_the_ceiling() -> None:
    terms = applied(LateTerms(interest=None, daily=Decimal("1.25")))
    found = charge(950_00, days_late(33), terms)
    assert (found.interest_by_contract, found.interest_ceiling, found.interest) == (
        4125,
        1045,
        1045,
    )


def test_the_legal_rate_is_simple_and_never_negative() -> None:
    total, interest = legal_interest(1_500_00, [Decimal("0.611234"), Decimal(-1), Decimal("0.7")])
    assert (total, interest) == (Decimal("1.311234"), 1967)


def test_months_of_delay_are_anniversaries() -> None:
    for end, counted in (
        ((2026, 2, 28), (1, 0)),
        ((2026, 3, 30), (1, 30)),
        ((2026, 3, 31), (2, 0)),
    ):
        late = elapsed(date(2026, 1, 31), date(*end), Counting.MONTHS)
        assert (late.months, late.rest) == counted


# Part payments


@st.composite
def paid_debts(draw: st.DrawFn) -> tuple[int, date, date, list[Payment]]:
    principal, due = (
        draw(st.integers(1, 500_000)),
        draw(st.dates(date(2022, 1, 1), date(2026, 1, 1))),
    )
    payments = [
        Payment(due + timedelta(days=n), value)
        for n, value in draw(
            st.lists(st.tuples(st.integers(-60, 400), st.integers(1, 200_000)), max_size=4)
        )
    ]
    return principal, due, due + timedelta(days=draw(st.integers(0, 900))), payments


@given(paid_debts())
@lean
def test_every_cent_paid_goes_somewhere(given_debt: tuple[int, date, date, list[Payment]]) -> None:
    principal, due, day, payments = given_debt
    found = open_on(day, principal, due, payments, TERMS)
    for one in found.imputed:
        assert one.interest + one.fine + one.principal + one.change == one.payment.value
        assert min(one.interest, one.fine, one.principal, one.change) >= 0
    assert principal - sum(one.principal for one in found.imputed) == found.principal
    assert min(found.fine, found.interest, found.principal) >= 0
    fines = sum(one.new_fine for one in found.imputed) + found.new_fine
    assert fines <= half_up(principal * 2, 100)


@given(paid_debts())
@lean
def test_interest_is_paid_before_the_fine_before_principal(
    given_debt: tuple[int, date, date, list[Payment]],
) -> None:
    principal, due, day, payments = given_debt
    interest = fine = 0
    for one in open_on(day, principal, due, payments, TERMS).imputed:
        interest, fine = interest + one.new_interest, fine + one.new_fine
        assert not one.fine or one.interest == interest
        assert not one.principal or (one.interest, one.fine) == (interest, fine)
        interest, fine = interest - one.interest, fine - one.fine


@given(paid_debts())
@lean
def test_paying_never_makes_a_debt_grow(
    given_debt: tuple[int, date, date, list[Payment]],
) -> None:
    principal, due, day, payments = given_debt
    assert (
        open_on(day, principal, due, payments, TERMS).total
        <= open_on(day, principal, due, [], TERMS).total
    )


def test_a_payment_before_the_due_date_only_reduces_principal() -> None:
    early = [Payment(date(2026, 5, 5), 200_00)]
    found = open_on(date(2026, 6, 20), 1_000_00, date(2026, 5, 11), early, TERMS)
    assert (found.principal, found.fine, found.interest) == (800_00, 16_00, 10_67)


def test_what_is_pending_earns_nothing() -> None:
    paid = [Payment(date(2026, 6, 10), 5_00)]  # less than the interest of 8,00
    found = open_on(date(2026, 7, 10), 800_00, date(2026, 5, 11), paid, TERMS)
    assert (found.pending_interest, found.pending_fine, found.new_interest) == (3_00, 16_00, 8_00)


def test_too_much_comes_back_as_change() -> None:
    paid = [Payment(date(2026, 6, 10), 900_00)]
    found = open_on(date(2026, 7, 10), 800_00, date(2026, 5, 11), paid, TERMS)
    assert (found.total, found.change) == (0, 76_00)


# Correction

CHANGES = {read_month("2024-01") + n: Decimal(n % 7 - 3) / 10 for n in range(40)}


@given(amounts, st.integers(0, 30), st.integers(0, 9), st.booleans())
@lean
def test_correction_takes_whole_blocks_and_never_less_than_nominal(
    value: int, passed: int, lag: int, yearly: bool
) -> None:
    index, regime = IndexSeries("IPCA", CHANGES), Regime(lag, yearly)
    base = read_month("2024-01") + lag
    found = factor_between(index, regime, base, base, base + passed)
    assert len(found.months) == (passed // 12 * 12 if yearly else passed)
    product = Fraction(1)
    for month in found.months:
        product *= 1 + Fraction(CHANGES[month]) / 100
    assert Fraction(found.value) == reference.r(product, 10)
    assert corrected(value, found, floor=True) >= value
    plain = corrected(value, found, floor=False)
    assert plain == cents(reference.r(Fraction(value, 100) * Fraction(found.value)))


def test_numbers_and_changes_of_one_index_agree() -> None:
    numbers, now = {read_month("2023-12"): Decimal(1000)}, Decimal(1000)
    for month, change in sorted(CHANGES.items()):
        now *= 1 + change / 100
        numbers[month] = now
    base = read_month("2024-03")
    by_numbers = factor_between(IndexNumbers("X", numbers), Regime(), base, base, base + 14)
    by_changes = factor_between(IndexSeries("X", CHANGES), Regime(), base, base, base + 14)
    assert by_numbers == by_changes


def test_an_index_not_yet_published_is_provisional_and_a_hole_is_named() -> None:
    index = IndexSeries("INCC-DI", {m: v for m, v in CHANGES.items() if m != read_month("2024-05")})
    base = read_month("2024-10")
    assert factor_between(index, Regime(), base, base, base + 60).provisional
    early = read_month("2024-05")
    with pytest.raises(DebtFault, match="falta o índice INCC-DI de 2024-05"):
        factor_between(index, Regime(), early, early, early + 4)
    assert [
        month_text(m) for m in factor_between(index, Regime(), base, base, base + 1).months
    ] == ["2024-09"]


def test_an_index_that_cannot_be_is_refused() -> None:
    with pytest.raises(DebtFault):
        compounded([Decimal(-100)])
    with pytest.raises(DebtFault):
        IndexNumbers("X", {1: Decimal(0), 2: Decimal(1)}).factor(1, 2)


# Plans


@given(methods, amounts, rates, st.integers(1, 120))
@lean
def test_a_plan_is_the_reference_and_sums_to_the_cent(
    method: Method, value: int, rate: Decimal, count: int
) -> None:
    assume(method != Method.PRICE or value > 10_000)
    made = plan(method, value, rate, count)
    assert sum(line.amortisation for line in made.lines) == value
    assert made.lines[-1].balance == 0
    assert all(line.payment == line.amortisation + line.interest for line in made.lines)
    assert min(min(line.amortisation, line.interest, line.balance) for line in made.lines) >= 0
    rows = reference.table(method, Fraction(value, 100), Fraction(rate), count)
    assert [
        (line.payment, line.interest, line.amortisation, line.balance) for line in made.lines
    ] == [tuple(cents(x) for x in row) for row in rows]
    assert made.lines[0].payment == first_payment(method, value, rate, count)


@given(amounts, st.integers(1, 120))
@lean
def test_without_interest_every_method_is_the_equal_split(value: int, count: int) -> None:
    parts = equal_split(value, count)
    assert sum(parts) == value
    for method in Method:
        made = plan(method, value, Decimal(0), count)
        assert [line.payment for line in made.lines] == parts


@given(st.integers(10_000, 10_000_000), rates, st.integers(2, 120))
@lean
def test_sac_costs_no_more_interest_than_price_and_gauss_less_than_both_at_its_rate(
    value: int, rate: Decimal, count: int
) -> None:
    by = {m: plan(m, value, rate, count).interest for m in (Method.SAC, Method.GAUSS, Method.PRICE)}
    slack = count  # cents of rounding
    assert by[Method.SAC] <= by[Method.PRICE] + slack
    assert by[Method.GAUSS] <= by[Method.PRICE] + slack


@pytest.mark.parametrize("count", [0, -1, 121])
def test_a_plan_of_no_or_too_many_instalments_is_refused(count: int) -> None:
    with pytest.raises(DebtFault, match="de 1 a 120"):
        plan(Method.SAC, 1000, Decimal("0.01"), count)


def test_a_price_instalment_that_never_ends_is_refused() -> None:
    with pytest.raises(DebtFault, match="não paga nem os juros"):
        plan(Method.PRICE, 10, Decimal("0.9"), 120)


def test_a_thousand_million_over_120_months_is_exact() -> None:
    made = plan(Method.SAC, MOST, Decimal("0.01"), 120)
    assert sum(line.amortisation for line in made.lines) == MOST
    with pytest.raises(DebtFault, match="passa do limite"):
        plan(Method.SAC, MOST + 1, Decimal("0.01"), 12)


def test_grace_earns_simple_interest() -> None:
    assert grace_interest(100_000, Decimal("0.01"), 3) == 3_000


# Early settlement and cost


@given(st.integers(1, 10_000_000), st.integers(0, 3650), rates, st.sampled_from([*Discounting]))
@lean
def test_paying_early_never_costs_more(
    value: int, ahead: int, rate: Decimal, regime: Discounting
) -> None:
    now = present_value(value, ahead, rate, regime)
    assert 0 <= now <= value
    assert now >= present_value(value, ahead + 30, rate, regime)
    assert settle([(value, ahead)], rate, regime).reduction == value - now


def test_a_plan_born_here_settles_at_its_balance() -> None:
    made = plan(Method.SAC, 500_000, Decimal("0.01"), 6)
    assert [outstanding(made, k) for k in (0, 1, 6)] == [500_000, 416_667, 0]


@given(st.integers(100_000, 10_000_000), rates, st.integers(2, 60))
@lean
def test_the_cost_of_a_price_plan_is_its_rate(value: int, rate: Decimal, count: int) -> None:
    payments = [line.payment for line in plan(Method.PRICE, value, rate, count).lines]
    assert abs(monthly_cost(value, payments).month - rate * 100) <= Decimal("0.002")
    assert abs(worth_at(rate, payments) - value) <= count


def test_a_year_of_365_days_at_ten_per_cent_costs_ten_per_cent() -> None:
    assert dated_cost(1_000_00, date(2026, 1, 1), [(date(2027, 1, 1), 1_100_00)]) == Decimal(
        "10.00"
    )
    assert dated_cost(1_000_00, date(2026, 1, 1), [(date(2027, 1, 1), 900_00)]) == Decimal("-10.00")


@pytest.mark.parametrize("payments", [[], [0, 0], [-1, 5]])
def test_no_payments_have_no_cost(payments: list[int]) -> None:
    with pytest.raises(DebtFault, match="não existe CET"):
        dated_cost(100, date(2026, 1, 1), [(date(2026, 2, 1), one) for one in payments])


# Money


@pytest.mark.parametrize(
    ("text", "found"),
    [("350.5", 35050), ("350,50", 35050), ("1.234,56", 123456), ("R$ 400", 40000),
     ("1.234", 123400), ("1.234.567", 123456700), ("400,00", 40000), ("12", 1200)],
)  # fmt: skip
def test_people_write_money_in_many_ways(text: str, found: int) -> None:
    assert typed_by_people(text) == found


@pytest.mark.parametrize("text", ["", "abc", "-5", "1,2,3", "1e5", "٣"])
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(DebtFault):
        typed_by_people(text)


def test_doubles_are_read_by_their_digits() -> None:
    assert money(341233.7699999997) == 34123377
    assert money("1e3") == 100_000


def test_months_read_and_write() -> None:
    assert month_of(read_date("2026-11-27")) == read_month("2026-11")
    assert AppliedTerms(Decimal(0), Decimal(0)).warnings == ()
