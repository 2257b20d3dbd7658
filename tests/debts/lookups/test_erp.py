"""The ERP when it refuses, limits or tells: errors, the budget, second copies, webhooks."""

import uuid

import pytest

from app import clock
from app.debts.lookups import directory
from app.debts.lookups.models import ErpDocument, Snapshot
from app.extensions import db
from app.integrations.base import IntegrationError
from app.integrations.sienge import budget, client, resources
from tests.browser_client import as_page
from tests.debts.lookups.test_lookups import document


@pytest.fixture
def adriana(login_as, cast):
    return as_page(login_as(cast.adriana))


def test_refused_credentials_stop_every_call_until_an_administrator_tests(
    app, erp, look_up, adriana, work, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "sienge_password", "outra")
    (failed,) = look_up(document(1))
    assert (failed.state, failed.error_status) == ("failed", 401)
    html = adriana.get("/financeiro/sienge").text
    assert "recusou o usuário ou a senha" in html
    assert "Nada mais é consultado desde" in html
    look_up(document(2))
    assert erp.spent() == 0
    monkeypatch.setattr(app.config["SETTINGS"], "sienge_password", "SENHA-DEMO")
    erp.fault(call="GET sales-contracts", status=403)
    adriana.post("/financeiro/sienge/testes")
    work("sync")
    html = adriana.get("/financeiro/sienge").text
    assert "não liberou o recurso “Contratos de venda”" in html
    adriana.post(f"/financeiro/sienge/consultas/{failed.id}/tentativas")
    work("sync")
    with app.app_context():
        assert db.session.query(Snapshot).order_by(Snapshot.id.desc()).first().state == "fresh"


def test_what_passes_is_tried_three_times_and_what_is_refused_is_not(app, erp, look_up):
    erp.fault(call="GET customers", status=502, times=2)
    assert look_up(document(1))[0].state == "fresh"
    erp.fault(call="GET sales-contracts", status=422)
    (refused,) = look_up(document(1), refresh=True)
    assert (refused.state, refused.attempts) == ("failed", 1)
    assert refused.error == "Nenhuma parcela apta para a emissão da segunda via."


def test_a_429_makes_everybody_wait_and_three_in_a_row_end_the_day(app, erp, look_up):
    erp.fault(status=429)
    (waiting,) = look_up(document(1))
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    calls = erp.spent()
    with app.app_context():
        with pytest.raises(IntegrationError, match="pediu para esperar"):
            resources.customers(document(2), "test")
        assert erp.spent() == calls
        budget.refused(None)
        assert budget.refused(None) > 3600 or clock.now().hour >= 2  # near midnight it is short
        budget.answered()
        assert budget.spent().paused_until is None


def test_the_budget_is_one_for_all_processes(app, erp, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "sienge_calls_per_minute", 3)
    with app.app_context():
        for _ in range(3):
            client.get(resources.CUSTOMERS, "test", {"limit": 1})
    with app.app_context(), pytest.raises(IntegrationError, match="deste minuto") as told:
        client.get(resources.CUSTOMERS, "test", {"limit": 1})
    assert 0 < told.value.wait_seconds <= 61
    assert erp.spent() == 3


def test_pages_are_read_until_the_count(app, erp):
    with app.app_context():
        rows = client.get_all(resources.CUSTOMERS, "test")
    assert len(rows) == len({one["id"] for one in rows}) > 400


def test_a_second_copy_is_fetched_at_once_and_kept(app, erp, look_up, login_as, cast, work):
    (snapshot,) = look_up(document(1))
    fabio, where = as_page(login_as(cast.fabio)), f"/financeiro/clientes/{snapshot.mark}"
    ask = {"tipo": "boleto", "titulo": "1010"}
    assert (
        "Buscando no Sienge" in fabio.post(f"{where}/documentos", data=ask | {"parcela": "13"}).text
    )
    work("sync")
    with app.app_context():
        row = db.session.query(ErpDocument).one()
    assert (row.state, row.error) == ("ready", None)
    assert row.line.startswith("00190")
    answer = fabio.get(f"{where}/documentos/{row.id}")
    assert answer.data.startswith(b"%PDF-")
    assert "Copiar linha digitável" in fabio.get(where).text
    fabio.post(f"{where}/documentos", data=ask | {"parcela": "38"})
    work("sync")
    assert "Nenhuma parcela apta" in fabio.get(where).text
    assert fabio.post(f"{where}/documentos", data=ask | {"parcela": "999"}).status_code == 404
    assert login_as(cast.ana).get(f"{where}/documentos/{row.id}").status_code == 404


@pytest.fixture
def tell(app, client, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "sienge_webhook_token", "t" * 40)

    def _tell(event, token="t" * 40, number=None, tenant="exemplo", **body):
        headers = {
            "Authorization": f"Bearer {token}",
            "x-sienge-event": event,
            "x-sienge-id": number or str(uuid.uuid4()),
            "x-sienge-tenant": tenant,
        }
        return client.post("/webhook/sienge", json=body, headers=headers).status_code

    return _tell


def test_a_payment_told_by_webhook_is_read_again_once(app, erp, look_up, tell, work):
    (first,) = look_up(document(1))
    assert tell("RECEIPT_PROCESSED", token="outro", billId=1010) == 404
    assert tell("RECEIPT_PROCESSED", tenant="outra", billId=1010) == 404
    erp.post("sienge-book/receipts", bill=1010, installment=13, value=125_000)
    for _ in range(2):
        assert tell("RECEIPT_PROCESSED", number="e-1", billId=1010, installmentId=13) == 200
    assert tell("RECEIPT_PROCESSED", billId=20001, installmentId=1) == 200  # nobody looked them up
    work("sync")
    with app.app_context():
        assert db.session.query(Snapshot).count() == 2
        last = db.session.query(Snapshot).order_by(Snapshot.id.desc()).first()
        assert last.content_hash != first.content_hash


def test_a_new_customer_told_by_webhook_can_be_found(app, erp, tell, work):
    assert tell("CUSTOMER_CREATED", customerId=5008) == 200
    work("sync")
    with app.app_context():
        assert db.session.get(directory.ErpCustomer, 5008).name == "Otávio Ramos"
