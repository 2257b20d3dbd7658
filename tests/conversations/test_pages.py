"""The inbox's pages: who sees them, a fixed number of queries, and paging by key."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.conversations import queries, service
from app.conversations.models import Conversation
from app.extensions import db
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, conversation, csrf, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")


@pytest.fixture
def talk(app: Flask, client: FlaskClient) -> int:
    """A conversation that the bot owns; its id."""
    tell(client, received("oi"))
    return the_talk(app)


def the_talk(app: Flask) -> int:
    """The id of the one conversation. No context stays open: it would remember who is logged in."""
    with app.app_context():
        return conversation().id


def many_talks(client: FlaskClient, count: int) -> None:
    for number in range(count):
        tell(client, received(f"talk {number}", phone=f"55009000{number:05d}"))


def test_the_number_of_queries_does_not_grow_with_the_list(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    browser = login_as(cast.ana)
    many_talks(client, 2)
    browser.get("/conversas")
    few = queries_of(app, browser, "/conversas")
    many_talks(client, 12)
    many = queries_of(app, browser, "/conversas")

    assert len(few) == len(many)
    assert len(many) <= 6, many


def test_the_number_of_queries_of_a_thread_is_fixed(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    for number in range(30):
        tell(client, received(f"mensagem {number}"))
    talk = the_talk(app)
    with app.app_context():
        service.take_over(talk, person(cast.ana), 1)
        service.add_note(talk, person(cast.ana), "nota")

    seen = queries_of(app, login_as(cast.ana), f"/conversas/{talk}", {"HX-Request": "true"})
    assert len(seen) <= 5, seen

    # The whole page is the list and the thread at once; who works here is read once for both.
    seen = queries_of(app, login_as(cast.ana), f"/conversas/{talk}")
    assert len(seen) <= 6, seen
    assert sum("FROM users" in one and "users.active ORDER BY" in one for one in seen) == 1


def queries_of(
    app: Flask, browser: FlaskClient, path: str, headers: dict[str, str] | None = None
) -> list[str]:
    """The statements that a page costs, the second time it is asked for."""
    with app.app_context():
        engine = db.engine
    browser.get(path, headers=headers)
    with counted_queries(engine) as seen:
        assert browser.get(path, headers=headers).status_code == 200
    return seen.statements


@pytest.mark.parametrize("order", ["newest", "waiting"])
@pytest.mark.usefixtures("context")
def test_every_conversation_is_on_exactly_one_page(
    client: FlaskClient, cast: Cast, order: str
) -> None:
    many_talks(client, 7)
    db.session.rollback()
    # Some of them at the very same moment, some waiting for nobody.
    rows = db.session.query(Conversation).order_by(Conversation.id).all()
    for row in rows[:4]:
        row.last_message_at = rows[0].last_message_at
        row.waiting_since = rows[0].waiting_since
    for row in rows[4:6]:
        row.waiting_since = None
    db.session.commit()

    seen: list[int] = []
    after = ""
    while True:
        page = queries.page(person(cast.ana), "all", order, after, size=2)
        seen += [row.id for row in page.rows]
        if not page.more or page.last is None:
            break
        after = queries.row_key(page.last, order)
    assert sorted(seen) == sorted(row.id for row in rows)
    assert len(seen) == len(set(seen))


@pytest.mark.usefixtures("context")
def test_who_waits_longest_comes_first(client: FlaskClient, cast: Cast) -> None:
    clock.shift(-timedelta(minutes=30))
    tell(client, received("cedo", phone="5500900000001"))
    clock.shift(timedelta())
    tell(client, received("tarde", phone="5500900000002"))

    page = queries.page(person(cast.ana), "all", "waiting")
    assert [row.last_message_preview for row in page.rows] == ["cedo", "tarde"]


@pytest.mark.usefixtures("context")
def test_older_messages_page_back_to_the_first(client: FlaskClient, cast: Cast) -> None:
    for number in range(7):
        tell(client, received(f"m{number}"))
    talk = conversation().id
    newest = queries.thread(talk, size=3)
    older = queries.thread(talk, queries.message_key(newest.messages[0]), size=3)
    oldest = queries.thread(talk, queries.message_key(older.messages[0]), size=3)

    parts = [*oldest.messages, *older.messages, *newest.messages]
    assert [m.body for m in parts] == [f"m{n}" for n in range(7)]
    assert (newest.more, older.more, oldest.more) == (True, True, False)


def test_a_screen_gets_what_it_missed_and_nothing_when_it_missed_nothing(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login, talk: int
) -> None:
    with app.app_context():
        version = conversation().version
    browser = login_as(cast.ana)
    tell(client, received("dois"))

    answer = browser.get(f"/conversas/{talk}/mudancas?v={version}")
    assert "dois" in answer.text
    assert "oi</p>" not in answer.text
    newest = answer.headers["X-Region-Version"]
    assert browser.get(f"/conversas/{talk}/mudancas?v={newest}").status_code == 204


def test_an_outsider_finds_nothing_and_may_do_nothing(
    app: Flask, cast: Cast, login_as: Login, talk: int
) -> None:
    outsider = login_as(cast.fabio)
    headers = csrf(outsider)

    for path in ("/conversas", f"/conversas/{talk}", f"/conversas/{talk}/mudancas?v=0"):
        assert outsider.get(path).status_code == 404
    for act in ("mensagens", "posse", "transferencia", "devolucao", "encerramento", "leitura"):
        answer = outsider.post(f"/conversas/{talk}/{act}", headers=headers, data={"texto": "x"})
        assert answer.status_code == 403, act
    with app.app_context():
        assert conversation().owner_kind == "bot"
        assert messages("out") == []


def test_no_route_lets_anybody_but_the_owner_send(
    app: Flask, cast: Cast, login_as: Login, talk: int
) -> None:
    with app.app_context():
        service.take_over(talk, person(cast.ana), 1)
    bruno = login_as(cast.bruno)

    answer = bruno.post(f"/conversas/{talk}/mensagens", headers=csrf(bruno), data={"texto": "x"})
    assert answer.status_code == 409
    assert "Ana Souza" in answer.text
    with app.app_context():
        assert messages("out") == []


def test_what_a_customer_writes_is_text(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    attack = "<script>alert(1)</script><hx-partial hx-target='body'>x</hx-partial>"
    tell(client, received(attack, senderName=attack))
    page = login_as(cast.ana).get(f"/conversas/{the_talk(app)}").text

    assert "<script>alert" not in page
    assert "<hx-partial hx-target='body'" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_form_without_its_token_is_refused(
    app: Flask, cast: Cast, login_as: Login, talk: int
) -> None:
    answer = login_as(cast.ana).post(f"/conversas/{talk}/posse", data={"versao": "1"})
    assert answer.status_code == 400
    with app.app_context():
        assert conversation().owner_kind == "bot"


def test_a_draft_is_mine_alone(cast: Cast, login_as: Login, talk: int) -> None:
    ana = login_as(cast.ana)
    path = f"/conversas/{talk}/rascunho"
    answer = ana.put(path, headers=csrf(ana), data={"texto": "meu rascunho", "nota": "1"})
    assert answer.status_code == 204
    assert "meu rascunho" in ana.get(f"/conversas/{talk}").text
    assert "meu rascunho" not in login_as(cast.bruno).get(f"/conversas/{talk}").text


@pytest.mark.usefixtures("context")
def test_reading_is_noted_by_the_owner_only(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("oi"))
    talk = conversation().id
    service.take_over(talk, person(cast.ana), 1)
    service.mark_read(talk, person(cast.bruno))
    assert conversation().unread_count == 1
    service.mark_read(talk, person(cast.ana))
    assert conversation().unread_count == 0


def test_who_has_no_name_is_called_by_the_telephone(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    nameless = {"senderName": None, "chatName": None}
    tell(client, received("oi", phone="5548991234567", **nameless))
    tell(client, received("oi", phone="77@lid", **nameless))
    page = login_as(cast.ana).get("/conversas").text
    assert '<span class="row-name">(48) 99123-4567</span>' in page
    assert '<span class="row-name">Sem nome</span>' in page


def test_a_number_that_is_no_key_is_a_page_that_is_not_there(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    browser = login_as(cast.ana)
    for path in ("/conversas/%s", "/conversas/%s/mesa", "/contatos/%s/conversas"):
        assert browser.get(path % "99999999999999999999").status_code == 404
