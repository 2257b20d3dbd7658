import pytest

from sandbox.numbers import BadNumber, digits_of, lid_of, match_key


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("(41) 98765-4321", "5541987654321"),
        ("41987654321", "5541987654321"),
        ("+55 41 98765-4321", "5541987654321"),
        ("0055 41 98765-4321", "5541987654321"),
        ("554187654321", "554187654321"),
        ("55987654321", "5555987654321"),
        ("(00) 90001-0001", "5500900010001"),
        ("+1 650 253 0000", "16502530000"),
    ],
)
def test_a_number_in_any_form_becomes_digits(typed: str, digits: str) -> None:
    assert digits_of(typed) == digits


@pytest.mark.parametrize("typed", ["", "123", "abc", "1" * 20])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(BadNumber):
        digits_of(typed)


def test_a_mobile_with_and_without_the_ninth_digit_is_one_phone() -> None:
    assert match_key("5541987654321") == match_key("554187654321")
    assert match_key("5500900010001") == match_key("550000010001")


def test_a_landline_is_not_the_mobile_with_the_same_last_digits() -> None:
    assert match_key("554133334444") != match_key("5541933334444")


def test_a_lid_never_changes_and_looks_like_one() -> None:
    assert lid_of("m550000010001") == lid_of("m550000010001")
    assert lid_of("m550000010001") != lid_of("m550000010002")
    assert lid_of("x").endswith("@lid")
    assert len(lid_of("x")) == 15 + 4
