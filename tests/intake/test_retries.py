"""What fails past the receipt is kept, tried again with growing waits, and can be replayed."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock
from app.accounts.models import AuditEntry, User
from app.channels import service as channels
from app.conversations import service as conversations
from app.conversations.models import Message
from app.conversations.service.inbound import TryLater
from app.errors import Conflict
from app.extensions import db, redis_client
from app.intake import service
from app.intake.models import Receipt
from tests.intake.bodies import received


@pytest.fixture
def broken(context, channel, monkeypatch):
    """Messages cannot be stored, until `repair()`."""
    whole = conversations.receive

    def fail(channel, contact, message, identity_id):
        whole(channel, contact, message, identity_id)
        raise RuntimeError("a fault of ours near 5548991234567")

    monkeypatch.setattr(conversations, "receive", fail)
    return lambda: monkeypatch.setattr(conversations, "receive", whole)


def _receipt():
    db.session.rollback()
    return db.session.query(Receipt).populate_existing().one()


def _messages():
    db.session.rollback()
    return db.session.query(Message).filter_by(direction="in").count()


def test_a_failing_step_keeps_the_receipt_and_answers_200(client, broken):
    assert client.post("/webhook/whatsapp", json=received()).status_code == 200
    receipt = _receipt()
    assert (receipt.state, receipt.attempts) == ("failed", 1)
    assert receipt.next_try_at > clock.now()
    assert "RuntimeError" in receipt.note
    assert "5548991234567" not in receipt.note
    assert _messages() == 0


def test_nothing_of_a_failed_step_is_announced(client, broken, monkeypatch):
    pushed = []
    monkeypatch.setattr("app.live._emit", lambda *args: pushed.append(args))
    client.post("/webhook/whatsapp", json=received())
    assert all("inbox" not in room for _, _, room in pushed)


def test_the_retry_succeeds_once_the_fault_is_gone(client, broken):
    client.post("/webhook/whatsapp", json=received())
    broken()
    service.retry(_receipt().id)
    assert (_receipt().state, _receipt().note, _messages()) == ("processed", None, 1)
    service.retry(_receipt().id)
    assert _messages() == 1


def test_the_sweep_finds_what_is_due_and_nothing_else(client, broken):
    client.post("/webhook/whatsapp", json=received())
    broken()
    service.redrive()
    assert _messages() == 0
    clock.shift(timedelta(seconds=2))
    service.redrive()
    assert _messages() == 1


def test_a_lost_redis_loses_no_retry(client, broken):
    client.post("/webhook/whatsapp", json=received())
    redis_client().flushall()
    broken()
    clock.shift(timedelta(seconds=2))
    service.redrive()
    assert _messages() == 1


def test_the_waits_grow_and_end(client, broken):
    client.post("/webhook/whatsapp", json=received())
    waits = []
    while (due := _receipt().next_try_at) is not None:
        waits.append(due - clock.now())
        clock.shift(clock._shift + (due - clock.now()) + timedelta(seconds=1))
        service.redrive()
    assert [round(wait.total_seconds()) for wait in waits] == list(service.RETRY_WAITS)
    assert (_receipt().state, _receipt().attempts) == ("failed", len(service.RETRY_WAITS) + 1)
    clock.shift(timedelta(days=2))
    service.redrive()
    assert _receipt().attempts == len(service.RETRY_WAITS) + 1


def test_ticks_of_a_message_still_on_its_way_are_tried_again(client, context, channel, monkeypatch):
    def too_early(channel, update):
        raise TryLater("cedo demais")

    monkeypatch.setattr(conversations, "record_status", too_early)
    tick = {"type": "MessageStatusCallback", "status": "READ", "ids": ["X"]}
    client.post("/webhook/whatsapp", json=tick)
    assert (_receipt().state, _receipt().note) == ("failed", "cedo demais")


def test_two_workers_do_not_do_the_same_receipt(app, client, broken):
    client.post("/webhook/whatsapp", json=received())
    broken()
    receipt_id = _receipt().id
    with db.engine.connect() as other:
        other.execute(text("SELECT 1 FROM receipts FOR UPDATE"))
        service.retry(receipt_id)
        other.rollback()
    assert _messages() == 0
    service.retry(receipt_id)
    assert _messages() == 1


def test_a_replay_does_what_was_never_done_and_is_recorded(client, broken, cast):
    client.post("/webhook/whatsapp", json=received())
    broken()
    admin = db.session.get(User, cast.adriana)
    replayed = service.replay(_receipt().id, admin)
    assert (replayed.state, replayed.replays, _messages()) == ("processed", 1, 1)
    entry = db.session.query(AuditEntry).filter_by(action="receipt.replayed").one()
    assert (entry.before, entry.after) == ({"state": "failed"}, {"state": "processed"})


@pytest.mark.parametrize("fields", [{}, {"messageId": None}])
def test_replaying_what_was_done_doubles_nothing(client, context, channel, cast, fields):
    client.post("/webhook/whatsapp", json=received(**fields))
    service.replay(_receipt().id, db.session.get(User, cast.adriana))
    assert (_receipt().state, _messages()) == ("processed", 1)


def test_a_quarantined_receipt_is_done_once_its_channel_exists(client, context, channel, cast):
    client.post("/webhook/whatsapp", json=received(instanceId="OUTRA"))
    admin = db.session.get(User, cast.adriana)
    with pytest.raises(Conflict):
        service.replay(_receipt().id, admin)
    other = channels.create(admin, "Outro", "OUTRA", "TOK", "CT-1", 1)
    service.replay(_receipt().id, admin)
    assert _receipt().state == "processed"
    assert db.session.query(Message).filter_by(direction="in").one().channel_id == other.id


def test_a_fault_in_reading_a_body_loses_nothing(client, context, channel, cast, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("app.integrations.zapi.parse", lambda payload: 1 / 0)
        assert client.post("/webhook/whatsapp", json=received()).status_code == 200
    assert _receipt().state == "failed"
    service.retry(_receipt().id)
    assert (_receipt().state, _messages()) == ("processed", 1)


def test_a_database_that_comes_back_in_a_moment_costs_only_the_wait(client, context, channel):
    db.session.rollback()
    with db.engine.connect() as other:
        other.execution_options(isolation_level="AUTOCOMMIT").execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert client.post("/webhook/whatsapp", json=received()).status_code == 200
    assert _messages() == 1
    db.session.rollback()
    db.engine.dispose()  # what is left of the pool is as dead; the next test wants it whole
