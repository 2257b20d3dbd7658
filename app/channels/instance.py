"""What staff ask of an instance itself: pairing, a test, its webhooks, and its provider's queue.

Each call goes out because somebody pressed a button, never by itself: some of the provider's GETs
change something. The answers are shown and not kept.
"""

from flask_babel import gettext as _

from app.accounts import audit
from app.accounts.models import User
from app.channels import service
from app.channels.models import Channel
from app.integrations.base import Waiting
from app.transactions import atomic

# The provider's rule: a code is good for some 20 s; ask every 10 to 20, and stop after three.
QR_SECONDS = 15
QR_TRIES = 3


def pair(channel: Channel) -> str | None:
    """The picture to be scanned by the company's telephone; None when it is connected, and noted.

    Raises IntegrationError.
    """
    image = service.messenger_for(channel).qr_code()
    if image is None:
        service.check(channel)
    return image


def is_phone_connected(channel: Channel) -> bool:
    """Whether the telephone itself is reachable. Raises IntegrationError."""
    return service.messenger_for(channel).is_phone_connected()


def send_test(channel: Channel, by: User) -> str:
    """Send a message from the number to itself; the number. Raises IntegrationError."""
    messenger = service.messenger_for(channel)
    phone = messenger.own_phone()
    _record(by, "channel.tested", channel)
    text = _("Teste do Guichê: se esta mensagem chegou, o envio funciona.")
    messenger.send_text(phone, text, f"test:{channel.id}")
    return phone


def webhooks_elsewhere(channel: Channel) -> list[str]:
    """Which kinds of webhooks do not come to us. Raises IntegrationError."""
    return service.messenger_for(channel).webhooks_elsewhere(service.webhook_address(channel))


def point_webhooks(channel: Channel, by: User) -> None:
    """Register all webhooks anew at the provider. Raises IntegrationError."""
    _record(by, "channel.webhooks_pointed", channel)
    service.messenger_for(channel).point_webhooks(service.webhook_address(channel))


def waiting(channel: Channel) -> tuple[list[Waiting], bool]:
    """What the provider took and has not sent, and whether there is more of it."""
    return service.messenger_for(channel).waiting()


def clear_queue(channel: Channel, by: User) -> None:
    """Have the provider drop what it still holds. Raises IntegrationError."""
    _record(by, "channel.queue_cleared", channel)
    service.messenger_for(channel).clear_queue()


def _record(by: User, action: str, channel: Channel) -> None:
    with atomic():
        audit.record(by, action, "channel", channel.id, after={"name": channel.name})
