"""The sample data fills an empty database once, and sends nothing."""

import pytest

from app.accounts.models import User
from app.conversations import counters
from app.conversations.models import Conversation, InboxCounter, OutboxEntry
from app.extensions import db
from app.seed import seed
from app.seed.talks import TALKS

pytestmark = pytest.mark.usefixtures("channel", "context")


def test_it_fills_an_empty_database_and_can_run_again() -> None:
    seed()
    again = seed()

    assert "já estavam" in again
    assert db.session.query(Conversation).count() == len(TALKS)
    emails = {user.email.partition("@")[0] for user in db.session.query(User)}
    assert emails == {"atendente", "atendente2", "gestor", "financeiro", "admin"}


def test_nothing_of_it_is_ever_sent() -> None:
    seed()
    assert {entry.state for entry in db.session.query(OutboxEntry)} == {"done"}


def test_its_counters_are_true() -> None:
    seed()
    before = {row.tab: row.total for row in db.session.query(InboxCounter)}
    counters.settle()
    db.session.expire_all()
    assert {row.tab: row.total for row in db.session.query(InboxCounter)} == before
