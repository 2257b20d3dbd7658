"""Z-API: what each webhook means, and what each call becomes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations import zapi
from app.integrations.base import (
    BadPayload,
    ConnectionChange,
    DeliveryReport,
    Echo,
    Ignored,
    InboundMessage,
    Revocation,
    StatusUpdate,
)
from app.integrations.zapi_text import explain, report_error
from tests.intake.bodies import received

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "zapi").glob("*.json"))


def _parse(**fields):
    (event,) = zapi.parse(received(**fields))
    return event


def _content(**content):
    body = received()
    del body["text"]
    (event,) = zapi.parse({**body, **content})
    return event


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_every_captured_payload_means_what_it_says(file):
    captured = json.loads(file.read_text())
    (event,) = zapi.parse(captured["payload"])
    expect = {k: v for k, v in captured["expect"].items() if not k.startswith("provider_")}
    if expect["kind"] == "presence":  # nobody looks at customers typing yet
        expect = {"kind": "ignored"}
    said = _said(event)
    assert {name: said.get(name) for name in expect} == expect, captured["why"]


def test_there_are_captured_payloads():
    assert len(FIXTURES) > 90


def _said(event):
    """An event in the words of the captured payloads."""
    at = {"at": event.at.isoformat()} if getattr(event, "at", None) else {}
    if isinstance(event, Ignored):
        return {"kind": "ignored"}
    if isinstance(event, StatusUpdate):
        return {"kind": "status", "status": event.status, "ids": list(event.provider_ids), **at}
    if isinstance(event, ConnectionChange):
        return {"kind": "connection", "connected": event.connected, **at}
    if isinstance(event, DeliveryReport):
        return _said_of_delivery(event)
    if isinstance(event, Revocation):
        return {
            "kind": "revocation",
            "message_id": event.provider_id,
            "phone": event.address.phone,
        }
    return _said_of_message(event)


def _said_of_delivery(event):
    failed = event.error is not None
    said = {"kind": "delivery", "message_id": event.provider_id, "queue_id": event.queue_id}
    return {**said, "failed": failed}


def _said_of_message(event):
    message = isinstance(event, InboundMessage)
    said = {
        "kind": "message" if message else "echo",
        "message_id": event.provider_id,
        "phone": event.address.phone,
        "lid": event.address.lid,
        "name": event.address.name,
        "content": event.kind,
        "text": event.body,
        "at": event.provider_at.isoformat() if event.provider_at else None,
        "forwarded": event.payload.get("forwarded"),
        "ad": "externalAdReply" in event.payload,
    }
    if not message:
        return {**said, "from_api": event.from_api}
    return {
        **said,
        "is_edit": event.is_edit,
        "is_placeholder": event.is_placeholder,
        "reply_to": event.reply_to,
        "references": event.about,
        "about": event.about,
    }


@pytest.mark.parametrize("file", [f for f in FIXTURES if f.stem.startswith("delivery_")])
def test_every_delivery_error_has_a_sentence_of_its_own(file):
    captured = json.loads(file.read_text())
    (event,) = zapi.parse(captured["payload"])
    text = captured["expect"].get("provider_error")
    assert (event.error is None) == (text is None)
    assert text is None or text not in event.error


def test_a_text_is_a_message_with_its_sender():
    event = _parse(text={"message": "Bom dia"}, chatLid="111@lid")
    assert isinstance(event, InboundMessage)
    assert (event.provider_id, event.kind, event.body, event.payload) == (
        "WA-1",
        "text",
        "Bom dia",
        {},
    )
    assert (event.address.phone, event.address.lid) == ("554891234567", "111@lid")
    assert event.address.name == "Marina"
    assert event.provider_at == datetime(2026, 11, 21, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize("type_", ["ReceivedCallBack", "receivedcallback", "", None])
def test_the_type_is_read_whatever_its_case_or_absence(type_):
    assert isinstance(_parse(type=type_), InboundMessage)


def test_a_phone_that_is_a_lid_is_no_phone():
    address = _parse(phone="111222333444555@lid").address
    assert (address.phone, address.lid) == (None, "111222333444555@lid")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"isGroup": True}, "grupo"),
        ({"phone": "120363000000000000-group"}, "grupo"),
        ({"phone": "5548900000000-1600000000"}, "grupo"),
        ({"isNewsletter": True}, "canal"),
        ({"phone": "123@newsletter"}, "canal"),
        ({"broadcast": True}, "transmissão"),
        ({"phone": "5548900000000-broadcast"}, "transmissão"),
        ({"phone": "status@broadcast"}, "transmissão"),
        ({"isStatusReply": True}, "status"),
        ({"notification": "CALL_VOICE"}, "CALL_VOICE"),
        ({"text": None}, "sem conteúdo"),
        ({"type": "PresenceChatCallback"}, "presença"),
        ({"type": "NewThing"}, "NewThing"),
    ],
)
def test_what_is_not_for_the_desk_is_ignored_with_a_reason(fields, reason):
    event = _parse(**fields)
    assert isinstance(event, Ignored)
    assert reason in event.reason


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        ({"image": {"imageUrl": "u", "caption": "nota"}}, "image", "nota"),
        ({"audio": {"audioUrl": "u", "ptt": True}}, "audio", ""),
        ({"video": {"videoUrl": "u", "caption": None}}, "video", ""),
        ({"document": {"documentUrl": "u", "fileName": "a.pdf"}}, "document", "a.pdf"),
        ({"location": {"latitude": 1.0, "name": "Praça"}}, "location", "Praça"),
        ({"contact": {"displayName": "Ana"}}, "contact", "Ana"),
        ({"sticker": {"stickerUrl": "u"}}, "sticker", ""),
        ({"reaction": {"value": "👍"}}, "reaction", "👍"),
        ({"buttonsResponseMessage": {"buttonId": "1", "message": "Sim"}}, "text", "Sim"),
        ({"listResponseMessage": {"message": "Opção 2"}}, "text", "Opção 2"),
        ({"poll": {"question": "Qual?", "options": []}}, "poll", "Qual?"),
        ({"pollVote": {"options": [{"name": "A"}, {"name": "B"}]}}, "vote", "A, B"),
        ({"product": {"id": 1}}, "unsupported", ""),
        ({"text": {"message": ["?"]}}, "unsupported", ""),
        ({"image": "?"}, "unsupported", ""),
    ],
)
def test_every_kind_of_content_is_kept(content, kind, body):
    event = _content(**content)
    assert (event.kind, event.body) == (kind, body)
    assert event.payload | content == event.payload


def test_a_message_not_yet_decrypted_is_a_placeholder():
    event = _content(waitingMessage=True)
    assert (event.kind, event.is_placeholder) == ("placeholder", True)


def test_an_edit_and_a_reply_say_so():
    event = _parse(isEdit=True, referenceMessageId="WA-0")
    assert event.is_edit
    assert event.reply_to == "WA-0"


@pytest.mark.parametrize("from_api", [True, False])
def test_an_echo_says_whether_it_came_through_the_api(from_api):
    event = _parse(fromMe=True, fromApi=from_api, senderName="Nós", senderLid="999@lid")
    assert isinstance(event, Echo)
    assert event.from_api is from_api
    assert (event.address.name, event.address.lid) == ("Marina", None)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("SENT", "sent"), ("RECEIVED", "delivered"), ("READ", "read"), ("PLAYED", "read")],
)
def test_ticks_are_read_from_an_array_or_a_single_id(said, meant):
    for ids in ({"ids": ["A", "B"]}, {"id": "A"}):
        (event,) = zapi.parse({"type": "MessageStatusCallback", "status": said, **ids})
        assert isinstance(event, StatusUpdate)
        assert (event.status, event.provider_ids[0]) == (meant, "A")


@pytest.mark.parametrize("said", ["READ_BY_ME", "WHATEVER", None])
def test_other_ticks_are_ignored(said):
    (event,) = zapi.parse({"type": "MessageStatusCallback", "status": said, "ids": ["A"]})
    assert isinstance(event, Ignored)


def test_a_delivery_report_names_the_message_and_the_reason():
    body = {"type": "DeliveryCallback", "messageId": "A", "zaapId": "Z", "phone": "55"}
    assert zapi.parse(body) == [DeliveryReport("A", "Z", "55", None)]
    (event,) = zapi.parse({**body, "error": "Phone number does not exist"})
    assert event.error == "Este número não existe no WhatsApp."


def test_connections_are_told_in_seconds_or_milliseconds():
    (down,) = zapi.parse(
        {
            "type": "DisconnectedCallback",
            "disconnected": True,
            "error": "Device has been disconnected",
            "momment": 1580163342,
        }
    )
    (up,) = zapi.parse({"type": "ConnectedCallback", "connected": True, "momment": 1580163342000})
    assert isinstance(down, ConnectionChange)
    assert down.at == up.at == datetime(2020, 1, 27, 22, 15, 42, tzinfo=UTC)
    assert "desconectado" in down.reason


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": {"message": "x"}},
        {"phone": None, "text": {"message": "x"}},
        {"phone": [], "text": {"message": "x"}},
        {"phone": "abc", "text": {"message": "x"}},
        {"type": "MessageStatusCallback", "status": "READ"},
        {"type": "MessageStatusCallback", "status": "READ", "ids": [{}]},
        {"type": "DeliveryCallback"},
    ],
)
def test_only_what_holds_nothing_is_bad(body):
    with pytest.raises(BadPayload, match=r"^Invalid webhook payload: "):
        zapi.parse(body)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        *("type", "phone", "messageId", "chatLid", "senderLid", "fromMe", "isGroup", "momment"),
        *("status", "text", "image", "audio", "contact", "poll", "pollVote", "ids", "error"),
        *("instanceId", "senderName", "waitingMessage", "notification", "reaction", "novelty"),
    ]
)


@given(
    st.dictionaries(FIELDS, ANYTHING, max_size=8),
    st.sampled_from(
        [
            "",
            "ReceivedCallback",
            "MessageStatusCallback",
            "DeliveryCallback",
            "DisconnectedCallback",
            "x",
        ]
    ),
)
def test_odd_content_never_raises_anything_else(body, type_):
    body = {"type": type_, **body}
    envelope = zapi.envelope(body)
    assert len(envelope.provider_id) <= 210
    try:
        events = zapi.parse(body)
    except BadPayload as fault:
        events = [fault]
    assert len(events) == 1


def test_the_same_message_under_another_spelling_of_its_sender_is_the_same():
    one = zapi.envelope(received())
    other = zapi.envelope(received(phone="111@lid", momment=1, senderName="M."))
    assert (one.digest, one.provider_id) == (other.digest, other.provider_id)


def test_an_edit_and_the_copy_after_a_placeholder_are_new():
    digests = {
        zapi.envelope(received()).digest,
        zapi.envelope(received(isEdit=True, text={"message": "Olá!"})).digest,
        zapi.envelope(received(text=None, waitingMessage=True)).digest,
    }
    assert len(digests) == 3


def test_a_very_long_id_still_fits_an_index():
    assert len(zapi.envelope(received(messageId="A" * 5000)).provider_id) < 100


def test_a_shadow_ban_is_told():
    assert "limitando" in report_error("", "SHADOW_BAN")
    assert report_error("Something new", "") == "O provedor não entregou a mensagem."


@pytest.mark.parametrize("status", [400, 404, 418, 429, 500, 503, 599])
def test_a_reason_for_staff_is_portuguese_only(status):
    said = explain(status, "Too Many Requests")
    assert said.startswith("O provedor")
    assert "Requests" not in said
