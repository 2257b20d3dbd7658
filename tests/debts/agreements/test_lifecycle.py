"""What a day brings to an agreement, and what of it the ERP shows as paid."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.debts.agreements.calendar_file import Entry, written
from app.debts.agreements.lifecycle import Act, Instalment, State, Step, may_follow, next_steps
from app.debts.agreements.matching import Paid, paid
from app.debts.engine.statement.contract import Instalment as ErpInstalment
from app.debts.engine.statement.contract import Receipt

DUE = date(2026, 12, 10)
ENTRY = Instalment(0, DUE, DUE, 20_000)
FIRST = Instalment(1, date(2027, 1, 10), date(2027, 1, 11), 30_000)
PAID = replace(ENTRY, paid_on=DUE)


def test_it_is_effective_only_when_the_entry_is_paid_and_expires_without() -> None:
    assert next_steps(State.ACCEPTED, DUE, [PAID, FIRST]) == [Step(Act.BECOME, State.EFFECTIVE)]
    assert next_steps(State.ACCEPTED, DUE + timedelta(days=3), [ENTRY]) == []
    late = next_steps(State.ACCEPTED, DUE + timedelta(days=4), [ENTRY, FIRST])
    assert late == [Step(Act.BECOME, State.EXPIRED, 0)]


def test_ten_days_after_the_last_payable_day_a_notice_is_given_and_the_next_day_it_breaks() -> None:
    tenth = FIRST.payable_until + timedelta(days=10)
    rows = [PAID, replace(FIRST, reminded=True, chased=True)]
    assert next_steps(State.EFFECTIVE, tenth - timedelta(days=1), rows) == []
    assert next_steps(State.EFFECTIVE, tenth, rows) == [Step(Act.NOTICE, number=1)]
    noticed = [PAID, replace(FIRST, noticed=tenth)]
    assert next_steps(State.EFFECTIVE, tenth, noticed) == []
    broken = next_steps(State.EFFECTIVE, tenth + timedelta(days=1), noticed)
    assert broken == [Step(Act.BECOME, State.BROKEN, 1)]


def test_reminders_come_three_days_before_and_once_and_a_missed_day_is_asked_about_once() -> None:
    ahead = next_steps(State.EFFECTIVE, FIRST.due - timedelta(days=3), [PAID, FIRST])
    assert ahead == [Step(Act.REMIND, number=1)]
    again = next_steps(State.EFFECTIVE, FIRST.due, [PAID, replace(FIRST, reminded=True)])
    assert again == []
    late = FIRST.payable_until + timedelta(days=3)
    assert next_steps(State.EFFECTIVE, late, [PAID, FIRST]) == [Step(Act.CHASE, number=1)]


def test_all_paid_is_fulfilled_and_nothing_leaves_an_end() -> None:
    rows = [PAID, replace(FIRST, paid_on=FIRST.due)]
    assert next_steps(State.EFFECTIVE, DUE, rows) == [Step(Act.BECOME, State.FULFILLED)]
    ended = (State.FULFILLED, State.BROKEN, State.EXPIRED, State.REFUSED, State.CANCELLED)
    assert not any(may_follow(one, other) for one in ended for other in State)


def test_a_payment_is_known_in_the_erp_by_its_day_and_amount_and_pays_once() -> None:
    money = Receipt(date(2026, 12, 9), 20_000)
    closed = Receipt(date(2026, 12, 9), 20_000, kind="Reparcelamento")
    same = ErpInstalment("1", DUE, 20_000, receipts=(money,), settled=True)
    assert paid([ENTRY, FIRST], [same]) == [Paid(0, date(2026, 12, 9), 20_000)]
    assert paid([ENTRY], [replace(same, receipts=(closed,))]) == []
    assert paid([ENTRY], [replace(same, original=20_001)]) == []
    assert paid([ENTRY, replace(ENTRY, number=1)], [same]) == [Paid(0, date(2026, 12, 9), 20_000)]
    assert paid([PAID], [same]) == []


def test_due_dates_go_into_a_calendar_with_folded_lines() -> None:
    entry = Entry("a-1@x", DUE, "Entrada; R$ 1,00", "é" * 60)
    text = written("Acordo", [entry], datetime(2026, 11, 23, tzinfo=UTC))
    lines = text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20261210" in lines
    assert "SUMMARY:Entrada\\; R$ 1\\,00" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    assert text.replace("\r\n ", "").count("é" * 60) == 1
