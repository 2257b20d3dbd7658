"""Approval: who is told live, who decides, what is frozen; and the policies behind it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import AuditEntry
from app.debts.simulations.models import DebtOffer, DebtPolicy
from app.extensions import db
from app.live import stale_regions
from tests.accounts.browsing import Screen
from tests.browser_client import as_page
from tests.cast import Cast
from tests.debts.simulations.test_simulator import Bills, Desk, Login
from tests.running import Running

Grant = Callable[..., None]


@pytest.fixture
def desk(contracts: Bills, cast: Cast, login_as: Login, grant: Grant) -> Desk:
    """Fábio, an operator, on one contract; Gisele is a manager by level too."""
    grant(cast.fabio, 1)
    grant(cast.gisele, 3)
    return Desk(login_as(cast.fabio), contracts(1))


def offers(desk: Desk, **fields: Any) -> str:
    answer = desk.asks("/ofertas", nome="Para aprovar", pedido="É bom pagador", **fields)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["HX-Redirect"])


def seen(app: Flask) -> str:
    with app.app_context():
        return str(db.session.query(DebtOffer).order_by(DebtOffer.id.desc()).first().content_hash)  # type: ignore[union-attr]


def tile(key: str, page: str) -> str:
    """One number of the home page."""
    return page.split(f'id="tile-{key}"')[1].split("</a>")[0]


def test_who_may_decide_is_told_decides_once_and_the_author_hears_of_it(
    desk: Desk, app: Flask, cast: Cast, login_as: Login
) -> None:
    path = offers(desk, A_multa="100", A_juros="100")
    gisele = as_page(login_as(cast.gisele))
    assert "pede a sua aprovação" in gisele.get("/avisos/sino").text
    assert path in gisele.get("/avisos/sino").text
    assert path in gisele.get("/financeiro/aprovacoes").text
    waits = "data-value>1<"
    assert waits in tile("approvals", gisele.get("/inicio").text)
    assert waits not in tile("approvals", desk.browser.get("/inicio").text)
    assert "pede a sua aprovação" not in desk.browser.get("/avisos/sino").text
    assert "Aprovar" not in desk.browser.get(path).text
    page = gisele.get(path).text
    assert "É bom pagador" in page and "desconto em multa e juros" in page  # noqa: PT018
    assert "obrigatório" in page
    unsaid = gisele.post(f"{path}/recusa", data={"conteudo": seen(app), "motivo": ""}).text
    assert "Diga por que você recusa" in unsaid
    done = gisele.post(f"{path}/aprovacao", data={"conteudo": seen(app), "motivo": "Vale"}).text
    assert "Aprovada" in done
    again = gisele.post(f"{path}/recusa", data={"conteudo": seen(app), "motivo": "Não"}).text
    assert "já aprovou esta oferta" in again
    assert "decidiu a sua oferta" in desk.browser.get("/avisos/sino").text
    assert "pede a sua aprovação" not in gisele.get("/avisos/sino").text


def test_pages_of_approvals_follow_and_outsiders_hear_nothing(
    desk: Desk, app: Flask, cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        before = {"approvals:me": "0", "debt-policies:all": "0"}
        assert stale_regions(cast.gisele, before) == []
        assert sorted(stale_regions(cast.ana, before)) == sorted(before)
    path = offers(desk, A_multa="100")
    with app.app_context():
        assert stale_regions(cast.gisele, {"approvals:me": "0"}) == ["approvals:me"]
        bill = f"bill-simulations:{app.config['SETTINGS'].sienge_subdomain}/{desk.found[1]}"
        assert stale_regions(cast.gisele, {bill: "|"}) == [bill]
    assert login_as(cast.ana).get(path).status_code == 404


def test_a_frozen_offer_opens_every_figure_and_never_changes(desk: Desk, app: Flask) -> None:
    path = offers(desk, C_n="12")
    for figure in ("debt", "A.total", "C:1", "C.cost"):
        assert "calc-formula" in desk.browser.get(f"{path}/calculo?figura={figure}").text
    first = seen(app)
    desk.asks("/ofertas", nome="Outra", C_n="13")
    assert "Substituída" in desk.browser.get(path).text
    assert seen(app) != first


def policy_form(browser: FlaskClient, **changed: str) -> dict[str, str]:
    page = browser.get("/financeiro/politicas/nova").text
    form = dict(
        re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', page.split("policy-form", 1)[1])
    )
    form |= {"C.metodo": "SAC", "C.modo": "novo_plano"}
    form.pop("permitir_price", None)
    return form | {name.replace("_", ".", 1) if name[0] in "ABC" else name: value
                   for name, value in changed.items()}  # fmt: skip


def test_a_manager_makes_the_next_version_within_the_law_and_it_is_on_record(
    desk: Desk, app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = as_page(login_as(cast.gisele))
    wrong = gisele.post("/financeiro/politicas", data=policy_form(gisele, multa="3")).text
    assert "passa do limite da lei" in wrong
    price = policy_form(gisele) | {"permitir_price": "1"}
    assert "jurídico" in gisele.post("/financeiro/politicas", data=price).text
    same = gisele.post("/financeiro/politicas", data=policy_form(gisele)).text
    assert "Nada mudou" in same
    good = policy_form(gisele, C_n_alvo="24", nota="Prazo mais curto")
    stale = policy_form(gisele, C_n_alvo="30")
    assert gisele.post("/financeiro/politicas", data=good).status_code == 204
    assert "acabou de salvar a versão 2" in gisele.post("/financeiro/politicas", data=stale).text
    page = gisele.get("/financeiro/politicas").text
    assert "Prazo mais curto" in page
    assert "antes: 36" in page
    with app.app_context():
        assert db.session.query(DebtPolicy).one().version == 2
        entry = db.session.query(AuditEntry).filter_by(action="debt_policy.changed").one()
        assert entry.after == {"C.n_alvo": 24}
    assert "guiche 2" in desk.browser.get(desk.base).text
    assert desk.browser.get("/financeiro/politicas/nova").status_code == 404


def test_the_bell_of_who_may_approve_rings_on_the_open_page_and_no_other(
    running: Running, desk: Desk, cast: Cast, login_as: Login
) -> None:
    gisele, ana = login_as(cast.gisele), login_as(cast.ana)
    with Screen(running.web(), gisele) as told, Screen(running.web(), ana) as outsider:
        touched: dict[str, list[str]] = {"told": [], "outsider": []}
        told.socket.on("touch", lambda one: touched["told"].extend(one["regions"]))
        outsider.socket.on("touch", lambda one: touched["outsider"].extend(one["regions"]))
        offers(desk, A_multa="100")
        for _ in range(150):
            if "bell:me" in touched["told"] and "approvals:me" in touched["told"]:
                break
            told.socket.sleep(0.02)
        assert {"bell:me", "approvals:me"} <= set(touched["told"])
        assert touched["outsider"] == []
