"""The simulator's pages: what follows each change, what is wrong at which field, what is kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.debts.lookups.models import Snapshot
from app.extensions import db
from tests.browser_client import as_page
from tests.cast import Cast
from tests.counting import counted_queries
from tests.debts.simulations.conftest import TODAY

Found = tuple[int, str]
Bills = Callable[[int], Found]
Login = Callable[[int], FlaskClient]


class Desk:
    """Fábio's browser on one contract."""

    def __init__(self, browser: FlaskClient, found: Found) -> None:
        self.browser = as_page(browser)
        self.found = found
        self.base = f"/financeiro/consultas/{found[0]}/titulos/{found[1]}/simular"

    def asks(self, path: str = "/resultado", **fields: Any) -> TestResponse:
        form = {
            "dia": TODAY.isoformat(),
            **{name.replace("_", "."): v for name, v in fields.items()},
        }
        return self.browser.post(self.base + path, data=form)

    def keeps(self, name: str, **fields: Any) -> str:
        answer = self.asks("/guardadas", nome=name, **fields)
        assert answer.status_code == 204, answer.text
        return answer.headers["HX-Redirect"]


@pytest.fixture
def desk(contracts: Bills, cast: Cast, login_as: Login) -> Desk:
    return Desk(login_as(cast.fabio), contracts(1))


def total(text: str, letter: str) -> str:
    card = text.split(f'id="card-{letter}"')[1]
    return re.search(r"R\$\xa0[\d.,]+", card)[0]  # type: ignore[index]


def at_field(text: str, name: str) -> str:
    return text.split(f'id="slot-{name}"')[1].split("</div>")[0]


def test_the_page_shows_three_proposals_and_a_change_moves_only_what_it_touches(
    desk: Desk, app: Flask
) -> None:
    with app.app_context(), counted_queries() as counted:
        page = desk.browser.get(desk.base).text
    assert counted.total <= 16, counted.statements
    changed = desk.asks(B_n="3", renda="9.000,00").text
    assert "3× de" in changed
    assert "política: 6× de" in changed
    assert total(page, "A") == total(changed, "A")
    assert 'id="slot-B-n"' in changed


WRONG = [
    ("dia", "2026-02-30", "esta data não existe"),
    ("dia", "", "escolha um dia"),
    ("dia", "9999-12-31", "fora de 1970 a 2100"),
    ("renda", "-5", "negativo"),
    ("renda", "10000000000", "passa do limite"),
    ("renda", "muito", "não é um valor"),
    ("A_multa", "101", "vai de 0 a 100%"),
    ("A_multa", "-1", "negativo"),
    ("B_entrada", "1e9", "não é um valor"),
    ("C_n", "121", "vai de 1 a 120"),
    ("C_n", "120,5", "não é um número inteiro"),
    ("C_taxa", "2", "nunca acima de 1%"),
    ("C_metodo", "OUTRO", "não é uma das opções"),
    ("C_carencia", "99", "vai de 0 a 24"),
]


def test_what_cannot_be_is_said_at_its_field_and_is_not_kept(desk: Desk) -> None:
    for field, value, words in WRONG:
        answer = desk.asks(**{field: value})
        assert answer.status_code == 200
        assert words in at_field(answer.text, field.replace("_", "-")), (field, value)
        assert "corrija antes" in answer.text
    assert "B, campo entrada: não é" in desk.asks("/guardadas", nome="x", B_entrada="1e9").text


def test_a_guardrail_that_breaks_is_explained_and_blocks_the_offer(desk: Desk) -> None:
    answer = desk.asks(C_n="120").text
    assert "O prazo passa de" in answer
    assert "disabled" in answer.split('id="sim-offer-button"')[1].split(">")[0]
    refused = desk.asks("/ofertas", nome="longa demais", C_n="120")
    assert refused.status_code == 409
    assert "O prazo passa de" in refused.text


def test_every_figure_opens_its_calculation(desk: Desk) -> None:
    for figure in ("debt", "A.discount", "B.entry", "C.cost", "C:1", "C.lines"):
        text = desk.asks("/calculo", figura=figure).text
        for words in ("calc-formula", "<code>", "guiche 1"):
            assert words in text, figure


def test_an_instalment_opens_down_to_its_factor_and_days(desk: Desk) -> None:
    debt = desk.asks("/calculo", figura="debt").text
    line = re.search(r'"figura": "(line:\d+)"', debt)[1]  # type: ignore[index]
    text = desk.asks("/calculo", figura=line).text
    for words in ("fator de correção", "dias de atraso", "Lei", "pagável até"):
        assert words in text
    assert desk.asks("/calculo", figura="line:999").status_code == 404
    assert desk.asks("/calculo", figura="C:999").status_code == 404


def test_what_is_kept_is_named_copied_compared_and_only_changed_by_its_author(
    desk: Desk, cast: Cast, login_as: Login
) -> None:
    first = desk.keeps("Paga no 13º")
    assert "Paga no 13º" in desk.browser.get(first).text
    again = desk.keeps("Paga em 3", guardada=first.rpartition("/")[2], B_n="3")
    assert again == first
    beside = desk.asks("/comparacao", com=first.rpartition("/")[2], B_n="4").text
    assert "is-changed" in beside
    assert "+1" in beside
    gisele = as_page(login_as(cast.gisele))
    other = Desk(gisele, desk.found)
    refused = other.asks("/guardadas", nome="minha", guardada=first.rpartition("/")[2])
    assert refused.status_code == 409
    copy = gisele.post(f"{first}/copia").headers["HX-Redirect"]
    assert "Paga em 3 (cópia)" in gisele.get(copy).text
    assert "Paga em 3" in gisele.get("/financeiro/simulacoes").text
    assert desk.asks("/guardadas", nome=" ").status_code == 422


def test_every_case_of_the_book_shows_something(desk: Desk, contracts: Bills) -> None:
    for case in range(1, 36):
        snapshot_id, bill = contracts(case)
        page = desk.browser.get(f"/financeiro/consultas/{snapshot_id}/titulos/{bill}/simular")
        assert page.status_code == 200, case
        assert "Ainda não pode sair" in page.text or 'id="card-A"' in page.text


def test_who_may_not_see_debts_finds_nothing(contracts: Bills, cast: Cast, login_as: Login) -> None:
    ana = Desk(login_as(cast.ana), contracts(1))
    assert ana.browser.get(ana.base).status_code == 404
    assert ana.asks().status_code == 403


def test_the_statement_of_a_contract_leads_to_its_simulator(desk: Desk, app: Flask) -> None:
    with app.app_context():
        mark = db.session.get_one(Snapshot, desk.found[0]).mark
        path = app.url_map.bind("").build("debts.customer_page", {"mark": mark})
    assert f'href="{desk.base}"' in desk.browser.get(f"{path}?contrato={desk.found[1]}").text
