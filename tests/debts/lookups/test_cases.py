"""The 38 cases as the ERP's double tells them come out as the book has them, to the cent."""

import json
from datetime import date
from decimal import Decimal

import pytest

from app.debts.lookups import reading
from app.debts.lookups.models import Snapshot
from app.integrations.sienge.client import cleaned
from portfolio.mandatory import mandatory
from sandbox.sienge import shapes
from sandbox.sienge.ledger import Ledger
from tests.debts.of_portfolio import statement_of

# Those whose figures the ERP's own index numbers or records do not give alike: part-paid in the
# midst of a correction, and agreements that only we keep.
OWN = {10, 22}


def told(ledger, person):
    """What a look-up of this person would keep."""
    records = ledger.of_document(person.document)
    sales = {s.id: s for one in records for s in ledger.of_buyer(one.id)}.values()
    said = {
        "customers": [shapes.customer(one) for one in records],
        "contracts": [shapes.contract(ledger, one) for one in sales],
        "bills": [shapes.bill(ledger, one, person.id) for one in sales],
        "balance": [shapes.balance(ledger, one) for one in sales],
        "statement": shapes.statement(ledger, list(sales))["billsReceivable"],
        "enterprises": {str(s.project.id): shapes.enterprise(s.project) for s in sales},
    }
    return cleaned(json.loads(json.dumps(said), parse_float=Decimal))


def totals(statement):
    return {line.instalment.id: line.total for line in statement.lines}


@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2028, 2, 29)], ids=str)
def test_every_case_comes_out_as_the_book_has_it(day):
    book, ledger = mandatory(day), Ledger.on(day)
    sales, seen = {sale.id: sale for sale in book.sales}, set()
    for person in book.people:
        snapshot = Snapshot(document=person.document, content=told(ledger, person))
        for one in reading.contracts(snapshot, day):
            sale, seen = sales[one.bill_id], seen | {one.bill_id}
            ours, theirs = one.statement, statement_of(book, sale)
            assert not one.faults, one.faults
            assert (ours.state, len(ours.lines)) == (theirs.state, len(theirs.lines))
            assert ours.contract.creditor == theirs.contract.creditor
            assert {block.block for block in one.blocks} == theirs.contract.blocks
            assert [b.sum.count for b in ours.bands] == [b.sum.count for b in theirs.bands]
            if sale.case not in OWN:
                assert totals(ours) == totals(theirs), sale.case
                assert ours.broken_agreements == theirs.broken_agreements
    assert seen == set(sales)


def test_the_days_that_pass_make_no_other_debt_and_a_receipt_does():
    person = mandatory(date(2026, 11, 27)).person(5001)
    prints = []
    for day in (date(2026, 11, 27), date(2026, 11, 28)):
        ledger = Ledger.on(day)
        prints.append(reading.content_hash(told(ledger, person)))
    assert prints[0] == prints[1]
    content = told(ledger, person)
    content["statement"][0]["installments"][-1]["receipts"] = [
        {"receiptDate": "2026-11-28", "netReceiptValue": "10.00", "receiptType": "Recebimento"}
    ]
    assert reading.content_hash(content) != prints[0]
