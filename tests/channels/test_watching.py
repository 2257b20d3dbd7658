"""An instance that says it is connected and is dead; and what was held for too long."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.channels import live, service, watching
from app.channels.models import Channel
from app.conversations import outbox
from app.conversations import service as conversations
from app.conversations.models import Message
from app.conversations.service import Author
from app.extensions import db
from app.transactions import atomic
from tests.cast import Cast
from tests.running import Running
from tests.telling import Login, conversation, csrf, messages, person, received, tell

MORNING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday, nine o'clock in São Paulo


@pytest.fixture
def vendor(app: Flask, running: Running, channel: int) -> Iterator[str]:
    """The sandbox, which this process calls."""
    url = running.sandbox()
    requests.post(f"{url}/reset", timeout=5)
    settings = app.config["SETTINGS"]
    before, settings.zapi_base_url = settings.zapi_base_url, url
    yield url
    settings.zapi_base_url = before
    requests.post(f"{url}/reset", timeout=5)


def at(moment: datetime) -> None:
    """It is this time now."""
    clock.shift(moment - datetime.now(UTC))


@pytest.fixture
def heard_at_nine(app: Flask, vendor: str, channel: int) -> Iterator[int]:
    """The channel heard something in the morning."""
    with app.app_context():
        at(MORNING)
        with atomic():
            found = db.session.get_one(Channel, channel)
            found.last_inbound_at = found.state_at = MORNING
        yield channel


def said(channel_id: int) -> str | None:
    """What the watchdog finds now."""
    watching.look_at_all()
    return db.session.get_one(Channel, channel_id, populate_existing=True).quiet_reason


@pytest.mark.parametrize(
    ("hours", "suspicious"), [(1.9, False), (2.1, True), (9.5, False), (24 * 4 + 3, False)]
)
def test_silence_is_suspicious_only_in_business_hours(
    heard_at_nine: int, hours: float, suspicious: bool
) -> None:
    at(MORNING + timedelta(hours=hours))
    assert bool(said(heard_at_nine)) == suspicious
    assert bool(live.banner()["down"]) == suspicious


def test_it_says_what_is_wrong_and_is_over_with_the_next_message(
    heard_at_nine: int, vendor: str
) -> None:
    at(MORNING + timedelta(hours=3))
    assert said(heard_at_nine) == watching.ELSEWHERE
    channel = db.session.get_one(Channel, heard_at_nine)
    assert channel.quiet_since == MORNING
    with atomic():
        channel.last_inbound_at = clock.now()
    assert said(heard_at_nine) is None
    service.messenger_for(channel).point_webhooks(service.webhook_address(channel))
    at(MORNING + timedelta(hours=6))
    assert said(heard_at_nine) == watching.SILENT


@pytest.fixture
def held(app: Flask, client: FlaskClient, vendor: str, channel: int, cast: Cast) -> Iterator[int]:
    """Ana answered while the channel was down; an hour later it is back."""
    with app.app_context():
        tell(client, received("Oi"))
        talk = conversation().id
        conversations.take_over(talk, person(cast.ana), 1)
        service.note_state(db.session.get_one(Channel, channel), False, None, None)
        conversations.reply(talk, Author(user=person(cast.ana)), "Resposta antiga")
        clock.shift(timedelta(hours=1))
        service.note_state(db.session.get_one(Channel, channel), True, None, None)
        outbox.deliver_channel(channel)
        yield channel


def states() -> list[str | None]:
    db.session.rollback()
    return [message.status for message in messages("out")]


def test_what_was_held_for_long_waits_for_a_decision_and_the_banner_says_so(held: int) -> None:
    assert states() == ["queued"]
    [channel] = live.banner()["down"]  # type: ignore[misc]
    assert channel.held_count == 1
    outbox.redrive()
    outbox.deliver_channel(held)
    assert states() == ["queued"]


def test_a_manager_sends_it(
    held: int, login_as: Login, cast: Cast, work: Callable[..., int]
) -> None:
    conversations.release_held(held, person(cast.gisele))
    work("outbound")
    assert states()[0] in {"sent", "delivered", "read"}  # the phone may be faster than we
    assert live.banner()["down"] == []


def test_a_manager_discards_it_and_each_message_says_who(
    held: int, cast: Cast, work: Callable[..., int]
) -> None:
    conversations.discard_held(held, person(cast.gisele))
    work()
    [message] = messages("out")
    assert message.status == "cancelled"
    assert "Gisele Prado descartou" in (message.error or "")
    assert live.banner()["down"] == []
    assert conversation().waiting_since is not None


def test_what_was_held_briefly_leaves_by_itself(
    app: Flask, client: FlaskClient, vendor: str, channel: int, cast: Cast
) -> None:
    with app.app_context():
        tell(client, received("Oi"))
        conversations.take_over(conversation().id, person(cast.ana), 1)
        service.note_state(db.session.get_one(Channel, channel), False, None, None)
        conversations.reply(conversation().id, Author(user=person(cast.ana)), "Já volto")
        clock.shift(timedelta(minutes=20))
        service.note_state(db.session.get_one(Channel, channel), True, None, None)
        outbox.deliver_channel(channel)
        assert db.session.scalars(select(Message.status).where(Message.direction == "out")).all()
        assert states() == ["sent"]


def test_the_page_lists_what_is_held(
    app: Flask, client: FlaskClient, vendor: str, channel: int, cast: Cast, login_as: Login
) -> None:
    page = f"/canais/{channel}/guardadas"
    gisele = login_as(cast.gisele)
    assert "Enviar todas" not in gisele.get(page).text
    with app.app_context():
        tell(client, received("Oi"))
        talk = conversation().id
        conversations.take_over(talk, person(cast.ana), 1)
        service.note_state(db.session.get_one(Channel, channel), False, None, None)
        conversations.reply(talk, Author(user=person(cast.ana)), "Guardada <i>aqui</i>")
        clock.shift(timedelta(hours=1))
        service.note_state(db.session.get_one(Channel, channel), True, None, None)
    assert "Guardada &lt;i&gt;aqui" in gisele.get(page).text
    assert "Enviando" in gisele.post(page, headers=csrf(gisele)).text
    assert login_as(cast.ana).get(page).status_code == 404
