"""Whatever the API says it takes it answers as it says, and nothing that it is sent breaks it."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings

KEY = "chave-dos-testes"
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_operation_answers_as_it_is_described(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.config["SETTINGS"], "authentication_api_key", KEY)
    monkeypatch.setattr(app.config["SETTINGS"], "api_requests_per_second", 100_000)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 10
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def asked(case: schemathesis.Case) -> None:
            answer = case.call(headers={"api-key": KEY})
            assert answer.status_code < 500, (case.operation.path, answer.text)
            if answer.status_code == 200:
                case.validate_response(answer, headers={"api-key": KEY})

        asked()
