"""Z-API: what each call becomes, and what staff are told when it fails."""

import json

import pytest

from app.integrations import zapi
from app.integrations.base import Accepted, IntegrationError, Outcome
from tests.integrations.provider import answer, running_provider


@pytest.fixture
def sending(context):
    with running_provider() as provider:
        yield provider, zapi.ZapiMessenger(provider.url, "INST", "TOK", "CT")


def test_a_text_is_sent_with_the_accounts_token(sending):
    provider, messenger = sending
    provider.reply = answer(200, b'{"zaapId": "Z", "messageId": "M", "id": "M"}')
    assert messenger.send_text("554891234567", "Olá ☕", "outbox:1") == Accepted("M", "Z")
    head, _, body = provider.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /instances/INST/token/TOK/send-text ")
    assert b"Client-Token: CT" in head
    assert json.loads(body) == {"phone": "554891234567", "message": "Olá ☕"}


def test_an_answer_without_an_id_may_have_been_taken(sending):
    provider, messenger = sending
    provider.reply = answer(200, b'{"error": "hm"}')
    with pytest.raises(IntegrationError) as caught:
        messenger.send_text("55", "x", "outbox:1")
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "text", "sentence"),
    [
        (400, "your client-token is not configured", "Configure o token de segurança"),
        (403, "null not allowed", "Falta o token de segurança"),
        (403, "[10.0.0.1] not allowed", "não aceita chamadas deste servidor"),
        (404, "Instance not found", "não conhece esta instância"),
        (404, "", "não conhece esta instância"),
        (429, "", "pediu para esperar"),
        (400, "new words", "não entendeu a chamada"),
        (500, "boom", "pode ter saído"),
    ],
)
def test_refusals_are_told_in_portuguese(sending, status, text, sentence):
    provider, messenger = sending
    provider.reply = answer(status, json.dumps({"error": text}).encode())
    with pytest.raises(IntegrationError) as caught:
        messenger.send_text("55", "x", "outbox:1")
    assert sentence in caught.value.message


def test_only_connected_says_whether_it_is_connected(sending):
    provider, messenger = sending
    provider.reply = answer(200, b'{"connected": true, "error": "You are already connected."}')
    assert messenger.is_connected()
    provider.reply = answer(200, b'{"connected": false, "error": "You are not connected."}')
    assert not messenger.is_connected()
    provider.reply = answer(200, b'{"connected": "yes"}')
    with pytest.raises(IntegrationError):
        messenger.is_connected()


def test_a_message_that_is_there_is_reacted_to_edited_and_deleted(sending):
    provider, messenger = sending
    provider.reply = answer(200, b'{"zaapId": "Z", "messageId": "M"}')
    assert messenger.react("5548", "WA/1", "👍", "act:1") == Accepted("M", "Z")
    messenger.react("5548", "WA/1", "", "act:2")
    messenger.edit_text("5548", "WA/1", "Olá", "act:3")
    provider.reply = answer(204, b"")
    messenger.delete("5548", "WA/1", "act:4")
    calls = [request.partition(b"\r\n\r\n") for request in provider.requests]
    paths = [head.split(b" HTTP")[0].rpartition(b"/TOK/")[2] for head, _, _ in calls]
    deletion = b"messages?messageId=WA%2F1&phone=5548&owner=true"
    assert paths == [b"send-reaction", b"send-remove-reaction", b"send-text", deletion]
    about = {"phone": "5548", "messageId": "WA/1"}
    assert [json.loads(body) for _, _, body in calls[:3]] == [
        about | {"reaction": "👍"},
        about,
        {"phone": "5548", "message": "Olá", "editMessageId": "WA/1"},
    ]
