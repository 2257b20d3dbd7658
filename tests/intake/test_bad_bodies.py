"""Whatever a provider sends: refused with a reason or kept, never an error of ours."""

import pytest

from tests.intake.bodies import received

BAD = {
    "empty": b"",
    "half": b"{",
    "latin-1": '{"phone": "5511", "text": {"message": "Olá"}}'.encode("latin-1"),
    "utf-16": '{"phone": "5511"}'.encode("utf-16"),
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a raw NUL": b'{"phone": "55\x00"}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "deep enough": b'{"phone": "5511999999999", "text": ' + b"[" * 70 + b"]" * 70 + b"}",
    "a huge number": b'{"phone": ' + b"9" * 10_000 + b"}",
    "NaN": b'{"phone": "5511999999999", "momment": NaN}',
    "form": b"phone=5511999999999&text=x",
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
@pytest.mark.parametrize("with_secret", [False, True])
def test_what_is_no_json_object_is_refused_and_kept(client, kept, secret, raw, with_secret):
    path = f"/webhook/zapi/{secret}" if with_secret else "/webhook/whatsapp"
    answer = client.post(path, data=raw)
    assert (answer.status_code, answer.json) == (400, {"detail": "Invalid JSON payload"})
    receipt = kept()[0]
    assert (receipt.state, receipt.body) == ("rejected", raw[:65_536])
    assert receipt.note


ODD = {
    "an escaped NUL": ({"message": "a\x00b"}, "ab"),
    "half a surrogate pair": ({"message": "a\ud800b"}, "a?b"),
    "an emoji": ({"message": "☕🫖"}, "☕🫖"),
    "html": ({"message": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),
    "a number": ({"message": 12}, "12"),
    "no words": ({}, ""),
    "a list": (["x"], ""),
    "a plain text": ("oi", "oi"),
}


@pytest.mark.parametrize(("text", "body"), ODD.values(), ids=ODD)
def test_odd_but_well_formed_messages_are_kept(client, kept, text, body, messages):
    answer = client.post("/webhook/whatsapp", json=received(text=text, senderName="M\x00a\ud800"))
    assert answer.status_code == 200
    assert [message.body for message in messages()] == [body]


@pytest.mark.parametrize(
    "fields",
    [
        {"momment": "ontem"},
        {"momment": 10**30},
        {"momment": {"a": 1}},
        {"messageId": "A" * 5_000},
        {"messageId": 5},
        {"senderName": ["x"], "chatName": 3},
        {"chatLid": 7, "senderLid": {}},
        {"phone": 5548991234567},
        {"phone": "9" * 500},
        {"image": {"imageUrl": 5}, "momment": 1e308},
    ],
)
def test_wrong_types_of_single_fields_lose_nothing(client, kept, fields, messages):
    assert client.post("/webhook/whatsapp", json=received("Olá", **fields)).status_code == 200
    assert len(messages()) == 1
    assert kept()[0].state == "processed"


def test_ten_megabytes_are_too_much(client, kept):
    answer = client.post("/webhook/whatsapp", data=b'{"a": "' + b"x" * 10_000_000 + b'"}')
    assert answer.status_code == 413
    assert "grande demais" in answer.json["detail"]
    assert kept() == []
