"""What the tests of intake share."""

import pytest

from app.channels.models import Channel
from app.conversations.models import Message
from app.extensions import current_settings, db
from app.intake.models import Receipt
from tests.integrations.provider import running_provider


@pytest.fixture
def kept(context, channel):
    """The receipts, oldest first."""

    def read():
        db.session.rollback()
        return db.session.query(Receipt).order_by(Receipt.id).all()

    return read


@pytest.fixture
def messages(context, channel):
    """The customers' messages, oldest first."""

    def read():
        db.session.rollback()
        return db.session.query(Message).filter_by(direction="in").order_by(Message.id).all()

    return read


@pytest.fixture
def provider(context, channel, monkeypatch):
    """A provider that answers what a test tells it to."""
    with running_provider() as running:
        monkeypatch.setattr(current_settings(), "zapi_base_url", running.url)
        yield running


@pytest.fixture
def secret(context, channel):
    """The secret in the webhook address of the environment's channel."""
    return db.session.get(Channel, channel).webhook_secret
