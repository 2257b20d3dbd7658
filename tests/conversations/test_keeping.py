"""A customer's message meets, in the same instant, what staff do with the conversation."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import clock
from app.conversations.models import Conversation
from app.conversations.threads import locked, note_event
from app.extensions import db
from app.transactions import atomic
from tests.processes import eventually
from tests.telling import conversation, messages, received, tell

pytestmark = pytest.mark.usefixtures("channel")


def somebody_waits() -> bool:
    """Whether a transaction waits for a row that another has locked."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with db.engine.connect() as apart:
        return apart.execute(text(waiting)).first() is not None


def act_while_a_message_arrives(app: Flask, act: Callable[[Conversation], object]) -> None:
    """Change the one conversation in a transaction that ends when a message waits for it."""
    teller = threading.Thread(target=tell, args=(app.test_client(), received("e agora?")))
    with app.app_context():
        found = conversation().id
        with atomic():
            act(locked(found))
            teller.start()
            assert eventually(somebody_waits)
        teller.join()


def test_a_message_and_an_event_in_one_instant_have_a_version_each(
    app: Flask, client: FlaskClient
) -> None:
    tell(client, received("oi"))

    act_while_a_message_arrives(app, lambda found: note_event(found, "took_over"))

    with app.app_context():
        versions = [message.version for message in messages()]
        assert len(set(versions)) == 3
        talk = conversation()
        assert talk.version == max(versions)
        assert (talk.unread_count, talk.last_message_preview) == (2, "e agora?")


def test_a_conversation_closed_in_that_instant_is_reopened(app: Flask, client: FlaskClient) -> None:
    def close(found: Conversation) -> None:
        found.status, found.closed_at = "closed", clock.now()

    tell(client, received("oi"))

    act_while_a_message_arrives(app, close)

    with app.app_context():
        talk = conversation()
        assert (talk.status, talk.owner_kind, talk.unread_count) == ("open", "nobody", 2)
        assert [message.body for message in messages("in")] == ["oi", "e agora?"]


def test_a_known_message_changes_nothing(app: Flask, client: FlaskClient) -> None:
    first = received("oi")
    tell(client, first)
    tell(client, first | {"forwarded": True})  # another receipt, the same message

    with app.app_context():
        assert len(messages("in")) == 1
        assert conversation().unread_count == 1
