"""Ready texts: whose they are, who changes them, and that each use counts once with its message."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.conversations import service as conversations
from app.extensions import db
from app.quick_replies.models import QuickReply
from tests.browser_client import as_page
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, conversation, messages, person, received, tell

PIX = {"titulo": "Chave Pix", "atalho": "pix", "texto": "A chave é 123", "pasta": "Pagamento"}
TEAM = {**PIX, "equipe": "1"}


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.ana))


@pytest.fixture
def bruno(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.bruno))


@pytest.fixture
def talk(app: Flask, client: FlaskClient, channel: int, cast: Cast) -> int:
    """A conversation of Ana's; its id."""
    tell(client, received("Oi"))
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.ana), found.owner_version)
        return found.id


def written(app: Flask) -> list[QuickReply]:
    with app.app_context():
        db.session.rollback()
        return list(db.session.query(QuickReply).order_by(QuickReply.id))


def create(browser: FlaskClient, **fields: str) -> None:
    answer = browser.post("/respostas-rapidas", data=fields)
    assert answer.status_code == 200, answer.text


def test_ones_own_is_nobody_elses_and_the_teams_is_everyones(
    app: Flask, ana: FlaskClient, bruno: FlaskClient, cast: Cast, login_as: Login
) -> None:
    create(ana, **PIX)
    create(ana, titulo="Horário", texto="Das 9 às 18 h", equipe="1")
    pages = [browser.get("/respostas-rapidas").text for browser in (ana, bruno)]
    assert ["Chave Pix" in page for page in pages] == [True, False]
    assert ["Horário" in page for page in pages] == [True, True]
    assert "/horario" in pages[1], "the shortcut comes from the title"
    assert "Chave Pix" not in bruno.get("/respostas-rapidas/opcoes").text
    assert bruno.get("/respostas-rapidas/1/edicao").status_code == 404
    assert login_as(cast.fabio).get("/respostas-rapidas").status_code == 404


def test_the_teams_are_changed_by_who_wrote_them_and_by_managers(
    app: Flask, ana: FlaskClient, bruno: FlaskClient, cast: Cast, login_as: Login
) -> None:
    create(ana, **TEAM)
    gisele = as_page(login_as(cast.gisele))
    changed = {**TEAM, "texto": "A chave é 456"}
    assert bruno.post("/respostas-rapidas/1", data=changed).status_code == 403
    assert bruno.delete("/respostas-rapidas/1").status_code == 403
    assert gisele.post("/respostas-rapidas/1", data=changed).status_code == 200
    assert written(app)[0].body == "A chave é 456"


def test_a_shortcut_stands_for_one_text(app: Flask, ana: FlaskClient, bruno: FlaskClient) -> None:
    create(ana, **TEAM)
    assert ana.post("/respostas-rapidas", data=PIX).status_code == 409
    assert bruno.post("/respostas-rapidas", data=TEAM).status_code == 409
    create(bruno, **PIX)
    assert len(written(app)) == 2


def test_a_copy_is_mine_and_a_deletion_is_undone(
    app: Flask, ana: FlaskClient, bruno: FlaskClient, cast: Cast
) -> None:
    create(ana, **TEAM)
    assert "pix-2" in bruno.post("/respostas-rapidas/1/copias").text
    copy = written(app)[1]
    assert (copy.owner_id, copy.is_shared, copy.body) == (cast.bruno, False, PIX["texto"])

    assert "Desfazer" in ana.delete("/respostas-rapidas/1").text
    assert "Chave Pix</strong>" not in ana.get("/respostas-rapidas").text
    assert ana.post("/respostas-rapidas/1/restauracao").status_code == 204
    assert "Chave Pix</strong>" in ana.get("/respostas-rapidas").text


def test_they_are_found_without_accents_and_filtered(ana: FlaskClient) -> None:
    create(ana, **PIX)
    create(ana, titulo="Renegociação", texto="Veja as opções", pasta="Dívidas", equipe="1")
    found = {
        query: ana.get(f"/respostas-rapidas/lista?{query}").text
        for query in ("q=renegociacao", "q=chave+123", "q=100%25", "pasta=Pagamento", "de=equipe")
    }
    assert ["Chave Pix" in page for page in found.values()] == [False, True, False, True, False]
    assert ["Renegociação" in page for page in found.values()] == [True, False, False, False, True]


def test_a_use_counts_once_with_the_message_and_not_when_it_is_taken_back(
    app: Flask, ana: FlaskClient, cast: Cast, talk: int
) -> None:
    create(ana, **PIX)
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
    path = f"/conversas/{talk}/mensagens"
    sent = {"texto": "A chave é 123", "respostas": "1,1", "chave": "k1"}
    for _ in range(2):
        assert ana.post(path, data=sent).status_code == 200
    assert written(app)[0].uses == 1
    assert written(app)[0].last_used_at is not None

    ana.post(path, data={"texto": "nota", "nota": "1", "respostas": "1"})
    assert written(app)[0].uses == 2
    with app.app_context():
        message = messages("out")[0].id
    assert ana.delete(f"{path}/{message}/envio").status_code == 200
    assert written(app)[0].uses == 1


def test_what_fails_to_be_sent_counts_nothing(
    app: Flask, ana: FlaskClient, bruno: FlaskClient, talk: int
) -> None:
    create(ana, **TEAM)
    path = f"/conversas/{talk}/mensagens"
    assert bruno.post(path, data={"texto": "oi", "respostas": "1"}).status_code == 409
    open_ = ana.post(path, data={"texto": "Protocolo {{protocolo}}", "respostas": "1"})
    assert (open_.status_code, "protocolo" in open_.text) == (422, True)
    assert written(app)[0].uses == 0
    with app.app_context():
        assert messages("out") == []


def test_nobody_counts_what_they_may_not_use(
    app: Flask, ana: FlaskClient, bruno: FlaskClient, talk: int
) -> None:
    create(bruno, **PIX)
    ana.post(f"/conversas/{talk}/mensagens", data={"texto": "oi", "respostas": "1"})
    assert written(app)[0].uses == 0


def test_the_page_costs_the_same_however_many_there_are(app: Flask, ana: FlaskClient) -> None:
    def cost() -> int:
        with app.app_context():
            engine = db.engine
        with counted_queries(engine) as seen:
            ana.get("/respostas-rapidas")
        return seen.total

    create(ana, **PIX)
    ana.get("/respostas-rapidas")
    few = cost()
    for number in range(8):
        create(ana, titulo=f"Texto {number}", texto="oi", pasta=f"Pasta {number}", equipe="1")
    assert cost() == few <= 6
