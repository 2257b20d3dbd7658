"""What is known of a call after it was tried, and what the ledger keeps of it."""

import pytest

from app.extensions import current_settings, db
from app.integrations import http
from app.integrations.base import IntegrationError, Outcome
from app.integrations.models import OutsideCall
from app.logs import bind_request_id
from app.transactions import atomic
from tests.integrations.provider import answer, running_provider

PATH = "/instances/I/token/TOPSECRET/send-text?phone=5548912345678"


@pytest.fixture
def provider(context, monkeypatch):
    monkeypatch.setattr(current_settings(), "outside_timeout_seconds", 0.3)
    with running_provider() as running:
        yield running


def _call(provider, path=PATH):
    return http.call(
        "vendor",
        "POST",
        provider.url + path,
        subject="outbox:7",
        explain=lambda status, text: f"{status}: {text}",
        payload={"phone": "5548912345678"},
    )


def _failure(provider, **kwargs):
    with pytest.raises(IntegrationError) as caught:
        _call(provider, **kwargs)
    return caught.value


def _row():
    return db.session.query(OutsideCall).one()


def test_a_readable_answer_is_returned_and_noted(provider):
    provider.reply = answer(200, b'{"id": "X"}')
    assert _call(provider) == {"id": "X"}
    row = _row()
    assert (row.outcome, row.status, row.subject) == ("ok", 200, "outbox:7")
    assert "TOPSECRET" not in row.address
    assert "phone" not in row.address


def test_an_empty_answer_is_fine(provider):
    provider.reply = answer(204, b"")
    assert _call(provider) is None


def test_the_request_id_goes_along(provider):
    bind_request_id("abcd-1234")
    _call(provider)
    assert b"X-Request-ID: abcd-1234" in provider.requests[0]
    assert _row().request_id == "abcd-1234"


def test_a_refused_connection_never_left(provider):
    provider.close()
    assert _failure(provider).outcome is Outcome.NEVER_LEFT
    assert _row().outcome == "never_left"


def test_an_unknown_host_never_left(provider):
    provider.url = "http://nobody.invalid"
    failure = _failure(provider)
    assert failure.outcome is Outcome.NEVER_LEFT
    assert failure.surely_not_taken


@pytest.mark.parametrize("status", [400, 401, 404, 405, 415, 429, 499])
def test_a_4xx_was_refused(provider, status):
    provider.reply = answer(status, b'{"error": "no"}')
    failure = _failure(provider)
    assert (failure.outcome, failure.status) == (Outcome.REFUSED, status)
    assert failure.message == f"{status}: no"


@pytest.mark.parametrize("status", [302, 500, 502, 503, 504])
def test_a_5xx_or_a_detour_may_have_been_taken(provider, status):
    provider.reply = answer(status, b"oops", "Location: http://127.0.0.1:9/\r\n")
    assert _failure(provider).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 X\r\nContent-Length: 50\r\n\r\n{",
        answer(200, b"<html>"),
        answer(200, b"[" * 100_000),
        answer(200, b" " * (http.MAX_BODY + 1)),
        answer(200, b"not gzip", "Content-Encoding: gzip\r\n"),
    ],
    ids=["cut", "half a head", "half a body", "html", "nested", "huge", "undecodable"],
)
def test_what_cannot_be_read_may_have_been_taken(provider, reply):
    provider.reply = reply
    assert _failure(provider).outcome is Outcome.UNKNOWN
    assert _row().outcome == "unknown"


def test_silence_may_be_a_yes(provider):
    provider.silent = True
    assert _failure(provider).outcome is Outcome.UNKNOWN
    assert _row().error == "ReadTimeout"


def test_the_ledger_never_holds_a_token_or_a_phone(provider):
    provider.reply = answer(400, b'{"error": "5548912345678 /instances/I/token/TOPSECRET/x"}')
    _failure(provider)
    assert "5548912345678" not in _row().error
    assert "TOPSECRET" not in _row().error


def test_nothing_is_called_while_a_transaction_is_open(provider):
    with atomic(), pytest.raises(RuntimeError):
        _call(provider)
    assert provider.requests == []


def test_the_connection_is_given_back_before_waiting(provider):
    db.session.query(OutsideCall).count()
    _call(provider)
    assert db.session.query(OutsideCall).count() == 1
