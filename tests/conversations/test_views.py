"""Saved views: mine or everybody's, named, renamed, deleted and brought back."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.conversations import counters, service
from app.conversations.views import service as views
from app.extensions import db
from app.live import stale_regions
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, csrf, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")


def save(browser: FlaskClient, name: str, query: str, shared: bool = False) -> tuple[int, str]:
    fields = {"nome": name, "consulta": query} | ({"para_todos": "1"} if shared else {})
    answer = browser.post("/conversas/visoes", headers=csrf(browser), data=fields)
    return answer.status_code, answer.text


def test_my_own_view_is_mine_alone_and_leads_to_its_list(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    ana = login_as(cast.ana)
    status, text = save(ana, " Urgentes  minhas ", "aba=mine&ordem=newest&prioridade=urgent&x=1")
    assert status == 200
    assert 'href="/conversas?aba=mine&amp;ordem=newest&amp;prioridade=urgent"' in text
    assert "Urgentes minhas" in ana.get("/conversas/visoes").text
    assert "Urgentes minhas" not in login_as(cast.bruno).get("/conversas/visoes").text


def test_only_managers_share_and_everybody_sees_what_is_shared(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    ana, gisele = login_as(cast.ana), login_as(cast.gisele)
    assert save(ana, "De todos", "aba=all", shared=True)[0] == 403
    assert save(gisele, "De todos", "aba=all&etiqueta=3", shared=True)[0] == 200
    assert "De todos" in ana.get("/conversas/visoes").text
    headers = csrf(ana)
    assert ana.post("/conversas/visoes/1", headers=headers, data={"nome": "x"}).status_code == 403
    assert ana.delete("/conversas/visoes/1", headers=headers).status_code == 403
    assert login_as(cast.fabio).get("/conversas/visoes").status_code == 404


def test_a_deleted_view_can_be_brought_back_and_strangers_find_none(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    ana, bruno = login_as(cast.ana), login_as(cast.bruno)
    save(ana, "Minha", "aba=all")
    assert bruno.delete("/conversas/visoes/1", headers=csrf(bruno)).status_code == 404
    headers = csrf(ana)
    assert (
        "Renomeada"
        in ana.post("/conversas/visoes/1", headers=headers, data={"nome": "Renomeada"}).text
    )
    assert "Desfazer" in ana.delete("/conversas/visoes/1", headers=headers).text
    assert "Renomeada" not in ana.get("/conversas/visoes").text
    assert "Renomeada" in ana.post("/conversas/visoes/1/volta", headers=headers).text


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_a_view_needs_a_name(cast: Cast, login_as: Login, name: str) -> None:
    assert save(login_as(cast.ana), name, "aba=all")[0] == 422


def test_a_menu_that_is_open_on_another_screen_is_repaired(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    save(login_as(cast.gisele), "De todos", "aba=all", shared=True)
    with app.app_context():
        assert stale_regions(cast.ana, {"views:me": "1:1:0"}) == []
        assert stale_regions(cast.ana, {"views:me": ""}) == ["views:me"]
        assert stale_regions(cast.fabio, {"views:me": "1:1:0"}) == ["views:me"]
        views.rename(1, person(cast.gisele), "Outra")
        assert stale_regions(cast.ana, {"views:me": "1:1:0"}) == ["views:me"]


def test_the_menu_counts_each_view_in_one_statement_and_knows_when_they_changed(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    ana = login_as(cast.ana)
    save(ana, "Do robô", "aba=bot")
    save(ana, "Adiadas com texto", "aba=snoozed&texto=boleto")
    tell(client, received("Oi"))
    tell(client, received("Oi", phone="5500900020002"))
    with app.app_context():
        engine = db.engine
    with counted_queries(engine) as seen:
        menu = ana.get("/conversas/visoes").text
    before = seen.total
    assert re.findall(r'class="count">([^<]+)<', menu) == ["0", "2"]
    for n in range(4):
        save(ana, f"Outra {n}", "aba=all&ordem=priority")
    with counted_queries(engine) as seen:
        ana.get("/conversas/visoes")
    assert seen.total == before

    shown = html.unescape(menu.split('data-version="')[1].split('"')[0])
    with app.app_context():
        for view in (3, 4, 5, 6):
            views.delete(view, person(cast.ana))
        assert stale_regions(cast.ana, {"views:me": shown}) == []
        service.take_over(1, person(cast.ana), 1)
        assert stale_regions(cast.ana, {"views:me": shown}) == ["views:me"]


def test_beyond_a_hundred_nobody_counts(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "MOST", 1)
    for phone in ("5500900020002", "5500900020003"):
        tell(client, received("Oi", phone=phone))
    with app.app_context():
        assert counters.read(person(cast.ana)).shelves == {"all": "1+", "snoozed": "0"}
        service.take_over(1, person(cast.ana), 1)
        service.snooze(1, person(cast.ana), None, 2)
        assert counters.read(person(cast.ana)).shelves == {"all": "1", "snoozed": "1"}
