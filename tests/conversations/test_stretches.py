"""A thread opened at one of its messages: what is around it, and both ways onwards."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.conversations import queries, stretches
from app.conversations.models import Conversation, Message
from app.extensions import db
from tests.cast import Cast
from tests.telling import Login, received, tell

pytestmark = pytest.mark.usefixtures("channel")


@pytest.fixture
def talk(app: Flask, client: FlaskClient) -> int:
    """A thread of 200 messages, each two of the same moment."""
    tell(client, received("m0"))
    with app.app_context():
        first = db.session.query(Message).one()
        db.session.add_all(
            Message(
                conversation_id=first.conversation_id, channel_id=first.channel_id, direction="in",
                author_kind="customer", body=f"m{n}", created_at=first.created_at,
                sorted_at=queries._moment(queries.micros(first.sorted_at) + n // 2 * 1000),
            )
            for n in range(1, 200)
        )  # fmt: skip
        db.session.commit()
        return first.conversation_id


def bodies(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'message-body">m(\d+)<', text)]


def message(app: Flask, body: str) -> int:
    with app.app_context():
        return int(db.session.query(Message.id).filter_by(body=body).scalar())


def next_page(text: str, way: str) -> str:
    found = re.search(rf'hx-get="([^"]+{way}=[^"]+)"', text)
    return found[1] if found else ""


def test_a_message_is_shown_among_its_neighbours_and_both_ways_lead_to_the_ends(
    app: Flask, cast: Cast, login_as: Login, talk: int
) -> None:
    ana = login_as(cast.ana)
    wanted = message(app, "m90")
    page = ana.get(f"/conversas/{talk}?mensagem={wanted}").text
    shown = bodies(page)
    assert shown == list(range(65, 116))
    assert f'data-mark="{wanted}"' in page
    assert re.search(r'id="thread"[^>]* data-more ', page)

    older, newer = page, page
    while path := next_page(older, "antes"):
        older = ana.get(path).text
        shown = bodies(older) + shown
    while path := next_page(newer, "depois"):
        newer = ana.get(path).text
        shown += bodies(newer)
    assert shown == list(range(200))
    assert bodies(ana.get(f"/conversas/{talk}/fim").text) == list(range(150, 200))


@pytest.mark.parametrize(("body", "first", "last"), [("m0", 0, 25), ("m199", 174, 199)])
def test_at_either_end_nothing_more_is_promised_there(
    app: Flask, cast: Cast, login_as: Login, talk: int, body: str, first: int, last: int
) -> None:
    page = login_as(cast.ana).get(f"/conversas/{talk}?mensagem={message(app, body)}").text
    assert bodies(page) == list(range(first, last + 1))
    assert bool(next_page(page, "antes")) == (first > 0)
    assert bool(next_page(page, "depois")) == (last < 199)


def test_a_message_of_another_conversation_opens_the_end(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login, talk: int
) -> None:
    tell(client, received("alheia", phone="5541933332222"))
    other = message(app, "alheia")
    ana = login_as(cast.ana)
    for wanted in (other, 10**15, "x", "9" * 30):
        page = ana.get(f"/conversas/{talk}?mensagem={wanted}").text
        assert bodies(page) == list(range(150, 200))
        assert "alheia</p>" not in page
    assert ana.get(f"/conversas/{talk}/mensagens?depois=x").status_code == 404


def test_an_outsider_gets_no_stretch(app: Flask, cast: Cast, login_as: Login, talk: int) -> None:
    fabio = login_as(cast.fabio)
    for path in (f"?mensagem={message(app, 'm1')}", "/fim", "/mensagens?depois=0-0"):
        assert fabio.get(f"/conversas/{talk}{path}").status_code == 404


@pytest.mark.usefixtures("context")
def test_a_stretch_needs_one_walk_however_long_the_thread(talk: int) -> None:
    found = stretches.around(talk, db.session.query(Message.id).filter_by(body="m50").scalar())
    assert found is not None
    assert (found.more, found.newer) == (True, True)
    assert stretches.around(db.session.query(Conversation.id).scalar() + 1, 1) is None
