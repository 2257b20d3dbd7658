"""A portfolio from the ERP's bulk addresses: computed with the ERP's corrected values."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.debts.portfolio.runs import pulling
from app.debts.portfolio.runs.models import PortfolioRefusal
from app.debts.portfolio.runs.service import today
from app.debts.portfolio.runs.working import redrive
from app.extensions import db
from portfolio.generated import generated
from portfolio.mandatory import mandatory
from tests.browser_client import as_page
from tests.debts.lookups.conftest import erp
from tests.debts.portfolio.test_runs import HOME, newest

__all__ = ["erp"]


@pytest.fixture
def begun(erp: Any, login_as: Any, cast: Any, context: None) -> Any:
    """Fábio pulled it and let it begin."""
    erp.post("sienge-book/day", today=today().isoformat())
    fabio = as_page(login_as(cast.fabio))
    assert "Puxar do Sienge" in fabio.get(HOME).text
    assert fabio.post(f"{HOME}/sienge").status_code == 302
    answer = fabio.post(f"{HOME}/{newest().id}", data={"dia": today().isoformat()})
    assert answer.status_code == 302
    return fabio


def test_the_whole_company_is_pulled_and_a_window_that_fails_is_halved(
    begun: Any, erp: Any, work: Any
) -> None:
    erp.fault(call="GET customer-extract-history", status=500, times=3)
    before = erp.spent()
    work("bulk")
    made = newest()
    assert made.state == "done", made.error
    sales = [*mandatory(today()).sales, *generated(today()).sales]
    rows = [one for sale in sales for one in sale.instalments if not one.settled]
    part_paid = [one for one in rows if one.receipts]
    aside = [one for one in rows if one.kind in ("CH", "FI", "FG") and not one.receipts]
    assert made.refused == len(part_paid)
    assert made.aside == len(aside) > 0
    assert made.instalments == len(rows) - len(part_paid) - len(aside)
    assert made.result["late_contracts"] > 80
    assert [one["contracts"] for one in made.result["differing"]] == [0, 0]
    assert "foi paga em parte" in db.session.query(PortfolioRefusal).first().reason
    assert erp.spent() - before < 50  # some pages of contracts, a year of due dates a call


def test_an_erp_that_asks_to_wait_is_waited_for(begun: Any, erp: Any, work: Any) -> None:
    erp.post("sienge-book/limits", minute=2, day=1_000)
    work("bulk")
    waiting = newest()
    assert (waiting.state, waiting.attempts) == ("reading", 0)
    erp.post("sienge-book/limits", minute=100_000, day=100_000)
    clock.shift(timedelta(minutes=30))
    redrive()
    work("bulk")
    assert newest().state == "done"


def test_the_last_window_is_known() -> None:
    assert pulling.Place(2, pulling.length()).ended
    assert not pulling.Place().ended
