"""Whatever the API says it takes it answers as it says, and nothing that it is sent breaks it."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings

KEY = "chave-dos-testes"


@pytest.fixture
def described(app: Flask, monkeypatch: pytest.MonkeyPatch) -> schemathesis.BaseSchema:
    monkeypatch.setattr(app.config["SETTINGS"], "authentication_api_key", KEY)
    monkeypatch.setattr(app.config["SETTINGS"], "api_requests_per_second", 100_000)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_it_is_described(case: schemathesis.Case) -> None:
    answer = case.call(headers={"api-key": KEY})
    assert answer.status_code < 500, answer.text
    if answer.status_code == 200:
        case.validate_response(answer)
