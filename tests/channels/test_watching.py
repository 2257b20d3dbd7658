"""An instance that says it is connected and is dead; and what was held for too long."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.channels import live, service, usual, watching
from app.channels.models import Channel, ChannelHour
from app.conversations import outbox
from app.conversations import service as conversations
from app.conversations.held import version as held_version
from app.conversations.models import Message
from app.conversations.service import Author
from app.extensions import db
from app.transactions import atomic
from tests.cast import Cast
from tests.running import Running
from tests.screens import Screen
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


def weeks_like_this(channel_id: int, weeks: int, every: int, hour: int = 9) -> None:
    """So many weeks in which something came every so many minutes, all day from nine to noon."""
    with atomic():
        for week in range(1, weeks + 1):
            nine = MORNING - timedelta(weeks=week) + timedelta(hours=hour - 9)
            for minute in range(0, 180, every):
                usual.note(channel_id, nine + timedelta(minutes=minute))


def page_says(channel_id: int, gisele: FlaskClient) -> str:
    page = gisele.get(f"/canais/{channel_id}/cartao").text
    cell = page.split("Vigia do silêncio")[1].split("<dd")[1]
    return " ".join(cell.split(">", 1)[1].split("<")[0].split())


def test_what_is_suspicious_is_twice_what_is_usual_in_this_hour_of_this_weekday(
    app: Flask, heard_at_nine: int, login_as: Login, cast: Cast
) -> None:
    gisele = login_as(cast.gisele)
    weeks_like_this(heard_at_nine, 3, every=10)
    at(MORNING + timedelta(minutes=45))
    assert said(heard_at_nine) is None, "three weeks are no history"
    words = page_says(heard_at_nine, gisele)
    assert "2 h sem nada. Ainda há pouca história: 3 de 4 semanas" in words
    weeks_like_this(heard_at_nine, 5, every=10)
    words = page_says(heard_at_nine, gisele)
    assert "terça-feira o silêncio mais longo costuma ser de 10 min (últimas 5 semanas)" in words
    assert "depois de 20 min sem nada" in words
    at(MORNING + timedelta(minutes=19))
    assert said(heard_at_nine) is None
    at(MORNING + timedelta(minutes=21))
    assert said(heard_at_nine) == watching.ELSEWHERE


def test_a_quiet_hour_and_a_holiday_are_no_fault(
    app: Flask, heard_at_nine: int, login_as: Login, cast: Cast
) -> None:
    weeks_like_this(heard_at_nine, 7, every=10)  # nothing after noon, and an eighth week of nothing
    at(MORNING + timedelta(hours=7))
    with atomic():
        db.session.get_one(Channel, heard_at_nine).last_inbound_at = MORNING + timedelta(hours=2.9)
    assert said(heard_at_nine) is None, "it is silent every afternoon"
    at(MORNING + timedelta(days=4, hours=3))
    gisele = login_as(cast.gisele)
    assert (
        page_says(heard_at_nine, gisele) == "Agora não conta: só de segunda a sexta, das 8 às 18 h."
    )


def test_what_arrives_is_remembered_by_five_minutes_and_forgotten_after_its_weeks(
    app: Flask, client: FlaskClient, channel: int
) -> None:
    with app.app_context():
        for minutes in (0, 3, 12):
            at(MORNING + timedelta(minutes=minutes))
            tell(client, received("Oi"))
        assert db.session.scalars(select(ChannelHour.slots)).all() == [0b101]
        at(MORNING + timedelta(weeks=10))
        usual.forget_old()
        assert db.session.scalars(select(ChannelHour.slots)).all() == []


@given(st.dictionaries(st.integers(8, 17), st.integers(0, 4095)), st.integers(8, 17))
def test_the_longest_silence_is_what_one_sees_on_paper(slots: dict[int, int], hour: int) -> None:
    heard = [bool(slots.get(at // 12, 0) >> (at % 12) & 1) for at in range(8 * 12, 18 * 12)]
    touching = range((hour - 8) * 12, (hour - 7) * 12)
    runs = [
        end - begin
        for begin in range(120)
        for end in range(begin + 1, 121)
        if not any(heard[begin:end]) and any(begin <= at < end for at in touching)
    ]
    expected = max(runs, default=0) + 1 if any(heard) else None
    assert usual.longest_silence(slots, hour, 8, 18) == expected


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


def test_the_list_on_an_open_page_follows_by_itself(
    app: Flask, held: int, running: Running, cast: Cast, login_as: Login
) -> None:
    def screen(user_id: int) -> Screen:
        cookie = login_as(user_id).get_cookie("guiche")
        assert cookie
        return Screen(running.web(), cookie.value)

    region = f"held:{held}"
    with screen(cast.gisele) as gisele, screen(cast.ana) as ana:
        shown = str(db.session.scalar(held_version(held)))
        assert gisele.sync(**{f"held_{held}": shown}) == []
        conversations.release_held(held, person(cast.gisele))
        assert gisele.was_touched(region)
        assert gisele.sync(**{f"held_{held}": shown}) == [region]
        assert gisele.sync(**{f"held_{held}": ""}) == []
        assert region not in ana.touched
