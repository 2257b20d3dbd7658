"""The addresses that providers call: what they answer and what is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.channels.models import Channel
from app.contacts.models import Contact, ContactIdentity
from app.conversations.models import Message
from app.extensions import db
from app.intake.models import Receipt
from tests.intake.bodies import received


@pytest.fixture
def kept(context, channel):
    """The receipts, oldest first."""

    def read():
        db.session.rollback()
        return db.session.query(Receipt).order_by(Receipt.id).all()

    return read


def _messages():
    db.session.rollback()
    return db.session.query(Message).filter_by(direction="in").order_by(Message.id).all()


@pytest.fixture
def secret(context, channel):
    """The secret in the webhook address of the environment's channel."""
    return db.session.get(Channel, channel).webhook_secret


def test_a_text_becomes_one_message_of_one_contact(client, kept):
    answer = client.post("/webhook/whatsapp", json=received("Olá"))
    assert (answer.status_code, answer.json) == (200, {"status": "received"})
    assert [message.body for message in _messages()] == ["Olá"]
    assert db.session.query(ContactIdentity).one().whatsapp_id == "554891234567"
    receipt = kept()[0]
    assert (receipt.state, receipt.authenticated_by) == ("processed", "open_address")
    assert (receipt.provider_id, receipt.phone) == ("WA-1", "554891234567")


@pytest.mark.parametrize("path", ["/webhook/text", "/webhook/audio"])
def test_the_old_documents_addresses_answer_in_its_words(client, kept, path):
    answer = client.post(path, json={"phone": "5511999999999", "audio": {"audioUrl": "http://a/x"}})
    assert answer.json == {
        "success": True,
        "message": "Mensagem recebida e processamento iniciado",
        "status": "received",
    }
    assert _messages()[0].kind == "audio"


def test_the_same_webhook_five_times_at_once_is_one_of_everything(app, kept):
    def post(_):
        return app.test_client().post("/webhook/whatsapp", json=received("Olá")).status_code

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(post, range(5))) == [200] * 5
    assert len(kept()) == len(_messages()) == db.session.query(Contact).count() == 1


def test_five_different_messages_of_one_new_person_make_one_contact(app, kept):
    def post(number):
        body = received(f"{number}", messageId=f"WA-{number}")
        return app.test_client().post("/webhook/whatsapp", json=body).status_code

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(post, range(5))) == [200] * 5
    assert db.session.query(Contact).count() == 1
    assert len(_messages()) == 5


def test_the_secret_address_serves_its_channel(client, kept, secret):
    assert client.post(f"/webhook/zapi/{secret}", json=received("Olá")).status_code == 200
    assert kept()[0].authenticated_by == "secret_address"
    assert len(_messages()) == 1
