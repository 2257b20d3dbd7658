"""Everyone chooses how they are told; the choice holds on all their screens."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.notifications.kinds import (
    APPROVAL,
    CHANNEL,
    DECIDED,
    KINDS,
    RATED_LOW,
    WAYS,
    kinds_for,
)
from tests.cast import Cast
from tests.notifications.conftest import Bell
from tests.telling import Login, person, received, tell

FORM = {"volume": "35", "repetir": "10", "de": "22:00", "ate": "06:30"}


def test_what_is_chosen_is_kept_and_told_to_the_pages(ana: Bell, talk: int) -> None:
    ticked = {"bell": ["unclaimed", "given"], "sound": ["given"], "desktop": []}
    answer = ana.page.post("/avisos/preferencias", data=FORM | ticked | {"silencio": "1"})
    assert "Avisos salvos." in answer.text
    state = ana.state()
    assert 'data-kind-key="given" data-tone="call" data-bell data-sound >' in state
    assert 'data-kind-key="wrote" data-tone="tap" >' in state
    assert 'data-volume="35" data-repeat="10"' in state
    assert 'data-quiet-from="1320" data-quiet-until="390"' in state
    assert 'data-shortcuts="off"' in state, "its box was not ticked"


def test_a_muted_kind_is_not_listed(bruno: Bell, client: FlaskClient, talk: int) -> None:
    tell(client, received("Oi"))
    assert bruno.lines() == ["Novo: Marina: 1 mensagem nova"]
    bruno.page.post("/avisos/preferencias", data=FORM | {"bell": ["given"]})
    assert bruno.lines() == []
    bruno.page.post(
        "/avisos/preferencias",
        data=FORM | {"bell": [kind.key for kind in KINDS], "sound": list(WAYS)},
    )
    assert bruno.lines() == ["Novo: Marina: 1 mensagem nova"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"volume": "101"},
        {"volume": "alto"},
        {"repetir": "7"},
        {"silencio": "1", "de": "25:00"},
        {"silencio": "1", "ate": ""},
        {"silencio": "1", "de": "22:00", "ate": "22:00"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    ana: Bell, talk: int, wrong: dict[str, str]
) -> None:
    before = ana.state()
    answer = ana.page.post("/avisos/preferencias", data=FORM | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert ana.state() == before


def test_a_pause_ends_by_itself_or_by_a_click(ana: Bell, talk: int) -> None:
    assert ana.page.post("/avisos/pausa", data={"minutos": "30"}).status_code == 204
    assert "Sem som nem avisos até" in ana.page.get("/avisos/painel").text
    clock.shift(timedelta(minutes=31))
    assert "Sem som nem avisos até" not in ana.page.get("/avisos/painel").text
    ana.page.post("/avisos/pausa", data={"minutos": "60"})
    ana.page.post("/avisos/pausa", data={"minutos": "0"})
    assert "Não perturbar por" in ana.page.get("/avisos/painel").text
    assert ana.page.post("/avisos/pausa", data={"minutos": "99999"}).status_code == 422


def test_attendants_are_not_asked_about_what_only_managers_hear(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        managers = {kind.key for kind in kinds_for(person(cast.gisele))}
        attendants = {kind.key for kind in kinds_for(person(cast.ana))}
    assert attendants < managers
    assert managers - attendants == {CHANNEL, RATED_LOW, APPROVAL, DECIDED}
    assert "Canal desconectado" not in login_as(cast.ana).get("/avisos/preferencias").text
    assert "Canal desconectado" in login_as(cast.gisele).get("/avisos/preferencias").text
