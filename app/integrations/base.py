"""What crosses the border to outside systems: events in, messages out, and how calls fail."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """What is known of a call after it was tried."""

    OK = "ok"
    REFUSED = "refused"  # answered with a 4xx: it was not taken
    NEVER_LEFT = "never_left"  # no connection was made
    UNKNOWN = "unknown"  # 5xx, time-out or a cut after the body went out: it may have been taken


class IntegrationError(Exception):
    """A call failed. `message` is Portuguese, for staff; `outcome` says if it may have worked."""

    def __init__(
        self,
        message: str,
        outcome: Outcome,
        status: int | None = None,
        wait_seconds: float | None = None,  # how long the vendor asks us to wait, if it said so
    ) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds
        self.message = message
        self.outcome = outcome
        self.status = status

    @property
    def surely_not_taken(self) -> bool:
        """Whether trying again cannot do the thing twice."""
        return self.outcome in {Outcome.REFUSED, Outcome.NEVER_LEFT}


class BadPayload(ValueError):
    """A webhook that holds nothing to keep for the desk; the text is the provider's to read."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"Invalid webhook payload: {fault}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What tells one webhook from another, whatever it carries; empty where it says nothing.

    `digest` is a hash of the content alone, so that the same message under another spelling of its
    sender is the same; without a `provider_id` it covers the whole payload.
    """

    instance_id: str
    event_type: str
    provider_id: str
    provider_status: str
    phone: str
    digest: str


@dataclass(frozen=True, slots=True)
class Address:
    """Who is at the other end, as the provider names them; at least one is set."""

    phone: str | None  # digits as the provider sent them, e.g. "554891234567"
    lid: str | None  # "111222333444555@lid"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a message announces; all that is said of it is the sender's claim.

    `kind` is image, audio, video, document or sticker. Without a `url` the provider lost it.
    """

    kind: str
    url: str | None
    declared_type: str = ""
    name: str = ""
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    pages: int | None = None
    is_voice: bool = False
    view_once: bool = False


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """Something a customer sent. `kind` is text, image, audio, …, or unsupported.

    `about` is the provider's id of the message that a reaction or a vote is about.
    """

    provider_id: str
    address: Address
    kind: str
    body: str
    payload: dict[str, Any] = field(default_factory=dict)
    provider_at: datetime | None = None
    is_edit: bool = False
    is_placeholder: bool = False  # WhatsApp has not decrypted it yet; a full copy may follow
    reply_to: str | None = None
    media: Media | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """Something that left the company's own number: through the API, or from the phone itself."""

    provider_id: str
    address: Address
    kind: str
    body: str
    from_api: bool
    payload: dict[str, Any] = field(default_factory=dict)
    provider_at: datetime | None = None
    is_edit: bool = False
    reply_to: str | None = None
    media: Media | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """Somebody deleted a message for everyone: `provider_id` names it."""

    provider_id: str
    address: Address
    by_company: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """Ticks: `status` is sent, delivered or read."""

    provider_ids: tuple[str, ...]
    status: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The provider handed a message to WhatsApp, or says in `error` (Portuguese) why it did not."""

    provider_id: str | None
    queue_id: str | None
    phone: str | None
    error: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """An instance connected to WhatsApp or lost it; `reason` in Portuguese."""

    connected: bool
    reason: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for the desk; `reason` in Portuguese is shown on the receipt."""

    reason: str


Event = (
    InboundMessage | Echo | Revocation | StatusUpdate | DeliveryReport | ConnectionChange | Ignored
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A provider took a message. `provider_id` is what later reports name."""

    provider_id: str
    queue_id: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that the provider took and has not sent yet."""

    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file on its way to a customer. `address` is where the provider gets it: a link, or the
    content itself as a data: address. `kind` is image, audio, video or document."""

    kind: str
    address: str
    name: str
    type: str
    caption: str = ""


class Messenger(Protocol):
    """A provider that carries messages for one channel."""

    def send_text(self, to: str, text: str, subject: str, reply_to: str | None = None) -> Accepted:
        """Send; raises IntegrationError. `subject` names the row behind it, for the ledger.

        `reply_to` is the provider's id of the message that it answers.
        """

    def send_file(
        self, to: str, file: FileToSend, subject: str, reply_to: str | None = None
    ) -> Accepted:
        """Send a file; raises IntegrationError."""

    def react(self, to: str, message_id: str, emoji: str, subject: str) -> Accepted:
        """Set our reaction under a message, in place of the one before; an empty one removes it.

        `message_id` is the provider's. Raises IntegrationError.
        """

    def edit_text(self, to: str, message_id: str, text: str, subject: str) -> Accepted:
        """Replace the text of a message of ours at the customer's; raises IntegrationError."""

    def delete(self, to: str, message_id: str, subject: str) -> None:
        """Delete a message of ours for everyone; raises IntegrationError."""

    def is_connected(self) -> bool:
        """Whether the account is connected to WhatsApp now; raises IntegrationError."""

    def is_phone_connected(self) -> bool:
        """Whether the telephone behind the account is reachable; raises IntegrationError."""

    def qr_code(self) -> str | None:
        """A picture that pairs the account, good for seconds; None when it is connected."""

    def own_phone(self) -> str:
        """The account's own number; raises IntegrationError."""

    def webhooks_elsewhere(self, address: str) -> list[str]:
        """Which kinds of webhooks do not come to this address; raises IntegrationError."""

    def point_webhooks(self, address: str) -> None:
        """Have all webhooks come to this address; raises IntegrationError."""

    def waiting(self) -> tuple[list[Waiting], bool]:
        """What the provider still holds, and whether there is more; raises IntegrationError."""

    def clear_queue(self) -> None:
        """Have the provider drop what it still holds; raises IntegrationError."""
