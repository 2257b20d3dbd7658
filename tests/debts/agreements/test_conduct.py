"""Who may be written to about a debt, when and how often; the refusals say why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.debts.agreements import places
from app.debts.agreements.conduct import Approach, next_hour, refusals
from app.debts.agreements.texts import forbidden

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=places.UNKNOWN.zone)
GOOD = Approach(MONDAY, identified=True, valid_until=date(2026, 11, 30))


def rules(approach: Approach) -> list[str]:
    """The keys of what stands in the way."""
    return [one.rule for one in refusals(approach)]


def test_an_identified_person_on_a_working_morning_may_be_written_to() -> None:
    assert rules(GOOD) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"identified": False}, "identity"),
        ({"opted_out": True}, "opt_out"),
        ({"not_holder": True}, "holder"),
        ({"disputed": True}, "dispute"),
        ({"blocks": ("litígio",)}, "block"),
        ({"promise_until": date(2026, 11, 23)}, "promise"),
        ({"valid_until": date(2026, 11, 24)}, "validity"),
        ({"valid_until": date(2026, 11, 22)}, "expired"),
        ({"now": MONDAY.replace(hour=8, minute=59)}, "hours"),
        ({"now": MONDAY.replace(hour=18)}, "hours"),
        ({"now": MONDAY + timedelta(days=6), "valid_until": None}, "hours"),
        ({"now": datetime(2026, 12, 25, 10, tzinfo=MONDAY.tzinfo), "valid_until": None}, "hours"),
        ({"earlier": (MONDAY - timedelta(hours=1),)}, "day"),
        ({"earlier": tuple(MONDAY - timedelta(days=n) for n in (1, 2, 3))}, "week"),
    ],
)
def test_each_rule_refuses_by_itself(change: dict[str, object], rule: str) -> None:
    assert rules(replace(GOOD, **change)) == [rule]  # type: ignore[arg-type]


def test_saturdays_are_those_of_the_state_and_hours_those_of_its_clock() -> None:
    saturday = MONDAY + timedelta(days=5)
    in_sao_paulo = replace(GOOD, now=saturday, place=places.of_phone("+5511987654321"))
    in_rio = replace(in_sao_paulo, place=places.of_phone("+5521987654321"))
    assert rules(in_sao_paulo) == []
    assert rules(in_rio) == ["hours"]
    manaus = replace(GOOD, now=MONDAY.replace(hour=9, minute=30),
                     place=places.of_phone("+5592987654321"))  # fmt: skip
    assert rules(manaus) == ["hours"]
    assert next_hour(manaus.now, manaus.place) == datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_whoever_just_wrote_is_answered_at_any_hour() -> None:
    night = MONDAY.replace(hour=22)
    asked = replace(GOOD, now=night, last_inbound=night - timedelta(minutes=5))
    assert rules(asked) == []
    assert rules(replace(asked, identified=False)) == ["identity"]


def test_what_asks_only_who_is_there_needs_no_identity() -> None:
    assert rules(replace(GOOD, identified=False, names_debt=False)) == []


@pytest.mark.parametrize("text", ["Último aviso!", "seu nome no Serasa", "caro devedor", "leilão"])
def test_texts_that_threaten_or_shame_are_refused(text: str) -> None:
    assert forbidden(text)
