"""What people type into custom fields, what is kept of it, and how it reads again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.custom_fields import values

CHOICES = [
    {"id": 1, "name": "Ouro", "archived": False},
    {"id": 2, "name": "Segunda opção", "archived": False},
    {"id": 3, "name": "Antiga", "archived": True},
]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  Bloco B  ", "Bloco B"),
        ("number", "1.234,56", 1234.56),
        ("number", "R$ 1.234,56", 1234.56),
        ("number", "1.234", 1234),
        ("number", "1234.56", 1234.56),
        ("number", "0.123", 0.123),
        ("number", "-7", -7),
        ("number", "10,50", 10.5),
        ("date", "20/11/2026", "2026-11-20"),
        ("date", "1/2/2026", "2026-02-01"),
        ("date", "2026-11-20 00:00:00", "2026-11-20"),
        ("choice", "OURO", 1),
        ("choice", "segunda opcao", 2),
        ("checked", "Sim", True),
        ("checked", "não", None),
        ("text", "   ", None),
    ],
)
def test_what_is_typed_is_kept_by_its_type(kind, typed, kept):
    assert values.parse(kind, typed, CHOICES) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "doze"), ("number", "1,2,3"), ("number", "1.23.456"), ("number", "9" * 16),
        ("number", "٣"), ("number", "1e9"), ("date", "31/02/2026"), ("date", "20/11/26"),
        ("date", "ontem"), ("date", "01/01/0001"), ("choice", "Prata"), ("choice", "Antiga"),
        ("checked", "talvez"), ("text", "x" * 501),
    ],
)  # fmt: skip
def test_what_cannot_be_says_why(kind, typed):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        values.parse(kind, typed, CHOICES)


NUMBERS = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(-(10**9), 10**9, places=6, allow_nan=False).map(float),
)


@given(NUMBERS)
def test_every_number_reads_back_as_itself(number):
    shown = values.display("number", values.parse("number", values.display("number", number)))
    assert values.parse("number", shown) == pytest.approx(number, rel=0, abs=0)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_day_reads_back_as_itself(day):
    assert values.parse("date", values.display("date", day.isoformat())) == day.isoformat()


def test_an_archived_option_is_still_shown_where_it_was_chosen():
    assert values.display("choice", 3, CHOICES) == "Antiga"
