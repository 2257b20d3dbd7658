"""Who is online: by an open dashboard and one's own switch, or as a manager or the API says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import presence
from app.accounts import service as staff
from app.consultants import queries, service
from app.errors import Conflict, GuicheError
from app.extensions import db
from tests.browser_client import as_page
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.telling import Login, person


def state(app: Flask, one: int) -> str:
    with app.app_context():
        db.session.rollback()
        found = queries.find(one)
        return f"{found.state} {found.pause_reason}".strip()


@pytest.fixture
def bruno(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.bruno))


@pytest.fixture
def his(consultant: Hires, cast: Cast) -> int:
    """Bruno is a consultant, and not there."""
    return consultant("Bruno Lima", user_id=cast.bruno, online=False)


def test_an_open_dashboard_and_the_own_switch_make_online(
    app: Flask, bruno: FlaskClient, his: int, cast: Cast
) -> None:
    assert bruno.post("/fila/minha-situacao", data={"para": "online"}).status_code == 200
    assert state(app, his) == "online"
    with app.app_context():
        presence.heard(cast.bruno, "socket", visible=True)
        presence.departed(cast.bruno, "socket")
        assert state(app, his) == "online"  # for as long as the grace lasts
        app.config["SETTINGS"].away_after_seconds, before = 0, 60
        presence.settle()
        assert state(app, his) == "offline"
        app.config["SETTINGS"].away_after_seconds = before
        presence.heard(cast.bruno, "socket", visible=True)
    assert state(app, his) == "online"  # the switch stood on


def test_a_pause_has_a_reason_and_returning_does_not_end_it(
    app: Flask, bruno: FlaskClient, his: int, cast: Cast
) -> None:
    assert bruno.post("/fila/minha-situacao", data={"para": "paused"}).status_code == 422
    bruno.post("/fila/minha-situacao", data={"para": "paused", "motivo": "Almoço"})
    with app.app_context():
        presence.heard(cast.bruno, "socket", visible=True)
    assert state(app, his) == "paused Almoço"
    assert "em pausa · Almoço" in bruno.get("/conta").text


def test_without_a_log_in_it_stays_as_it_was_said(
    app: Flask, consultant: Hires, cast: Cast, login_as: Login
) -> None:
    carla = consultant("Carla", online=False)
    gisele = as_page(login_as(cast.gisele))
    gisele.post(f"/fila/consultores/{carla}/situacao", data={"para": "online"})
    with app.app_context():
        presence.settle()
        service.settle_presence()
    assert state(app, carla) == "online"
    gisele.post(f"/fila/consultores/{carla}/situacao", data={"para": "paused", "motivo": "Curso"})
    assert state(app, carla) == "paused Curso"


def test_what_was_missed_is_put_right_by_the_sweep(app: Flask, his: int, cast: Cast) -> None:
    with app.app_context():
        service.set_online("teste", his, online=True)
        hook = presence.on_change.pop()
        presence.heard(cast.bruno, "socket", visible=True)
        presence.on_change.append(hook)
        assert not queries.find(his).here
        service.settle_presence()
        assert queries.find(his).here


def test_who_is_no_consultant_has_no_switch(cast: Cast, login_as: Login, his: int) -> None:
    ana = as_page(login_as(cast.ana))
    assert "my-switch-open" not in ana.get("/conta").text
    assert ana.post("/fila/minha-situacao", data={"para": "online"}).status_code == 409


def test_attendants_do_not_manage(cast: Cast, login_as: Login, his: int) -> None:
    ana = as_page(login_as(cast.ana))
    assert ana.get("/fila/consultores").status_code == 404
    assert ana.post(f"/fila/consultores/{his}/vez", data={"motivo": "eu"}).status_code == 403


def test_a_deactivated_one_cannot_be_online(app: Flask, his: int, cast: Cast) -> None:
    with app.app_context():
        service.leave(person(cast.gisele), his)
        presence.heard(cast.bruno, "socket", visible=True)
        with pytest.raises(Exception, match="desativado"):
            service.set_online("teste", his, online=True)
    assert state(app, his) == "offline"


def test_who_lost_access_is_handed_nobody_from_then_on(
    app: Flask, his: int, cast: Cast, consultant: Hires
) -> None:
    with app.app_context():
        service.set_online("teste", his, online=True)
        staff.deactivate(person(cast.adriana), cast.bruno)
        with pytest.raises(service.NobodyAvailable):
            service.take_turn("pt-BR", by="teste")
        with pytest.raises(Conflict, match="não atende mais"):
            service.set_online("teste", his, online=True)
    assert state(app, his) == "offline"


def test_a_log_in_goes_from_who_left_to_who_comes(
    app: Flask, his: int, cast: Cast, consultant: Hires
) -> None:
    with app.app_context():
        service.leave(person(cast.gisele), his)
    again = consultant("Bruno Lima", user_id=cast.bruno)
    with app.app_context():
        assert queries.find(again).user_id == cast.bruno
        with pytest.raises(GuicheError, match="que atenda conversas"):
            service.edit("teste", again, {"user_id": cast.fabio})
