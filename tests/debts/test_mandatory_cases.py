"""The 38 cases that every set of sample data has, and what the engine makes of them on any day."""

from datetime import date

import pytest

from app.contacts import ids
from app.debts.engine.debt import Debt
from app.debts.engine.faults import DebtFault
from app.debts.engine.offer import Ladder, Offer, propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.statement.analysis import State, Statement
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.contract import Block, Category
from app.debts.engine.statement.lines import Cause
from app.debts.engine.warnings import Warned
from portfolio.book import Book
from portfolio.mandatory import CASES, NOT_FOUND, mandatory
from tests.debts.of_portfolio import statement_of

# A usual day, carnival, a leap day, the first of a year, a Sunday.
DAYS = [
    date(2026, 11, 27),
    date(2027, 2, 10),
    date(2028, 2, 29),
    date(2027, 1, 1),
    date(2026, 8, 9),
]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def book(request: pytest.FixtureRequest) -> Book:
    return mandatory(request.param)


def statements(book: Book, case: int) -> list[Statement]:
    return [statement_of(book, sale) for sale in book.of_case(case)]


def one(book: Book, case: int) -> Statement:
    return statements(book, case)[0]


def offered(book: Book, case: int) -> Offer:
    return propose(debt_from(one(book, case)), GUICHE)


def counts(found: Statement) -> list[int]:
    return [band.sum.count for band in found.bands]


def test_every_case_is_there_and_nothing_in_it_is_broken(book: Book) -> None:
    assert list(CASES) == list(range(1, 39))
    assert {sale.case for sale in book.sales} == set(CASES) - {36}
    assert all(not found.faults for n in CASES for found in statements(book, n))
    assert len({sale.id for sale in book.sales}) == len(book.sales)


def test_people_have_right_documents_and_telephones_that_do_not_exist(book: Book) -> None:
    for person in book.people:
        assert ids.cpf(person.document) or ids.cnpj(person.document)
        assert not person.phone or person.phone.startswith("5500")
    assert ids.cpf(NOT_FOUND)
    assert NOT_FOUND not in {person.document for person in book.people}
    assert all(ids.cnpj(project.cnpj) for project in book.projects)


def test_the_same_day_gives_the_same_book(book: Book) -> None:
    assert mandatory(book.today) == book


@pytest.mark.parametrize(
    ("case", "late", "state"),
    [
        (1, 2, State.OVERDUE), (3, 0, State.SETTLED), (4, 0, State.NOTHING_OVERDUE),
        (5, 14, State.OVERDUE), (6, 1, State.OVERDUE), (7, 1, State.OVERDUE), (8, 1, State.OVERDUE),
        (9, 1, State.OVERDUE), (10, 2, State.OVERDUE), (11, 2, State.OVERDUE),
        (12, 2, State.OVERDUE), (13, 1, State.OVERDUE), (14, 3, State.BLOCKED),
        (15, 4, State.BLOCKED), (16, 3, State.BLOCKED), (17, 2, State.BLOCKED),
        (18, 2, State.BLOCKED), (19, 2, State.OVERDUE), (20, 1, State.OVERDUE),
        (21, 2, State.OVERDUE), (22, 2, State.OVERDUE), (23, 2, State.OVERDUE),
        (24, 2, State.OVERDUE), (25, 2, State.OVERDUE), (26, 2, State.OVERDUE),
        (27, 1, State.OVERDUE), (28, 1, State.OVERDUE), (29, 1, State.OVERDUE),
        (30, 1, State.OVERDUE), (31, 2, State.OVERDUE), (32, 2, State.OVERDUE),
        (33, 2, State.OVERDUE), (37, 2, State.OVERDUE), (38, 2, State.OVERDUE),
    ],
)  # fmt: skip
def test_each_case_is_in_its_state(book: Book, case: int, late: int, state: State) -> None:
    found = one(book, case)
    assert len(found.overdue) == late
    assert found.state == state
    assert sum(counts(found)) == late


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [(1, 36, 68), (5, 401, 434), (9, 90, 90), (14, 65, 100), (15, 95, 131), (20, 65, 100),
     (30, 36, 68)],
)  # fmt: skip
def test_the_oldest_delay_lies_in_its_band(book: Book, case: int, low: int, high: int) -> None:
    assert low <= one(book, case).oldest_delay <= high


