"""The generated sample book: as late, on any day, as the books of real back offices."""

from datetime import date

import pytest

from app.contacts import ids
from app.debts.engine.statement.analysis import Statement
from app.debts.engine.statement.lines import Status
from portfolio.book import Book
from portfolio.generated import generated
from tests.debts.of_portfolio import statement_of


@pytest.fixture(scope="module", params=[date(2026, 11, 27), date(2028, 2, 29)], ids=str)
def book(request: pytest.FixtureRequest) -> Book:
    return generated(request.param)


@pytest.fixture(scope="module")
def statements(book: Book) -> list[Statement]:
    return [statement_of(book, sale) for sale in book.sales]


def test_contracts_lie_in_their_bands(book: Book, statements: list[Statement]) -> None:
    for low, high, least, most in (
        (0, 0, 78, 82), (1, 30, 8, 10), (31, 60, 3, 4), (61, 90, 1.5, 2.5), (91, 180, 2.5, 3.5),
        (181, 360, 1.5, 2), (361, 10**6, 1, 1.5),
    ):  # fmt: skip
        found = sum(low <= one.oldest_delay <= high for one in statements)
        assert least <= 100 * found / len(statements) <= most, (low, high)
    assert all(one.faults == () for one in statements)


def test_what_is_overdue_is_little_and_lies_with_few(statements: list[Statement]) -> None:
    owed = sorted(one.sum(Status.OVERDUE).amount for one in statements if one.overdue)
    share = sum(owed) / sum(one.open_total for one in statements)
    assert 0.04 <= share <= 0.07
    tenth = owed[-round(len(owed) / 10) :]
    assert 0.37 <= sum(tenth) / sum(owed) <= 0.53  # about 45 %


def test_the_book_has_its_size_and_its_odd_cases(book: Book, statements: list[Statement]) -> None:
    assert (len(book.people), len(book.sales)) == (400, 460)
    assert 20_000 <= sum(len(one.instalments) for one in book.sales) <= 26_000
    assert any(one.residues for one in statements)
    assert any(one.earlier_agreements for one in statements)
    assert any(line.part_paid for one in statements for line in one.overdue)
    assert all(ids.cpf(one.document) or ids.cnpj(one.document) for one in book.people)
    assert len({one.document for one in book.people}) == 400
    assert all(one.phone.startswith("5500") for one in book.people)


def test_the_same_day_gives_the_same_book(book: Book) -> None:
    assert generated(book.today, "tiny") == generated(book.today, "tiny")
    assert len(generated(book.today, "tiny").people) == 12
