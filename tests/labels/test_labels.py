"""Labels: kept by managers on their page, one spelling each, changed wherever they are shown."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import AuditEntry
from app.extensions import db
from app.labels.models import COLOURS, Label
from app.labels.routes import label_colours, label_key
from app.live import stale_regions
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, csrf


def make(browser: FlaskClient, name: str, colour: str = "teal") -> int:
    answer = browser.post("/etiquetas", headers=csrf(browser), data={"nome": name, "cor": colour})
    return answer.status_code


def names(app: Flask) -> list[str]:
    with app.app_context():
        return [label.name for label in db.session.query(Label).order_by(Label.id)]


def test_a_manager_makes_a_label_and_the_log_has_it(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    assert make(gisele, "  Segunda   via ") == 200
    assert "Segunda via" in gisele.get("/etiquetas").text
    with app.app_context():
        entry = db.session.query(AuditEntry).one()
        assert (entry.action, entry.after) == (
            "label.created",
            {"name": "Segunda via", "colour": "teal", "archived": False},
        )


@pytest.mark.parametrize("again", ["Médico", "MEDICO", " médico "])
def test_a_name_is_taken_whatever_its_case_and_accents(
    app: Flask, cast: Cast, login_as: Login, again: str
) -> None:
    gisele = login_as(cast.gisele)
    make(gisele, "Médico")
    headers = csrf(gisele)
    answer = gisele.post("/etiquetas", headers=headers, data={"nome": again, "cor": "red"})
    assert answer.status_code == 409
    assert "Já existe a etiqueta Médico." in answer.text

    make(gisele, "Vistoria")
    with app.app_context():
        other = db.session.query(Label).filter_by(name="Vistoria").one().id
    fields = {"nome": again, "cor": "red"}
    answer = gisele.post(f"/etiquetas/{other}", headers=headers, data=fields)
    assert answer.status_code == 409
    assert "Já existe a etiqueta Médico." in answer.text
    assert names(app) == ["Médico", "Vistoria"]


@pytest.mark.parametrize(("name", "colour"), [("", "red"), ("x" * 41, "red"), ("Ok", "#ff0000")])
def test_what_cannot_be_a_label_is_refused(
    app: Flask, cast: Cast, login_as: Login, name: str, colour: str
) -> None:
    assert make(login_as(cast.gisele), name, colour) == 422
    assert names(app) == []


def test_an_archived_one_can_be_restored(app: Flask, cast: Cast, login_as: Login) -> None:
    gisele = login_as(cast.gisele)
    make(gisele, "Antiga")
    headers = csrf(gisele)
    assert "arquivada" in gisele.post("/etiquetas/1/arquivo", headers=headers).text
    taken = gisele.post("/etiquetas", headers=headers, data={"nome": "antiga", "cor": "red"})
    assert "Ela está arquivada: restaure-a." in taken.text
    assert "arquivada" not in gisele.delete("/etiquetas/1/arquivo", headers=headers).text


def test_attendants_and_finance_do_not_manage_them(app: Flask, cast: Cast, login_as: Login) -> None:
    for user_id in (cast.ana, cast.fabio):
        browser = login_as(user_id)
        assert browser.get("/etiquetas").status_code == 404
        assert make(browser, "Minha") == 403
    assert names(app) == []


def test_a_page_that_missed_a_change_gets_every_chip_once(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele, ana = login_as(cast.gisele), login_as(cast.ana)
    make(gisele, "Um")
    with app.app_context():
        assert stale_regions(cast.ana, {"labels:all": "1"}) == []
        assert stale_regions(cast.fabio, {"labels:all": "1"}) == ["labels:all"]
    gisele.post("/etiquetas/1", headers=csrf(gisele), data={"nome": "Dois", "cor": "pink"})

    with app.app_context():
        assert stale_regions(cast.ana, {"labels:all": "1"}) == ["labels:all"]
    answer = ana.get("/etiquetas/mudancas?v=1")
    assert "Dois" in answer.text
    assert "label-pink" in answer.text
    seen = answer.headers["X-Region-Version"]
    assert ana.get(f"/etiquetas/mudancas?v={seen}").status_code == 204


def test_the_page_costs_the_same_however_many_there_are(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    counts = []
    for number in range(4):
        make(gisele, f"Etiqueta {number}")
        with app.app_context():
            engine = db.engine
        with counted_queries(engine) as seen:
            gisele.get("/etiquetas")
        counts.append(seen.total)
    assert counts[0] == counts[-1] <= 6


def test_every_colour_has_a_word_and_a_style(app: Flask) -> None:
    with app.test_request_context():
        assert set(label_colours()) == set(COLOURS)
    styles = Path("static/labels.css").read_text()
    assert all(f".label-{colour} {{" in styles for colour in COLOURS)


@given(st.lists(st.text("aáàbBçz ", min_size=1, max_size=5), min_size=2, max_size=6))
def test_labels_sort_by_letters_and_the_archived_stand_last(found: list[str]) -> None:
    labels = [
        Label(id=number, name=name, archived=number % 2 == 0) for number, name in enumerate(found)
    ]
    ordered = sorted(labels, key=label_key)
    assert [label.archived for label in ordered] == sorted(label.archived for label in labels)
    assert len({label_key(label) for label in labels}) == len(labels)
