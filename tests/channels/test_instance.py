"""What the channel's page asks of the provider: pairing, a test, its webhooks, and its queue."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.channels.models import Channel
from app.extensions import db
from app.integrations.models import OutsideCall
from app.teams import service as teams
from tests.cast import Cast
from tests.running import Running
from tests.telling import Login, csrf, person

INSTANCE = "/zapi/instances/INST-TEST/connection"


@pytest.fixture
def vendor(app: Flask, running: Running, channel: int) -> Iterator[str]:
    """The sandbox, which this process calls."""
    url = running.sandbox()
    requests.post(f"{url}/reset", timeout=5)
    settings = app.config["SETTINGS"]
    before, settings.zapi_base_url = settings.zapi_base_url, url
    yield url
    settings.zapi_base_url = before
    requests.post(f"{url}/reset", timeout=5)


@pytest.fixture
def adriana(cast: Cast, login_as: Login) -> FlaskClient:
    """The administrator's browser."""
    return login_as(cast.adriana)


def asks(browser: FlaskClient, path: str, method: str = "POST", **fields: str) -> str:
    answer = browser.open(f"/canais/1/{path}", method=method, data=fields, headers=csrf(browser))
    assert answer.status_code == 200
    return answer.text


def test_a_code_is_shown_three_times_and_then_on_demand(
    vendor: str, adriana: FlaskClient, app: Flask, channel: int
) -> None:
    assert "está conectado" in asks(adriana, "qr")
    requests.post(vendor + INSTANCE, json={"connected": False}, timeout=5)
    first = asks(adriana, "qr")
    assert "data:image/png;base64," in first
    assert 'name="vez" value="2"' in first
    assert "load delay:15s" in first
    last = asks(adriana, "qr", vez="3")
    assert "load delay" not in last
    assert "Gerar outro código" in last
    requests.post(vendor + INSTANCE, json={"connected": True}, timeout=5)
    assert "está conectado" in asks(adriana, "qr", vez="2")
    with app.app_context():
        assert db.session.get_one(Channel, channel).state == "connected"


def test_opening_the_page_asks_the_provider_nothing(
    vendor: str, adriana: FlaskClient, app: Flask
) -> None:
    assert adriana.get("/canais/1").status_code == 200
    with app.app_context():
        assert db.session.scalars(select(OutsideCall)).all() == []


def test_a_test_goes_to_the_number_itself_and_is_on_record(
    vendor: str, adriana: FlaskClient, app: Flask
) -> None:
    assert "aceitou a mensagem" in asks(adriana, "teste")
    [sent] = requests.get(f"{vendor}/zapi/outbox", timeout=5).json()
    assert sent["phone"].startswith("55003333")
    assert "Teste do Guichê" in sent["text"]
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="channel.tested").count() == 1


def test_webhooks_are_compared_registered_and_never_logged(
    vendor: str, adriana: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    assert "Não apontam para cá" in asks(adriana, "webhooks/conferencia")
    assert "Cadastrado" in asks(adriana, "webhooks")
    assert "apontam para cá" in asks(adriana, "webhooks/conferencia")
    with app.app_context():
        secret = db.session.scalars(select(Channel.webhook_secret)).one()
        kept = [str(vars(row)) for row in db.session.scalars(select(OutsideCall))]
    assert len(kept) == 3
    assert not any(secret in row or "TOK-TEST" in row for row in [*kept, caplog.text])


def test_what_stands_still_at_the_provider_is_seen_and_dropped(
    vendor: str, adriana: FlaskClient
) -> None:
    assert "Nada parado" in asks(adriana, "fila")
    requests.post(vendor + INSTANCE, json={"connected": False}, timeout=5)
    requests.post(
        f"{vendor}/instances/INST-TEST/token/TOK-TEST/send-text",
        headers={"Client-Token": "CT-TEST"},
        json={"phone": "5500900010001", "message": "Presa <b>aqui</b>"},
        timeout=5,
    )
    assert "Presa &lt;b&gt;aqui" in asks(adriana, "fila")
    assert "Nada parado" in asks(adriana, "fila", method="DELETE")


def test_the_telephone_itself_may_be_away(vendor: str, adriana: FlaskClient) -> None:
    assert "com internet" in asks(adriana, "celular")
    requests.post(vendor + INSTANCE, json={"connected": False}, timeout=5)
    assert "não responde" in asks(adriana, "celular")


@pytest.mark.parametrize(
    "path", ["qr", "celular", "teste", "webhooks/conferencia", "webhooks", "fila"]
)
def test_trouble_is_said_and_breaks_nothing(
    path: str, channel: int, adriana: FlaskClient, app: Flask
) -> None:
    assert "alert-" in asks(adriana, path)  # the provider's port is closed


def test_the_channels_own_team_is_chosen_here(
    app: Flask, channel: int, cast: Cast, adriana: FlaskClient
) -> None:
    with app.app_context():
        team = teams.create(person(cast.gisele), "Financeiro").id
    assert "Equipe das conversas novas" in adriana.get("/canais/1").text
    fields = {"name": "WhatsApp", "pace": "1", "team_id": str(team)}
    adriana.post("/canais/1", data=fields, headers=csrf(adriana))
    with app.app_context():
        assert db.session.get_one(Channel, channel).team_id == team
    fields["team_id"] = "99"
    assert adriana.post("/canais/1", data=fields, headers=csrf(adriana)).status_code == 422
