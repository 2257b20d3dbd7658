"""The sample data fills an empty database once, and sends nothing."""

from datetime import UTC, datetime

import pytest

from app.accounts.models import User
from app.consultants import queries as roster
from app.conversations import counters
from app.conversations.models import Conversation, InboxCounter, OutboxEntry
from app.extensions import db
from app.forwarding import queries as line
from app.protocols.models import Protocol
from app.seed import seed
from app.seed.history import TALKS as HISTORY
from app.seed.history import history
from app.seed.talks import TALKS
from app.seed.turns import HANDED, PEOPLE, WAITING
from app.surveys.models import Survey

pytestmark = pytest.mark.usefixtures("channel", "context")


def counted() -> dict[str, int]:
    return {row.tab: row.total for row in db.session.query(InboxCounter)}


def settled() -> dict[str, int]:
    """What the tabs hold when it is counted anew."""
    counters.settle()
    db.session.expire_all()
    return counted()


def test_it_fills_an_empty_database_sends_nothing_and_can_run_again() -> None:
    seed()
    assert {entry.state for entry in db.session.query(OutboxEntry)} == {"done"}
    assert counted() == settled()
    again = seed()

    assert "já estavam" in again
    told = len(TALKS) + HISTORY + len(HANDED) + len(WAITING)
    assert db.session.query(Conversation).count() == told
    assert len(roster.in_order()) == len(PEOPLE) - 1  # one has left
    assert [place.position for place in line.line()] == [1, 2, 1]  # two languages
    protocols = db.session.query(Protocol).order_by(Protocol.number)
    times = [protocol.created_at for protocol in protocols]
    assert times == sorted(times), "numbers follow the time"
    ended = db.session.query(Conversation).filter_by(status="closed")
    assert ended.filter(Conversation.closing_reason_id.is_not(None)).count() > 30
    emails = {user.email.partition("@")[0] for user in db.session.query(User)}
    scores = {score for (score,) in db.session.query(Survey.score) if score}
    assert len(scores) > 3, "some customers answered, and not all the same"
    assert emails == {"atendente", "atendente2", "gestor", "financeiro", "admin"}


def test_the_same_seed_and_date_tell_the_same_talks() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert history(1, noon) == history(1, noon)
    assert history(1, noon) != history(2, noon)
    assert all(minutes > 0 for talk in history(1, noon) for minutes, _, _ in talk.steps)
