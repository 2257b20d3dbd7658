"""Snapshots of the sample book as the ERP would have answered, without asking it."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app import secrets
from app.debts.lookups import reading
from app.debts.lookups.models import Snapshot
from app.extensions import db
from app.integrations.sienge import resources
from app.transactions import atomic
from portfolio.mandatory import mandatory
from sandbox.sienge import shapes
from sandbox.sienge.figures import chain
from sandbox.sienge.ledger import Ledger


@lru_cache(maxsize=4)
def ledger(day: date) -> Ledger:
    """The mandatory cases on a day, with the ERP's figures."""
    book = mandatory(day)
    numbers = {name: chain(changes) for name, changes in book.indexes.items()}
    people, sales = ({one.id: one for one in rows} for rows in (book.people, book.sales))
    return Ledger(book, people, sales, numbers)


def content(day: date, document: str) -> dict[str, Any]:
    """What a look-up of this document would have kept."""
    book = ledger(day)
    people = book.of_document(document)
    sales = {sale.id: sale for one in people for sale in book.of_buyer(one.id)}.values()
    return {
        "customers": [resources.kept_of_customer(shapes.customer(one)) for one in people],
        "contracts": [resources.kept_of_contract(shapes.contract(book, one)) for one in sales],
        "bills": [shapes.bill(book, one, people[0].id) for one in sales],
        "statement": shapes.statement(book, list(sales))["billsReceivable"],
        "balance": [shapes.balance(book, one) for one in sales],
        "enterprises": {str(s.project.id): shapes.enterprise(s.project) for s in sales},
    }


def look_up(case: int, at: datetime, day: date) -> tuple[int, str]:
    """Keep what the ERP says of who holds the contract of a mandatory case: snapshot and title."""
    sale = ledger(day).book.of_case(case)[0]
    person = ledger(day).people[sale.buyers[0]]
    said = content(day, person.document)
    with atomic():
        made = Snapshot(
            document=person.document,
            mark=secrets.mark(f"debts:{person.document}"),
            erp_customer_id=person.id,
            state="fresh",
            content=said,
            content_hash=reading.content_hash(said),
            requested_at=at,
            taken_at=at,
            next_try_at=at,
        )
        db.session.add(made)
    return made.id, str(sale.id)
