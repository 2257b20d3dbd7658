"""The contract of protocols, row by row of the replaced system's table."""

import re

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.accounts import tokens
from app.protocols import queries
from tests.telling import person

KEY = "chave-dos-testes"


@pytest.fixture
def api(app, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "authentication_api_key", KEY)
    client = app.test_client()
    client.environ_base["HTTP_API_KEY"] = KEY
    return client


def test_without_a_key_403_and_with_a_wrong_one_401(app, api):
    assert app.test_client().get("/protocolos").json == {"detail": "Not authenticated"}
    assert app.test_client().get("/protocolos").status_code == 403
    answer = api.get("/protocolos", headers={"api-key": "outra"})
    assert (answer.status_code, answer.json) == (401, {"detail": "API Key inválida"})


def test_a_list_is_bare_with_skip_limit_and_a_key(make, api):
    for name in ("Rafael", "Camila"):
        api.post("/consultor", json={"nome": name, "idiomas": ["pt-BR"]})
    for number in range(5):
        make(consultant_id=1 if number % 2 else 2)
    rows = api.get("/protocolos?consultor_id=2&skip=0&limit=2").json
    assert [row["numero"] for row in rows] == ["#00001", "#00003"]
    assert set(rows[0]) == {"id", "numero", "consultor_id", "created_at"}
    moment = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.?\d*[+-]\d\d:\d\d$"
    assert re.match(moment, rows[0]["created_at"])
    assert [row["id"] for row in api.get("/protocolos?skip=3").json] == [4, 5]
    answer = api.get("/protocolos?limit=2&apos=1")
    assert [row["id"] for row in answer.json] == [2, 3]
    assert answer.headers["X-Proximo-Apos"] == "3"
    assert "X-Proximo-Apos" not in api.get("/protocolos").headers


def test_one_protocol_is_read_and_changed_for_good(make, api, context):
    made = make()
    assert api.get(f"/protocolo/{made.id}").json["numero"] == "#00001"
    given = {"descricao": "x", "prioridade": "alta", "status": "fechado"}
    answer = api.put(f"/protocolo/{made.id}", json=given)
    assert answer.status_code == 200
    assert set(answer.json) == {"id", "numero", "consultor_id", "created_at"}
    whole = api.get(f"/protocolo/{made.id}?completo=true").json
    assert {name: whole[name] for name in given} == given
    assert whole["closed_at"]
    assert queries.story(made.id)[-1].actor_name == "chave da API"
    assert api.put(f"/protocolo/{made.id}", json={}).status_code == 200


def test_what_is_not_there_is_404_and_what_does_not_fit_422(make, api):
    make()
    for answer in (api.get("/protocolo/2000000000"), api.put("/protocolo/2000000000", json={})):
        assert (answer.status_code, answer.json) == (404, {"detail": "Protocolo não encontrado"})
    assert api.get("/protocolo/99999999999999999999").status_code == 404
    faults = api.get("/protocolo/abc").json["detail"]
    assert (faults[0]["loc"], faults[0]["type"]) == (["path", "protocolo_id"], "int_parsing")
    assert api.put("/protocolo/1", json={"status": "sumido"}).status_code == 422
    assert api.put("/protocolo/1", json={"descricao": "\0"}).status_code == 422
    assert api.put("/protocolo/1", data="{").status_code == 422
    assert api.put("/protocolo/1", data=b"\xff\xfe").status_code == 422
    assert api.get("/protocolos?skip=-1&limit=x").json["detail"][1]["loc"] == ["query", "limit"]


def test_a_token_opens_what_its_scopes_say(app, make, cast):
    with app.app_context():
        _, secret = tokens.create(person(cast.adriana), "n8n", ["consultants:read"], None)
    make()
    head = {"api-key": secret}
    client = app.test_client()
    assert client.get("/protocolos", headers=head).status_code == 200
    assert client.put("/protocolo/1", json={}, headers=head).status_code == 403


def test_one_key_is_slowed_down_and_others_are_not(app, api, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "api_requests_per_second", 2)
    answers = {api.get("/protocolos").status_code for _ in range(8)}
    assert answers == {200, 429}
    assert app.test_client().get("/protocolos").status_code == 403


def test_each_call_is_two_entries_without_personal_data(make, api):
    make(description="Fulano")
    with capture_logs() as entries:
        api.get("/protocolo/1?completo=true&email=ana@exemplo.com.br")
        api.get("/protocolo/9")
    asked, answered, asked_again, error = entries
    assert asked["request"]["path"] == "/protocolo/1"
    assert asked["request"]["id"] == answered["response"]["id"]
    assert re.match(r"\d\.\d\d\ds", answered["response"]["time"])
    assert answered["response"]["data"]["numero"] == "#00001"
    assert error["error"]["error"] == "Protocolo não encontrado"
    assert error["error"]["id"] == asked_again["request"]["id"]
    endpoint = {"endpoint": "protocols_api.protocol"}
    assert REGISTRY.get_sample_value("guiche_request_seconds_count", endpoint) >= 2
    said = str(entries)
    assert "Fulano" not in said
    assert "ana@" not in said


def test_the_description_names_every_path_and_its_pages_open(api):
    paths = api.get("/openapi.json").json["paths"]
    assert {"/protocolos", "/protocolo/{protocolo_id}"} <= set(paths)
    for page in ("/docs", "/redoc"):
        html = api.get(page).text
        assert "<script>" not in html
        for source in re.findall(r'(?:src|href)="([^"]+)"', html):
            assert source.startswith("/")
            assert api.get(source).status_code == 200


def test_in_production_the_description_asks_for_a_token(app, client, monkeypatch, cast, login_as):
    monkeypatch.setattr(app.config["SETTINGS"], "guiche_env", "production")
    for page in ("/openapi.json", "/docs", "/redoc"):
        assert client.get(page).status_code == 401
    assert login_as(cast.adriana).get("/docs").status_code == 200
    assert login_as(cast.ana).get("/docs").status_code == 404
