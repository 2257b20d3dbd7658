"""API tokens: shown once, good for their scopes, until they expire or are revoked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts import audit, tokens
from app.accounts.models import ApiToken, AuditEntry
from app.accounts.permissions import Scope
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic
from tests.accounts.browsing import queries_of, send
from tests.cast import Cast

SECRET = re.compile(r"guiche_[\w-]{43}")
LogIn = Callable[[int], FlaskClient]


@pytest.fixture
def admin(cast: Cast, login_as: LogIn) -> FlaskClient:
    """Adriana's browser."""
    return login_as(cast.adriana)


@pytest.fixture
def secret(app: Flask) -> str:
    """A token that may read the audit log for thirty days."""
    with app.app_context():
        return tokens.create("teste", "Painel", [Scope.AUDIT_READ], 30)[1]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def one_token() -> ApiToken:
    db.session.rollback()
    query = select(ApiToken).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def test_a_token_is_shown_once_and_kept_only_as_a_hash(app: Flask, admin: FlaskClient) -> None:
    shown = send(admin, "/tokens", name="Painel", scopes="audit:read", days="90")
    found = SECRET.search(shown.text)
    assert found
    page = admin.get("/tokens").text
    assert found.group()[:11] in page
    assert found.group() not in page
    with app.app_context():
        kept = db.session.execute(db.text("SELECT api_tokens::text FROM api_tokens")).scalar_one()
        assert found.group() not in kept
        logged = db.session.execute(db.text("SELECT audit_entries::text FROM audit_entries"))
        assert found.group() not in str(logged.all())


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"scopes": []}, {"scopes": "everything"}, {"days": "-1"}, {"days": "9999"},
     {"days": ""}],
)  # fmt: skip
def test_a_bad_token_form_is_refused_with_a_sentence(
    admin: FlaskClient, fields: dict[str, object]
) -> None:
    sent = {"name": "Painel", "scopes": "audit:read", "days": "90", **fields}
    answer = send(admin, "/tokens", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_token_with_the_scope_reads_the_audit_log(
    client: FlaskClient, cast: Cast, secret: str
) -> None:
    answer = client.get("/api/audit", headers=bearer(secret))
    assert answer.status_code == 200
    assert answer.json["items"][0]["action"] == "token.created"


def test_a_token_without_the_scope_is_refused(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        _, other = tokens.create("teste", "Medidas", [Scope.METRICS_READ], None)
    answer = client.get("/api/audit", headers=bearer(other))
    assert answer.status_code == 403
    assert "detail" in answer.json


@pytest.mark.parametrize(
    "header",
    ["Bearer guiche_wrong", "Bearer ", "Bearer", "Basic YTpi", "Token x", "Bearer \xe9", "guiche"],
)
def test_anything_else_is_401_with_json(client: FlaskClient, secret: str, header: str) -> None:
    answer = client.get("/api/audit", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert "detail" in answer.json


def test_without_a_token_the_answer_is_401_and_not_a_login_page(client: FlaskClient) -> None:
    answer = client.get("/api/audit")
    assert answer.status_code == 401
    assert "detail" in answer.json


def test_staff_with_the_permission_may_use_their_session(cast: Cast, login_as: LogIn) -> None:
    assert login_as(cast.adriana).get("/api/audit").status_code == 200
    assert login_as(cast.ana).get("/api/audit").status_code == 404


def test_a_wrong_token_is_not_saved_by_a_session(admin: FlaskClient) -> None:
    assert admin.get("/api/audit", headers=bearer("guiche_wrong")).status_code == 401


def test_tokens_expire(client: FlaskClient, secret: str) -> None:
    clock.shift(timedelta(days=30, seconds=1))
    assert client.get("/api/audit", headers=bearer(secret)).status_code == 401


def test_a_revoked_token_opens_nothing(
    app: Flask, client: FlaskClient, admin: FlaskClient, secret: str
) -> None:
    assert "Painel" in admin.get("/tokens/1/revogacao").text
    send(admin, "/tokens/1/revogacao")
    assert client.get("/api/audit", headers=bearer(secret)).status_code == 401
    with app.app_context():
        latest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
        assert db.session.scalars(latest).one().action == "token.revoked"


def test_the_last_use_is_noted_at_most_once_a_minute(
    app: Flask, client: FlaskClient, secret: str
) -> None:
    client.get("/api/audit", headers=bearer(secret))
    with app.app_context():
        first = one_token()
        assert first.last_used_at is not None
        assert first.version == 2
    clock.shift(timedelta(seconds=50))
    client.get("/api/audit", headers=bearer(secret))
    with app.app_context():
        assert one_token().version == 2
    clock.shift(timedelta(seconds=61))
    client.get("/api/audit", headers=bearer(secret))
    with app.app_context():
        assert one_token().version == 3


def test_pages_of_the_api_follow_one_another_without_holes(
    app: Flask, client: FlaskClient, secret: str
) -> None:
    with app.app_context(), atomic():
        for number in range(24):
            audit.record("teste", "test.done", "test", number)
    path, seen = "/api/audit?limit=10", []
    while path:
        page = client.get(path, headers=bearer(secret)).json
        seen += [entry["id"] for entry in page["items"]]
        path = page["next"]
    assert seen == list(range(25, 0, -1))


@pytest.mark.parametrize("query", ["limit=x", "limit=0", "antes=-1", "antes=9" * 30, "de=ontem"])
def test_a_malformed_page_is_a_400(client: FlaskClient, secret: str, query: str) -> None:
    assert client.get(f"/api/audit?{query}", headers=bearer(secret)).status_code == 400


@pytest.mark.usefixtures("context")
def test_a_scope_that_does_not_exist_is_not_granted() -> None:
    with pytest.raises(GuicheError):
        tokens.create("teste", "x", ["audit:read", "everything"], None)


def test_the_list_takes_two_queries_however_long(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        for number in range(20):
            tokens.create("teste", f"Token {number}", [Scope.AUDIT_READ], None)
    assert queries_of(app, admin, "/tokens") == 2
