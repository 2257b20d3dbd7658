"""Health that really checks, metrics behind a token, and one request id through everything."""

import json
from collections.abc import Callable
from functools import wraps

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.accounts import tokens
from app.accounts.permissions import Scope
from app.conversations.models import OutboxEntry
from app.extensions import db
from app.intake.models import Receipt
from app.integrations.models import OutsideCall
from tests.cast import Cast
from tests.running import Running
from tests.telling import Login, person, received


def test_health_has_the_old_contracts_keys_and_tells_the_truth(
    client: FlaskClient, channel: int
) -> None:
    answer = client.get("/api/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert {"status", "services", "timestamp", "service", "version"} <= set(answer.json)
    services = answer.json["services"]
    assert (services["supabase"], services["zapi"]) == ("connected", "connected")
    assert services["openai"] == services["chatwoot"] == "not_configured"
    assert services["workers"] == "missing"
    assert answer.json["status"] == "degraded", "nobody works on the queues here"


def test_without_redis_we_are_alive_but_not_ready(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis import Redis

    nowhere = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2)
    monkeypatch.setitem(app.extensions, "guiche_redis", nowhere)

    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json == {"status": "unavailable", "checks": {"database": True, "redis": False}}
    assert client.get("/api/health").status_code == 503


def test_metrics_need_a_token_with_their_scope(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert client.get("/metrics").status_code == 401
    with app.app_context():
        admin = person(cast.adriana)
        _, right = tokens.create(admin, "prometheus", [Scope.METRICS_READ], None)
        _, wrong = tokens.create(admin, "outro", [Scope.AUDIT_READ], None)

    def read(secret: str) -> tuple[int, str]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {secret}"})
        return answer.status_code, answer.text

    assert read(wrong)[0] == 403
    status, text = read(right)
    assert status == 200
    for name in (
        "guiche_requests_total",
        "guiche_pushes_total",
        'guiche_pending_age_seconds{work="outbox"}',
        "guiche_outside_calls_total",
    ):
        assert name in text


def test_one_request_id_goes_through_web_job_and_outside_call(
    app: Flask, client: FlaskClient, cast: Cast, channel: int, work: Callable[..., int]
) -> None:
    headers = {"X-Request-ID": "pedido-0001"}
    answer = client.post("/webhook/whatsapp", json=received("oi"), headers=headers)
    assert answer.headers["X-Request-ID"] == "pedido-0001"
    work("assistant")
    with app.app_context():
        assert db.session.query(Receipt).one().request_id == "pedido-0001"
        assert db.session.query(OutboxEntry).one().request_id == "pedido-0001"
    work("outbound")
    with app.app_context():
        calls = db.session.query(OutsideCall).filter(OutsideCall.subject != "").all()
        assert {call.request_id for call in calls} == {"pedido-0001"}


def test_logs_are_json_and_hold_no_secret_and_no_person(
    app: Flask, running: Running, channel: int
) -> None:
    web = running.web()
    said = received("meu cpf é 529.982.247-25", phone="5500987654321")
    requests.post(f"{web}/webhook/whatsapp", json=said, timeout=5).raise_for_status()
    requests.post(f"{web}/webhook/zapi/segredo-do-endereco", json=received(), timeout=5)
    text = running.log_of("web")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    assert any(line["event"] == "request" for line in lines)
    assert all(line["request_id"] for line in lines if line["event"] == "request")
    for secret in ("segredo-do-endereco", "987654321", "529.982.247-25", "52998224725"):
        assert secret not in text


def test_a_page_carries_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/entrar").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("context")
def test_a_database_error_does_not_repeat_what_somebody_wrote() -> None:
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT 1 / 0 WHERE :said <> ''"), {"said": "meu cpf é 529"})
    db.session.rollback()
    assert "division by zero" in str(caught.value)
    assert "529" not in str(caught.value)


def test_what_broke_a_transaction_is_told_on_a_page_of_ours(
    app: Flask, cast: Cast, login_as: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    @wraps(app.view_functions["reports.home"])
    def broken(*_: object) -> str:
        db.session.execute(text("SELECT 1 / 0"))
        return ""

    browser = login_as(cast.ana)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "reports.home", broken)
    page = browser.get("/inicio")
    assert page.status_code == 500
    assert "Algo falhou do nosso lado" in page.text
    assert 'class="rail"' in page.text


def test_without_a_database_there_is_still_a_page_of_ours(
    app: Flask, cast: Cast, login_as: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception("connection refused"))

    browser = login_as(cast.ana)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app.login_manager, "_user_callback", away)  # type: ignore[attr-defined]
    page = browser.get("/inicio")
    assert page.status_code == 500
    assert "Algo falhou do nosso lado" in page.text
