"""Looking a customer up in the ERP: what comes back is read, kept, and computed to the cent."""

from datetime import date

import pytest

from app.debts.engine.statement.analysis import State
from app.debts.engine.statement.contract import Block
from app.debts.engine.statement.lines import Cause
from app.debts.engine.warnings import Warned
from app.debts.lookups import reading
from portfolio.mandatory import NOT_FOUND, mandatory

DAY = date(2026, 11, 27)
BOOK = mandatory(DAY)


def document(case: int) -> str:
    return BOOK.person(5000 + case).document


def read(snapshot, case=None):
    found = reading.contracts(snapshot, DAY)
    return found if case is None else next(c for c in found if c.bill_id == 1000 + case * 10)


@pytest.fixture
def on_the_day(erp):
    erp.post("sienge-book/day", today=DAY.isoformat())
    return erp


def test_what_is_special_in_a_case_is_seen(app, on_the_day, look_up):
    def warned(case):
        return read(*look_up(document(case)), case).statement

    with app.app_context():
        assert Warned.FINE_CAPPED in warned(32).warnings
        assert Cause.CAP in warned(32).overdue[0].causes
        assert Cause.COMPOUND in warned(31).overdue[0].causes
        assert Cause.FLOOR in warned(11).overdue[0].causes
        assert Warned.FIDUCIARY in warned(19).warnings
        assert Warned.SUSPECT_TERM in warned(13).warnings
        assert warned(12).contract.correction.yearly
        assert warned(33).contract.late.daily is not None
        assert len(warned(10).overdue[0].open.imputed) == 3
        heir = read(*look_up(document(16)), 16).blocks[0]
        assert heir.block is Block.DECEASED
        assert "Teresa" in heir.words


def test_a_duplicated_record_is_one_customer_with_both_ids(app, on_the_day, look_up):
    (snapshot,) = look_up(document(34))
    with app.app_context():
        assert snapshot.erp_customer_ids == [5034, 5134]
        assert [c.bill_id for c in read(snapshot)] == [1340, 1341]
        assert reading.customer(snapshot).other_ids == (5134,)


def test_both_buyers_see_the_one_contract(app, on_the_day, look_up):
    with app.app_context():
        for snapshot in look_up(document(24), BOOK.person(5124).document):
            (only,) = read(snapshot)
            assert [b.id for b in only.buyers] == [5024, 5124]


def test_a_document_that_nobody_has_is_an_answer_too(look_up):
    (snapshot,) = look_up(NOT_FOUND)
    assert (snapshot.state, snapshot.content["customers"]) == ("not_found", [])


def test_a_look_up_is_used_again_for_some_minutes(app, erp, look_up):
    (first,) = look_up(document(1))
    calls = erp.spent()
    assert look_up(document(1))[0].id == first.id
    assert erp.spent() == calls
    (again,) = look_up(document(1), refresh=True)
    assert again.id != first.id
    assert again.content_hash == first.content_hash
    with app.app_context():
        assert read(again, 1).statement.state is State.OVERDUE
