"""The board: whose turn it is in each language, who waits, and what a manager can do there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.consultants import service
from app.extensions import db
from app.forwarding import service as forwarding
from app.live import stale_regions
from tests.browser_client import as_page
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.consultants.conftest import consultant as consultant
from tests.counting import counted_queries
from tests.telling import Login, conversation, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")


def line_of(page: str, language: str) -> list[str]:
    """The first names in the line of a language, who is next first."""
    row = next(
        part for part in page.split('class="card board-row"')[1:] if f">{language}</h3>" in part
    )
    ready = row.split('class="board-waiting"')[0]
    return re.findall(r'class="board-name">([^<]+)<', ready)


def waiting(app: Flask, client: FlaskClient, cast: Cast, language: str) -> None:
    """A customer whom nobody can be handed to yet."""
    tell(client, received("Quero um consultor"))
    with app.app_context():
        found = conversation()
        forwarding.forward(found.id, person(cast.gisele), found.owner_version, language)


def test_each_language_shows_who_is_next_and_after(
    consultant: Hires, cast: Cast, login_as: Login, app: Flask
) -> None:
    consultant("Ana Lima", languages=["pt-BR", "en"])
    consultant("Beto Reis")
    consultant("Caio Melo", languages=["en"], online=False)
    board = login_as(cast.gisele)
    assert line_of(board.get("/fila").text, "pt-BR") == ["Ana", "Beto"]
    with app.app_context():
        service.take_turn("pt-br", by="teste")
    page = board.get("/fila").text
    assert line_of(page, "pt-BR") == ["Beto", "Ana"]
    assert line_of(page, "en") == ["Ana"], "Caio is offline"
    assert "1 entrega hoje" in page


def test_who_waits_stands_in_the_line_of_their_language(
    app: Flask, client: FlaskClient, consultant: Hires, cast: Cast, login_as: Login
) -> None:
    consultant("Caio Melo", languages=["en"], online=False)
    waiting(app, client, cast, "en")
    page = login_as(cast.ana).get("/fila").text
    assert "1 cliente espera" in page
    assert "Marina" in page
    assert "Ninguém disponível" in page
    summary = login_as(cast.ana).get("/fila/resumo").text
    assert "1 espera" in summary


def test_a_manager_toggles_from_the_board_and_an_attendant_only_looks(
    app: Flask, consultant: Hires, cast: Cast, login_as: Login
) -> None:
    ana = consultant("Ana Lima")
    consultant("Beto Reis")
    manager, attendant = as_page(login_as(cast.gisele)), as_page(login_as(cast.ana))
    assert 'class="board-person" title' in attendant.get("/fila").text
    assert attendant.get(f"/fila/consultor/{ana}").status_code in {403, 404}

    assert "Ana Lima" in manager.get(f"/fila/consultor/{ana}").text
    manager.post(f"/fila/consultores/{ana}/situacao", data={"para": "paused"})
    assert line_of(manager.get("/fila").text, "pt-BR") == ["Beto"]
    manager.post(f"/fila/consultores/{ana}/situacao", data={"para": "online"})
    assert manager.post(f"/fila/consultor/{ana}/sequencia", data={"dentro": "0"}).status_code == 204
    page = manager.get("/fila").text
    assert line_of(page, "pt-BR") == ["Beto"]
    assert "fora da sequência" in page


def test_the_region_is_stale_after_each_kind_of_change(
    app: Flask, client: FlaskClient, consultant: Hires, cast: Cast
) -> None:
    ana = consultant("Ana Lima")

    def shown() -> dict[str, str]:
        from app.board import live

        return {"turn:all": str(db.session.scalar(live.version()))}

    for change in (
        lambda: service.take_turn("pt-BR", by="teste"),
        lambda: service.set_online("teste", ana, False),
        lambda: service.pause(person(cast.gisele), "almoço"),
    ):
        with app.app_context():
            before = shown()
            assert stale_regions(cast.ana, before) == []
            change()
            assert stale_regions(cast.ana, before) == ["turn:all"]
            assert "turn:all" in stale_regions(cast.fabio, before), "finance sees no board"
    with app.app_context():
        before = shown()
    waiting(app, client, cast, "pt-BR")
    with app.app_context():
        assert stale_regions(cast.ana, before) == ["turn:all"]


def test_the_number_of_queries_is_fixed(
    app: Flask, consultant: Hires, cast: Cast, login_as: Login
) -> None:
    manager = login_as(cast.gisele)
    for number in range(3):
        consultant(f"Pessoa {number}", languages=["pt-BR", "en"])
    manager.get("/fila")
    with app.app_context():
        engine = db.engine
    with counted_queries(engine) as seen:
        assert manager.get("/fila").status_code == 200
    assert seen.total <= 8, "\n".join(one[:110].replace("\n", " ") for one in seen.statements)


def test_an_empty_queue_says_what_to_do(cast: Cast, login_as: Login) -> None:
    assert "Cadastrar o primeiro" in login_as(cast.gisele).get("/fila").text
    assert "is-wall" in login_as(cast.gisele).get("/fila?modo=parede").text
