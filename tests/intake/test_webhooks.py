"""The addresses that providers call: what they answer and what is kept."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app import clock
from app.accounts.models import User
from app.channels import service as channels
from app.channels.models import Channel
from app.contacts.models import Contact, ContactIdentity
from app.extensions import db
from app.intake import service
from app.intake.models import Receipt
from tests.counting import counted_queries
from tests.intake.bodies import received
from tests.integrations.provider import answer


def test_a_text_becomes_one_message_of_one_contact(client, kept, messages):
    answer = client.post("/webhook/whatsapp", json=received("Olá"))
    assert (answer.status_code, answer.json) == (200, {"status": "received"})
    assert [message.body for message in messages()] == ["Olá"]
    assert db.session.query(ContactIdentity).one().whatsapp_id == "554891234567"
    receipt = kept()[0]
    assert (receipt.state, receipt.authenticated_by) == ("processed", "open_address")
    assert (receipt.provider_id, receipt.phone) == ("WA-1", "554891234567")


@pytest.mark.parametrize("path", ["/webhook/text", "/webhook/audio"])
def test_the_old_documents_addresses_answer_in_its_words(client, kept, path, messages):
    answer = client.post(path, json={"phone": "5511999999999", "audio": {"audioUrl": "http://a/x"}})
    assert answer.json == {
        "success": True,
        "message": "Mensagem recebida e processamento iniciado",
        "status": "received",
    }
    assert messages()[0].kind == "audio"


def test_the_same_webhook_five_times_at_once_is_one_of_everything(app, kept, messages):
    def post(_):
        return app.test_client().post("/webhook/whatsapp", json=received("Olá")).status_code

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(post, range(5))) == [200] * 5
    assert len(kept()) == len(messages()) == db.session.query(Contact).count() == 1


def test_five_different_messages_of_one_new_person_make_one_contact(app, kept, messages):
    def post(number):
        body = received(f"{number}", messageId=f"WA-{number}")
        return app.test_client().post("/webhook/whatsapp", json=body).status_code

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(post, range(5))) == [200] * 5
    assert db.session.query(Contact).count() == 1
    assert len(messages()) == 5


def test_the_secret_address_serves_its_channel(client, kept, secret, messages):
    assert client.post(f"/webhook/zapi/{secret}", json=received("Olá")).status_code == 200
    assert kept()[0].authenticated_by == "secret_address"
    assert len(messages()) == 1


def test_a_missing_instance_belongs_to_the_address(client, kept, messages):
    client.post("/webhook/whatsapp", json={"phone": "5511999999999", "text": {"message": "oi"}})
    assert [message.body for message in messages()] == ["oi"]


def test_a_repeat_is_answered_and_does_nothing(client, kept, messages):
    for _ in range(3):
        assert client.post("/webhook/whatsapp", json=received("Olá")).status_code == 200
    assert len(kept()) == len(messages()) == 1


def test_the_same_message_shown_by_phone_and_by_lid_is_one(client, kept, messages):
    client.post("/webhook/whatsapp", json=received(chatLid="1@lid"))
    client.post("/webhook/whatsapp", json=received(phone="1@lid", chatLid="1@lid"))
    assert len(kept()) == len(messages()) == 1


def test_without_an_id_a_repeat_is_told_by_its_content_within_a_minute(client, kept, messages):
    body = {"phone": "5511999999999", "text": {"message": "oi"}}
    moments = (0, 10, 59, 61, 62)
    for seconds in moments:
        clock.shift(timedelta(seconds=seconds))
        client.post("/webhook/whatsapp", json=body)
    assert len(kept()) == len(messages()) == 2


def test_five_at_once_without_an_id_are_one(app, kept, messages):
    def post(_):
        body = {"phone": "5511999999999", "text": {"message": "oi"}}
        return app.test_client().post("/webhook/whatsapp", json=body).status_code

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(post, range(5)))
    assert len(kept()) == len(messages()) == 1


def test_the_copy_after_a_placeholder_and_an_edit_are_new(client, kept, messages):
    client.post("/webhook/whatsapp", json=received(text=None, waitingMessage=True))
    client.post("/webhook/whatsapp", json=received("claro"))
    client.post("/webhook/whatsapp", json=received("Claro!", isEdit=True))
    assert len(kept()) == 3
    assert [message.body for message in messages()] == ["Claro!"]


def test_what_the_contract_calls_no_content_is_received(client, kept, messages):
    answer = client.post("/webhook/whatsapp", json={"phone": "5511999999996"})
    assert (answer.status_code, answer.json) == (200, {"status": "received"})
    assert (kept()[0].state, len(messages())) == ("ignored", 0)


def test_a_missing_phone_is_refused_in_the_contracts_words(client, kept):
    answer = client.post("/webhook/whatsapp", json={"text": {"message": "x"}})
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("Invalid webhook payload:")
    assert kept()[0].state == "rejected"


def test_another_systems_webhook_is_told_it_is_wrong_here(client, kept):
    body = {"event": "message_created", "account": {"id": 1}}
    answer = client.post("/webhook/whatsapp", json=body)
    assert answer.status_code == 200
    assert answer.json == {"status": "ignored", "reason": "chatwoot_webhook_on_wrong_endpoint"}
    assert kept()[0].state == "ignored"


def test_any_content_type_will_do(client, kept, messages):
    client.post("/webhook/whatsapp", data=json.dumps(received("Olá")), content_type="text/plain")
    form = "application/x-www-form-urlencoded"
    body = json.dumps(received("Oi", messageId="WA-2"))
    client.post("/webhook/whatsapp", data=body, content_type=form)
    assert len(messages()) == 2


def test_a_wrong_secret_is_not_found_and_nothing_is_kept(client, kept, messages):
    with capture_logs() as logs:
        answer = client.post("/webhook/zapi/nao-e-este", json=received("Olá"))
    assert answer.status_code == 404
    assert kept() == messages() == []
    assert "webhook_wrong_secret" in {entry["event"] for entry in logs}


def test_the_address_before_the_rotation_works_until_it_is_ended(client, kept, secret, cast):
    admin = db.session.get(User, cast.adriana)
    channel = channels.rotate_secret(1, admin)
    new = channel.webhook_secret
    assert new != secret
    assert client.post(f"/webhook/zapi/{secret}", json=received(messageId="A")).status_code == 200
    assert client.post(f"/webhook/zapi/{new}", json=received(messageId="B")).status_code == 200
    assert [r.authenticated_by for r in kept()] == ["previous_secret_address", "secret_address"]
    channels.end_rotation(1, admin)
    assert client.post(f"/webhook/zapi/{secret}", json=received(messageId="C")).status_code == 404


@pytest.mark.parametrize("with_secret", [False, True])
def test_a_foreign_instance_is_quarantined(client, kept, secret, with_secret, messages):
    path = f"/webhook/zapi/{secret}" if with_secret else "/webhook/whatsapp"
    with capture_logs() as logs:
        answer = client.post(path, json=received("Olá", instanceId="OUTRA"))
    assert answer.status_code == 200
    receipt = kept()[0]
    assert (receipt.state, receipt.instance_id) == ("quarantined", "OUTRA")
    assert messages() == []
    assert "webhook_quarantined" in {entry["event"] for entry in logs}


def test_what_comes_for_a_deactivated_channel_is_kept_aside(client, kept, secret, cast, messages):
    channels.deactivate(1, db.session.get(User, cast.adriana))
    assert client.post(f"/webhook/zapi/{secret}", json=received("Olá")).status_code == 200
    assert kept()[0].state == "quarantined"
    assert messages() == []


def test_the_open_addresses_can_be_turned_off(app, client, kept, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "open_webhooks", False)
    assert client.post("/webhook/whatsapp", json=received("Olá")).status_code == 404
    assert kept() == []


def test_without_an_instance_in_the_environment_nothing_is_lost(client, context):
    assert client.post("/webhook/whatsapp", json=received("Olá")).status_code == 200
    assert db.session.query(Receipt).one().state == "quarantined"


def test_other_methods_are_refused(client, context):
    assert client.get("/webhook/whatsapp").status_code == 405


def test_connections_change_the_channel(client, kept, secret):
    down = {"type": "DisconnectedCallback", "instanceId": "INST-TEST", "disconnected": True,
            "error": "Device has been disconnected"}  # fmt: skip
    client.post(f"/webhook/zapi/{secret}", json=down)
    channel = db.session.get(Channel, 1, populate_existing=True)
    assert channel.state == "disconnected"
    assert "desconectado" in channel.state_reason
    client.post(f"/webhook/zapi/{secret}", json={"type": "ConnectedCallback", "connected": True})
    assert db.session.get(Channel, 1, populate_existing=True).state == "connected"


def _claimed_down(client, kept):
    body = {"type": "DisconnectedCallback", "instanceId": "INST-TEST", "disconnected": True}
    client.post("/webhook/whatsapp", json=body | {"momment": clock.now().timestamp()})
    assert kept()[-1].state == "processed"


def _state():
    db.session.rollback()
    return db.session.get(Channel, 1, populate_existing=True).state


def test_who_proves_nothing_only_makes_us_ask_the_provider(client, kept, provider, work):
    provider.reply = answer(200, b'{"connected": true}')
    _claimed_down(client, kept)
    work("sync")
    assert (_state(), len(provider.requests)) == ("connected", 1)
    provider.reply = answer(200, b'{"connected": false}')
    _claimed_down(client, kept)
    assert _state() == "connected"
    work("sync")
    assert (_state(), len(provider.requests)) == ("disconnected", 2)


def test_many_claims_are_one_question(client, kept, provider, work):
    provider.reply = answer(200, b'{"connected": true}')
    for _ in range(5):
        _claimed_down(client, kept)
    work("sync")
    assert len(provider.requests) == 1


def test_a_claim_done_once_more_is_still_only_a_claim(client, kept, provider, work, cast):
    provider.reply = answer(200, b'{"connected": true}')
    _claimed_down(client, kept)
    service.replay(kept()[-1].id, db.session.get(User, cast.adriana))
    work("sync")
    assert _state() == "connected"


def test_a_message_is_noted_on_its_channel(client, kept):
    client.post("/webhook/whatsapp", json=received("Olá"))
    assert db.session.get(Channel, 1, populate_existing=True).last_inbound_at is not None


def test_a_text_costs_a_fixed_number_of_statements(client, kept):
    client.post("/webhook/whatsapp", json=received(messageId="A"))
    with counted_queries() as counted:
        client.post("/webhook/whatsapp", json=received(messageId="B"))
    assert counted.total <= 11
