"""What tests say to the product: webhooks as the provider sends them, and what people do."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.conversations.models import Conversation, Message
from app.extensions import db

PHONE = "5500900010001"
_counter = iter(range(1, 10**9))


def received(text: str = "Oi", phone: str = PHONE, **fields: Any) -> dict[str, Any]:
    """A customer's text message as Z-API reports it; `fields` replace or add."""
    return {
        "type": "ReceivedCallback",
        "instanceId": "INST-TEST",
        "messageId": f"WA-IN-{next(_counter):06d}",
        "phone": phone,
        "fromMe": False,
        "momment": int(clock.now().timestamp() * 1000),
        "status": "RECEIVED",
        "chatName": "Marina",
        "senderName": "Marina",
        "text": {"message": text},
    } | fields


def status_of(provider_id: str, status: str) -> dict[str, Any]:
    """A tick as Z-API reports it."""
    return {
        "type": "MessageStatusCallback",
        "instanceId": "INST-TEST",
        "status": status,
        "ids": [provider_id],
        "momment": int(clock.now().timestamp() * 1000),
        "phone": PHONE,
        "isGroup": False,
    }


def secret_address() -> str:
    """The path at which the environment's instance proves that it is the provider."""
    secret = db.session.scalars(select(Channel.webhook_secret).where(Channel.is_environment)).one()
    return f"/webhook/zapi/{secret}"


def tell(client: FlaskClient, payload: dict[str, Any], address: str = "/webhook/whatsapp") -> None:
    """Post a webhook and insist that it was taken."""
    answer = client.post(address, json=payload)
    assert answer.status_code == 200, answer.text


def conversation() -> Conversation:
    """The one conversation there is, fresh from the database."""
    db.session.rollback()
    return db.session.scalars(select(Conversation).execution_options(populate_existing=True)).one()


def messages(direction: str | None = None) -> list[Message]:
    """All messages in the order of their thread, fresh from the database."""
    db.session.rollback()
    query = select(Message).order_by(Message.sorted_at, Message.id)
    if direction:
        query = query.where(Message.direction == direction)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def person(user_id: int) -> User:
    """Somebody of the cast."""
    return db.session.get_one(User, user_id)


def csrf(client: FlaskClient, page: str = "/conta") -> dict[str, str]:
    """The header with which a page's scripts post."""
    text = client.get(page).text
    token = text.split('"X-CSRFToken": "')[1].split('"')[0]
    return {"X-CSRFToken": token, "HX-Request": "true"}


Login = Callable[[int], FlaskClient]
