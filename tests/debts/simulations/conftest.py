"""Simulations on the sample book: the company's clock stands on its day."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts.models import User
from app.debts.engine.disclosure import Creditor
from app.debts.simulations import hooks
from app.debts.simulations.inputs import Inputs
from app.debts.simulations.subjects import Subject
from app.extensions import db
from app.transactions import atomic
from portfolio.book import Book
from portfolio.mandatory import mandatory
from tests.debts.of_portfolio import contract_of, instalments_of

TODAY = date(2026, 11, 16)
SNAPSHOT = 1


@pytest.fixture(scope="session")
def book() -> Book:
    """The sample book on the day of the tests."""
    return mandatory(TODAY)


@pytest.fixture
def on_the_day(app: Flask) -> None:
    """Noon of the book's day."""
    clock.shift(datetime(2026, 11, 16, 15, tzinfo=UTC) - datetime.now(UTC))


@pytest.fixture
def contracts(book: Book, on_the_day: None) -> Iterator[Callable[[int], str]]:
    """`contracts(1)`: the bill of the first contract of a case, readable in snapshot 1."""
    sales = {str(one.id): one for one in book.sales}

    def reader(snapshot_id: int, bill: str) -> Subject | None:
        sale = sales.get(bill)
        if snapshot_id != SNAPSHOT or sale is None:
            return None
        return Subject(
            snapshot_id,
            "erp",
            str(sale.buyers[0]),
            book.person(sale.buyers[0]).name,
            bill,
            sale.unit,
            str(sale.project.id),
            sale.project.name,
            Creditor(sale.project.company, sale.project.cnpj, "Rua das Flores, 100", "a@b.com.br"),
            contract_of(book, sale),
            instalments_of(sale),
            clock.now() - timedelta(minutes=3),
        )

    hooks.readers.insert(0, reader)
    yield lambda case: str(book.of_case(case)[0].id)
    hooks.readers.remove(reader)


@pytest.fixture
def grant(app: Flask) -> Callable[..., None]:
    """Give a person a level: `grant(cast.fabio, 2)`."""

    def give(user_id: int, level: int, legal: bool = False) -> None:
        with app.app_context(), atomic():
            person = db.session.get_one(User, user_id)
            person.approval_level, person.legal = level, legal

    return give


def asked(**known: object) -> Inputs:
    """Inputs of the day."""
    return Inputs(TODAY, **known)  # type: ignore[arg-type]