def test_each_creditor_has_its_own_set(book: Book) -> None:
    three = statements(book, 2)
    assert len({found.contract.creditor for found in three}) == 2
    assert [len(found.overdue) for found in three] == [2, 0, 4]


def test_the_ladders_of_the_cases(book: Book) -> None:
    assert [offered(book, n).ladder for n in (1, 5, 6, 7, 8, 9)] == [
        Ladder.NORMAL, Ladder.NORMAL, Ladder.NEGLIGIBLE, Ladder.SMALL, Ladder.NEGLIGIBLE,
        Ladder.NORMAL,
    ]  # fmt: skip
    assert offered(book, 4).ladder == Ladder.NONE
    assert len(one(book, 6).residues) == 1
    ended = offered(book, 5).of("C")
    assert ended is not None
    assert len(ended.lines) <= 24


def debt(book: Book, case: int) -> Debt:
    return debt_from(one(book, case))


def test_what_is_special_in_each_case_is_told(book: Book) -> None:
    part = next(line for line in one(book, 10).overdue if line.part_paid)
    assert len(part.open.imputed) == 3
    assert Warned.FLOOR in one(book, 11).warnings
    assert Warned.DEFLATION in one(book, 11).warnings
    assert one(book, 12).contract.correction.yearly
    assert Warned.SUSPECT_TERM in one(book, 13).warnings
    assert Warned.FIDUCIARY in one(book, 19).warnings
    assert (one(book, 20).earlier_agreements, one(book, 20).broken_agreements) == (2, 2)
    assert one(book, 22).broken_agreements == 1
    assert one(book, 26).anchor == 31
    assert debt(book, 29).lines == ()  # keys wait for a manager
    assert one(book, 29).overdue[0].instalment.category == Category.KEYS
    assert one(book, 30).overdue[0].instalment.category == Category.BALLOON
    assert Warned.COMPOUND in one(book, 31).warnings
    assert Warned.FINE_CAPPED in one(book, 32).warnings
    daily = one(book, 33).overdue[0]
    assert daily.interest <= daily.principal * daily.days // 3000 + 1


def test_blocks_are_those_of_the_cases(book: Book) -> None:
    blocks = {n: one(book, n).contract.blocks for n in (14, 15, 16, 17, 18)}
    assert blocks == {
        14: {Block.LITIGATION}, 15: {Block.NOTIFIED}, 16: {Block.DECEASED},
        17: {Block.CONTRACT_ASSIGNED}, 18: {Block.RECEIVABLE_ASSIGNED},
    }  # fmt: skip
    assert book.person(5016).administrator


def test_holidays_of_the_cases_moved_the_due_date(book: Book) -> None:
    for case in (27, 28):
        line = one(book, case).overdue[0]
        assert line.open.delay.payable_until is not None
        assert line.open.delay.payable_until > line.instalment.due
        assert Cause.DAY_COUNT not in line.causes  # the book tells no figure of the ERP


def test_who_holds_what(book: Book) -> None:
    assert len(book.of_case(24)[0].buyers) == 2
    assert book.person(5124).blocked_phone
    assert len(book.person(5025).document) == 14
    assert book.person(5134).duplicate_of == 5034
    assert book.person(5035).name == book.person(5135).name
    assert book.person(5037).opted_out
    assert book.person(5038).phone == ""
    assert {sale.agreement for n in (21, 22, 23) for sale in book.of_case(n)} == {
        "vigente", "quebrado", "proposta",
    }  # fmt: skip


def test_bank_money_cannot_be_chosen(book: Book) -> None:
    with pytest.raises(DebtFault):
        debt_from(one(book, 1), ["999"])
