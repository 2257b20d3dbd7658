"""Messages for later: sent once, by who still owns the talk; else they say why and wait."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.contacts.consent import service as consent
from app.conversations import service as conversations
from app.extensions import db
from app.quick_replies.models import QuickReply
from app.scheduling import queries, service
from app.scheduling.models import ScheduledMessage
from tests.browser_client import as_page
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, conversation, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]
Work = Callable[..., int]


def field(moment: datetime) -> str:
    return moment.astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%dT%H:%M")


def schedule(browser: FlaskClient, talk: int, hours: float = 1, **fields: str) -> None:
    when = field(clock.now() + timedelta(hours=hours))
    given = {"texto": "Conseguiu pagar?", "quando": when, "se_responder": "1", **fields}
    answer = browser.post(f"/conversas/{talk}/agendadas", data=given)
    assert answer.status_code == 200, answer.text


def later(app: Flask, hours: float) -> None:
    """The clock stands so many hours on, and the sweep comes by."""
    clock.shift(timedelta(hours=hours))
    with app.app_context():
        service.send_due()


def the_one(app: Flask) -> ScheduledMessage:
    with app.app_context():
        db.session.rollback()
        return db.session.query(ScheduledMessage).one()


def said(app: Flask) -> list[str]:
    with app.app_context():
        return [message.body for message in messages("out")]


def owner_becomes(app: Flask, talk: int, user_id: int) -> None:
    with app.app_context():
        found = conversation()
        conversations.transfer(
            talk, person(found.owner_id or 0), person(user_id), "", found.owner_version
        )


def test_it_leaves_when_its_time_has_come_and_once(app: Flask, talk: int, ana: FlaskClient) -> None:
    schedule(ana, talk, chave="k1")
    schedule(ana, talk, chave="k1")
    later(app, 0.9)
    assert said(app) == []
    later(app, 1.02)
    later(app, 1.04)
    assert said(app) == ["Conseguiu pagar?"]
    assert the_one(app).state == "sent"


def test_a_ready_text_in_it_counts_when_it_leaves(app: Flask, talk: int, ana: FlaskClient) -> None:
    ana.post("/respostas-rapidas", data={"titulo": "Pix", "texto": "Conseguiu pagar?"})
    schedule(ana, talk, respostas="1")

    def uses() -> int:
        with app.app_context():
            return db.session.query(QuickReply).one().uses

    assert uses() == 0
    later(app, 1.02)
    assert uses() == 1


def test_workers_at_once_send_it_once(app: Flask, talk: int, ana: FlaskClient) -> None:
    for number in range(6):
        schedule(ana, talk, texto=f"texto {number}")
    clock.shift(timedelta(hours=1.02))

    def sweep(_: int) -> None:
        with app.app_context():
            service.send_due()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(sweep, range(3)))
    assert said(app) == [f"texto {number}" for number in range(6)]


def test_a_worker_that_dies_half_way_leaves_it_to_be_sent_once(
    app: Flask, talk: int, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(ana, talk)
    settle = service._settle

    def dies(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(service, "_settle", dies)  # the message is written, not yet committed
    with pytest.raises(SystemExit):
        later(app, 1.02)
    monkeypatch.setattr(service, "_settle", settle)
    later(app, 1.03)
    assert said(app) == ["Conseguiu pagar?"]


def test_who_no_longer_owns_the_talk_sends_nothing_and_the_owner_may_take_it_up(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, login_as: Login
) -> None:
    schedule(ana, talk)
    owner_becomes(app, talk, cast.bruno)
    later(app, 1.02)
    assert said(app) == []
    missed = the_one(app)
    assert missed.state == "missed"
    assert "Bruno Lima" in (missed.reason or "")
    bruno = as_page(login_as(cast.bruno))
    bar = bruno.get(f"/conversas/{talk}/agendadas").text
    assert "Não enviada" in bar

    assert ana.post(f"/agendadas/{missed.id}/envio").status_code == 409
    again = {"texto": "E aí?", "quando": field(clock.now() + timedelta(hours=1))}
    assert bruno.post(f"/agendadas/{missed.id}", data=again).status_code == 200
    later(app, 2.1)
    assert said(app) == ["E aí?"]
    with app.app_context():
        assert messages("out")[0].author_id == cast.bruno


def test_the_customers_answer_cancels_it_where_it_should(
    app: Flask, client: FlaskClient, talk: int, ana: FlaskClient
) -> None:
    schedule(ana, talk)
    schedule(ana, talk, texto="De qualquer modo", se_responder="")
    tell(client, received("Já paguei"))
    later(app, 1.02)
    assert said(app) == ["De qualquer modo"]
    history = ana.get("/agendadas?ver=historico").text
    assert "O cliente respondeu antes." in history


def test_past_due_after_a_stop_a_person_is_asked(app: Flask, talk: int, ana: FlaskClient) -> None:
    schedule(ana, talk)
    later(app, 5)
    assert said(app) == []
    assert the_one(app).state == "missed"
    assert "Enviar agora" in ana.get("/agendadas?ver=nao-enviadas").text
    assert ana.post(f"/agendadas/{the_one(app).id}/envio").status_code == 204
    assert ana.post(f"/agendadas/{the_one(app).id}/envio").status_code == 409
    assert said(app) == ["Conseguiu pagar?"]


def test_it_can_be_changed_cancelled_and_taken_up_again(
    app: Flask, talk: int, ana: FlaskClient
) -> None:
    schedule(ana, talk)
    path = f"/agendadas/{the_one(app).id}"
    assert "Conseguiu pagar?" in ana.get(f"{path}/edicao").text
    changed = {"texto": "Deu certo?", "quando": field(clock.now() + timedelta(hours=2))}
    ana.post(path, data=changed)
    later(app, 1.02)
    assert said(app) == []

    assert "Desfazer" in ana.delete(path).text
    assert ana.post(f"{path}/envio").status_code == 409
    assert ana.post(f"{path}/restauracao").status_code == 204
    later(app, 2.02)
    assert said(app) == ["Deu certo?"]


@pytest.mark.parametrize("when", ["", "ontem", "2020-01-01T10:00", "2099-01-01T10:00"])
def test_a_time_that_cannot_be_is_refused(
    app: Flask, talk: int, ana: FlaskClient, when: str
) -> None:
    answer = ana.post(f"/conversas/{talk}/agendadas", data={"texto": "oi", "quando": when})
    assert answer.status_code == 422


def test_each_sees_their_own_and_managers_all(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, login_as: Login
) -> None:
    schedule(ana, talk)
    path = f"/agendadas/{the_one(app).id}"
    bruno, gisele = as_page(login_as(cast.bruno)), as_page(login_as(cast.gisele))
    fabio = as_page(login_as(cast.fabio))
    assert "Conseguiu pagar?" in ana.get("/agendadas").text
    assert "Conseguiu pagar?" not in bruno.get("/agendadas?de=todas").text
    assert "Conseguiu pagar?" in gisele.get("/agendadas?de=todas").text
    assert fabio.get("/agendadas").status_code == 404
    assert fabio.get(f"/conversas/{talk}/agendadas").status_code == 404
    assert bruno.post(f"/conversas/{talk}/agendadas", data={"texto": "x"}).status_code == 422
    when = field(clock.now() + timedelta(hours=1))
    theirs = {"texto": "x", "quando": when}
    assert bruno.post(f"/conversas/{talk}/agendadas", data=theirs).status_code == 409
    assert [who.delete(path).status_code for who in (fabio, bruno, gisele)] == [403, 403, 200]


def test_the_page_costs_the_same_however_many_there_are(
    app: Flask, talk: int, ana: FlaskClient
) -> None:
    def cost() -> int:
        with app.app_context():
            engine = db.engine
        with counted_queries(engine) as seen:
            ana.get("/agendadas")
        return seen.total

    schedule(ana, talk)
    ana.get("/agendadas")
    few = cost()
    for number in range(6):
        schedule(ana, talk, texto=f"texto {number}")
    assert cost() == few <= 6


def test_it_does_not_leave_for_who_asked_not_to_be_written_to_meanwhile(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast
) -> None:
    schedule(ana, talk)
    with app.app_context():
        consent.set_opt_out(conversation().contact_id, person(cast.gisele), "", None)
    later(app, 1.01)

    assert said(app) == []
    assert the_one(app).state == "missed"
    bar = ana.get(f"/conversas/{talk}/agendadas").text
    assert "O contato pediu para não receber mensagens." in bar


def test_the_page_goes_on_where_it_ended(
    app: Flask, talk: int, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for text in ("primeira", "segunda", "terceira", "quarta", "quinta"):
        schedule(ana, talk, texto=text)
    seen, path = [], "/agendadas"
    while path:
        html = ana.get(path).text
        seen.append(re.findall(r'scheduled-body">(\w+)<', html))
        further = re.search(r'href="(/agendadas[^"]*apos=[^"]*)"', html)
        path = unescape(further[1]) if further else ""

    assert seen == [["primeira", "segunda"], ["terceira", "quarta"], ["quinta"]]
    assert ana.get("/agendadas?apos=ontem").status_code == 404
