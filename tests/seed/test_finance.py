"""Finance of the demo: told by its own services against the ERP's double, and once."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.accounts.models import User
from app.conversations.models import Conversation, Message, OutboxEntry
from app.debts.agreements.models import Agreement, FinanceTask
from app.debts.lookups.models import Snapshot
from app.debts.simulations.models import DebtOffer, Simulation
from app.extensions import db
from app.seed import finance
from app.seed.finance import Refused, acts, tell_finance
from app.seed.finance.stories import STORIES
from app.seed.staff import hire
from app.transactions import atomic
from tests.debts.lookups.conftest import Erp, erp

__all__ = ["erp"]
NOW = datetime(2026, 11, 27, 14, 0, tzinfo=clock.COMPANY_ZONE)


@pytest.fixture
def staffed(context: None, channel: int, app: Flask, erp: Erp, monkeypatch: Any) -> None:
    """The demo's people, on a Friday afternoon."""
    seconds = int((NOW - datetime.now(clock.COMPANY_ZONE)).total_seconds())
    settings = app.config["SETTINGS"]
    for name, value in {
        "clock_shift_seconds": seconds,
        "fictitious_data": True,
        "public_url": "http://127.0.0.1:5999",
    }.items():
        monkeypatch.setattr(settings, name, value)
    clock.shift(NOW - datetime.now(clock.COMPANY_ZONE))
    erp.post("sienge-book/day", today=NOW.date().isoformat())
    with atomic():
        hire("")


@pytest.mark.usefixtures("staffed")
def test_every_state_is_told_once_by_whatever_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    real = acts.tell

    def killed(one: Any) -> None:
        told.append(one)
        real(one)
        if len(told) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(acts, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        tell_finance()
    assert tell_finance().startswith(f"{len(STORIES) - 2} ")
    assert tell_finance().startswith("0 ")

    offers = db.session.query(DebtOffer).all()
    states = {"awaiting_approval", "approved", "refused", "sent", "accepted", "expired"}
    assert {one.state for one in offers} == states
    assert all(one.author_id != one.approver_id for one in offers)
    agreements = db.session.query(Agreement).order_by(Agreement.number).all()
    assert {one.state for one in agreements} == {"accepted", "effective", "fulfilled", "broken"}
    assert {one.check_state for one in agreements} == {"confirmed"}
    assert len({one.bill for one in agreements}) == len(agreements)
    times = [one.accepted_at for one in agreements]
    assert times == sorted(times), "numbers follow the time"
    tasks = {(one.kind, one.done_at is not None) for one in db.session.query(FinanceTask)}
    assert {("launch", True), ("launch", False), ("undo", False)} <= tasks
    assert db.session.query(Simulation).count() >= len([one for one in STORIES if one.tries])
    assert {one.state for one in db.session.query(Snapshot)} == {"fresh", "not_found"}
    assert {one.state for one in db.session.query(OutboxEntry)} == {"done"}, "nothing is sent"
    assert not db.session.query(Conversation).filter(Conversation.unread_count > 0).count()
    assert not db.session.query(Message).filter(Message.created_at > clock.now()).count()


@pytest.mark.usefixtures("staffed")
def test_it_is_told_nowhere_but_in_fictitious_data(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(app.config["SETTINGS"], "fictitious_data", False)
    with pytest.raises(Refused):
        finance.tell_finance()
    assert db.session.query(Snapshot).count() == 0
    levels = {one.email.partition("@")[0]: one.approval_level for one in db.session.query(User)}
    assert (levels["financeiro"], levels["gestor"], levels["admin"]) == (2, 3, 4)
