"""What the customer no longer answers is closed by itself, where the company wants it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app import clock
from app.channels.models import Channel
from app.contacts.consent import service as consent
from app.conversations import service
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.presenting import event_text, rule_name
from app.conversations.rules import SYSTEM_MAY
from app.conversations.service import Author
from app.errors import Conflict
from app.extensions import db
from app.scheduling import service as scheduling
from app.transactions import atomic
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("context")
Decides = Callable[..., None]


@pytest.fixture
def answered(talk: int, cast: Cast, decides: Decides) -> int:
    """Ana answered, and it arrived; the company closes after 24 hours of silence."""
    decides("silence", silence_closes="1")
    service.take_over(talk, person(cast.ana), 1)
    service.reply(talk, Author(user=person(cast.ana)), "Posso ajudar em algo mais?")
    arrived()
    return talk


def arrived() -> None:
    """What we wrote was delivered."""
    with atomic() as session:
        session.execute(update(OutboxEntry).values(state="done"))
        session.execute(update(Message).where(Message.status == "queued").values(status="read"))
        session.execute(
            update(Conversation)
            .where(Conversation.last_message_status == "queued")
            .values(last_message_status="read")
        )


def after(hours: float) -> list[str]:
    """Look, so many hours from now; what was said to the customer altogether."""
    clock.shift(timedelta(hours=hours))
    db.session.expire_all()
    service.close_silent()
    said = [message.body for message in messages("out")]
    arrived()
    return said


def test_closed_with_a_message_of_the_system_exactly_once(answered: int, app: Flask) -> None:
    assert len(after(23.9)) == 1
    assert conversation().status == "open"
    clock.shift(timedelta(hours=24.1))

    def look(_: int) -> None:
        with app.app_context():
            service.close_silent()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    said = messages("out")
    assert len(said) == 2
    assert (said[-1].author_kind, said[-1].author_id) == ("system", None)
    assert said[-1].payload == {"rule": "closing"}
    assert rule_name("closing") == "Encerramento"
    assert "encerrar este atendimento" in said[-1].body
    found = conversation()
    assert (found.status, found.closed_by_id) == ("closed", None)
    assert event_text(messages("event")[-1]) == (
        "Encerrada pelo sistema: o cliente não respondeu em 24 h"
    )


def test_never_unless_it_is_wanted(answered: int, decides: Decides) -> None:
    decides("silence", silence_closes="")
    after(100)
    assert conversation().status == "open"


def test_never_while_the_customer_waits_for_us(answered: int, client: FlaskClient) -> None:
    tell(client, received("Ainda não resolveu"))
    after(48)
    assert conversation().status == "open"


@pytest.mark.parametrize("trouble", ["failed", "uncertain"])
def test_never_when_our_last_message_may_not_have_arrived(answered: int, trouble: str) -> None:
    with atomic():
        conversation().last_message_status = trouble
    after(25)
    assert conversation().status == "open"


def test_never_while_the_channel_is_down_or_something_is_on_its_way(
    answered: int, cast: Cast, channel: int
) -> None:
    with atomic():
        db.session.get_one(Channel, channel).state = "disconnected"
    after(25)
    assert conversation().status == "open"
    with atomic():
        db.session.get_one(Channel, channel).state = "connected"
    clock.shift(timedelta())
    service.reply(answered, Author(user=person(cast.ana)), "Ainda estou vendo")
    clock.shift(timedelta(hours=25))
    service.close_silent()
    assert conversation().status == "open"


def test_never_what_was_put_off(answered: int, cast: Cast) -> None:
    service.snooze(answered, person(cast.ana), None, 2)
    after(48)
    assert conversation().status == "open"


def test_warned_before_and_spared_by_an_answer(
    answered: int, decides: Decides, client: FlaskClient, cast: Cast
) -> None:
    decides("silence", silence_closes="1", silence_hours="10", silence_warning_hours="2")
    assert len(after(7.9)) == 1
    assert after(8.1)[-1].startswith("Você ainda precisa de ajuda?")
    assert len(after(9.9)) == 2
    assert conversation().status == "open"
    # The customer answers: nothing ends, and the silence begins anew with our next message.
    tell(client, received("Sim, preciso"))
    after(10.2)
    assert conversation().status == "open"
    service.reply(answered, Author(user=person(cast.ana)), "Estou aqui")
    arrived()
    assert len(after(18)) == 3
    assert len(after(18.4)) == 4
    assert len(after(20.5)) == 5
    assert conversation().status == "closed"


def test_whoever_was_silent_long_before_is_not_written_to(answered: int) -> None:
    assert len(after(24 + 24.5)) == 1
    assert conversation().status == "closed"


def test_without_a_message_it_is_closed_quietly(answered: int, decides: Decides) -> None:
    decides("silence", silence_closes="1", silence_message="")
    assert len(after(25)) == 1
    assert conversation().status == "closed"


def test_the_system_says_only_what_it_may_and_only_to_whom_it_saw(answered: int) -> None:
    assert "marketing" not in SYSTEM_MAY
    with pytest.raises(ValueError, match="marketing"):
        service.reply(answered, Author(rule="marketing", owner_version=2), "Compre já")
    with pytest.raises(Conflict):
        service.reply(answered, Author(rule="closing", owner_version=1), "Tchau")
    assert len(messages("out")) == 1


def test_never_while_something_is_yet_to_be_said(answered: int, cast: Cast) -> None:
    scheduling.schedule(answered, person(cast.ana), "Até amanhã", clock.now() + timedelta(hours=30))
    after(25)
    assert conversation().status == "open"


def test_who_asked_not_to_be_written_to_is_closed_without_a_word(
    answered: int, cast: Cast, decides: Decides
) -> None:
    decides("silence", silence_closes="1", silence_warning_hours="4")
    consent.set_opt_out(conversation().contact_id, person(cast.gisele), "", None)

    assert after(21) == ["Posso ajudar em algo mais?"]
    assert after(25) == ["Posso ajudar em algo mais?"]
    assert conversation().status == "closed"
