"""Consultants are created, edited, deactivated and steered on a page."""

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.models import AuditEntry
from app.business_time import open_at
from app.consultants import availability, queries, service
from app.extensions import db
from tests.browser_client import as_page
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.counting import counted_queries
from tests.telling import Login

LIST = "/fila/consultores"


@pytest.fixture
def gisele(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.gisele))


def test_one_is_created_edited_and_deactivated(app: Flask, gisele: FlaskClient, cast: Cast) -> None:
    fields = {
        "name": "Carla Dias", "email": "Carla@Exemplo.com.br", "phone": "(11) 98765-4321",
        "languages": "pt-BR, EN", "capacity": "3", "user_id": str(cast.bruno), "in_sequence": "1",
    }  # fmt: skip
    assert gisele.post(LIST, data=fields).status_code == 302
    with app.app_context():
        made = queries.in_order()[0]
        assert (made.email, made.phone) == ("carla@exemplo.com.br", "+5511987654321")
        assert (made.languages, made.capacity) == (["pt-BR", "EN"], 3)
    page = gisele.get(LIST).text
    assert "Carla Dias" in page
    assert "acesso de Bruno Lima" in page
    again = gisele.post(LIST, data=fields | {"name": "Outra", "user_id": ""})
    assert again.status_code == 409
    assert "Email já cadastrado" in again.text
    gisele.post(f"{LIST}/{made.id}", data=fields | {"capacity": "", "in_sequence": ""})
    with app.app_context():
        assert queries.find(made.id).capacity is None
        assert not queries.find(made.id).in_sequence
    gisele.post(f"{LIST}/{made.id}/uso", data={"ativo": "0"})
    assert "Carla Dias" not in gisele.get(LIST).text.split("consultant-list")[1]
    assert "Carla Dias" in gisele.get(f"{LIST}?ver=desativados").text
    with app.app_context():
        actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions[-3:] == ["consultant.created", "consultant.edited", "consultant.left"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Ed", "de 3 a 255"),
        ("languages", "", "ao menos um idioma"),
        ("languages", "português!", "não é um idioma"),
        ("phone", "119", "DDI e DDD"),
        ("email", "carla", "Confira o e-mail"),
        ("capacity", "0", "de 1 a 999"),
    ],
)
def test_what_cannot_be_is_said(gisele: FlaskClient, field: str, value: str, said: str) -> None:
    fields = {"name": "Carla Dias", "languages": "pt-BR"} | {field: value}
    answer = gisele.post(LIST, data=fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Carla Dias" in answer.text or field == "name"  # what was typed stays


def test_steering_needs_a_reason_and_is_on_record(
    app: Flask, gisele: FlaskClient, consultant: Hires
) -> None:
    ana, bia = consultant("Ana Maria"), consultant("Bia Reis")
    assert gisele.post(f"{LIST}/{ana}/vez", data={"acao": "passar"}).status_code == 422
    gisele.post(f"{LIST}/{ana}/vez", data={"acao": "passar", "motivo": "em reunião"})
    with app.app_context():
        assert [one.id for one in queries.in_order()] == [bia, ana]
        kept = db.session.query(AuditEntry).filter_by(action="turn.passed").one()
        assert kept.after == {"name": "Ana Maria", "reason": "em reunião"}
        last = service.take_turn("pt-BR", by="teste")
    page = gisele.post("/fila/pausa", data={"motivo": "treinamento"}).text
    assert "Fila pausada" in page
    assert f"/fila/entregas/{last.id}/desfazer" in page
    undone = gisele.post(f"/fila/entregas/{last.id}/desfazer", data={"motivo": "engano"})
    assert undone.status_code == 204


def test_the_list_costs_the_same_however_many_there_are(
    app: Flask, gisele: FlaskClient, consultant: Hires
) -> None:
    consultant("Ana Maria")
    gisele.get(f"{LIST}/lista")
    with app.app_context():
        engine = db.engine
    with counted_queries(engine) as few:
        gisele.get(f"{LIST}/lista")
    for number in range(8):
        consultant(f"Consultor {number}")
    gisele.get(f"{LIST}/lista")
    with counted_queries(engine) as many:
        gisele.get(f"{LIST}/lista")
    assert many.total == few.total <= 7


def test_hours_are_typed_for_each_day_and_hold_for_the_turn(
    app: Flask, gisele: FlaskClient, consultant: Hires
) -> None:
    one = consultant("Ana Maria")
    fields = {"name": "Ana Maria", "languages": "pt-BR", "in_sequence": "1", "horario": "semana"}
    wrong = gisele.post(f"{LIST}/{one}", data=fields | {"dia-0": "8 as 25"})
    assert wrong.status_code == 422
    assert 'value="8 as 25"' in wrong.text
    saved = gisele.post(f"{LIST}/{one}", data=fields | {"dia-0": "08:00-12:00, 13h30 às 18h"})
    assert saved.status_code == 302
    with app.app_context():
        assert queries.find(one).hours == [[[480, 720], [810, 1080]], [], [], [], [], [], []]
        calendar = availability.calendar_of(queries.find(one).hours)
    monday = datetime(2026, 11, 30, tzinfo=clock.COMPANY_ZONE)
    open_hours = [hour for hour in range(24) if open_at(calendar, monday.replace(hour=hour))]
    assert open_hours == [8, 9, 10, 11, 14, 15, 16, 17]
    assert 'value="08:00-12:00, 13:30-18:00"' in gisele.get(f"{LIST}/{one}").text


def test_a_file_goes_out_and_comes_in_again_row_by_row(
    app: Flask, gisele: FlaskClient, consultant: Hires, cast: Cast
) -> None:
    consultant("=Ana Maria", email="ana@exemplo.com.br", user_id=cast.ana, capacity=2)
    out = gisele.get(f"{LIST}.csv").text
    assert "'=Ana Maria;ana@exemplo.com.br" in out
    again = import_(gisele, out)
    assert "0 criados, 0 alterados, 1 sem mudança" in again
    sheet = (
        "nome;email;idiomas;capacidade;horario\n"
        "Ana Lúcia;ana@exemplo.com.br;pt-BR, es;;seg 08:00-12:00\n"
        "Carla Dias;carla@exemplo.com.br;en;3;\n"
        "Ed;ed@exemplo.com.br;en;;\n"
    )
    told = import_(gisele, sheet)
    assert "1 criados, 1 alterados, 0 sem mudança" in told
    assert "Linha 4 (Ed): O nome tem de 3 a 255 letras." in told
    with app.app_context():
        ana, carla = queries.in_order()
        assert (ana.name, ana.languages, ana.capacity) == ("Ana Lúcia", ["pt-BR", "es"], None)
        assert (ana.user_id, carla.capacity) == (cast.ana, 3)
    assert "dar nome às colunas" in import_(gisele, "a;b\n1;2\n")


def import_(browser: FlaskClient, sheet: str) -> str:
    file = (io.BytesIO(sheet.encode()), "consultores.csv")
    return browser.post(f"{LIST}/importar", data={"arquivo": file}).text
