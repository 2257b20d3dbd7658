"""The usual webhooks in company: known customers write in their open conversations.

Everything else, and whoever stands in somebody's way, goes alone (`service.accept`), which knows
all cases and waits where it has to; here nothing ever waits for a row, so that nobody is held up by
the company they are in.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.channels import service as channels
from app.channels.models import Channel
from app.contacts import service as contacts
from app.conversations import service as conversations
from app.conversations.service import Incoming
from app.intake import live
from app.intake.convoy import Convoy
from app.intake.dispatch import unproven
from app.intake.receipts import Arrival, drop, keep_all
from app.intake.service import OPEN_ADDRESS, RECEIVED, REPEATED, Reading, Verdict, admitted
from app.integrations.base import Envelope, InboundMessage
from app.transactions import atomic, on_commit

log = structlog.get_logger()

Owner = tuple[Channel | None, str]  # whose address it is, and what that proves of the sender


@dataclass(frozen=True, slots=True)
class Knock:
    """A webhook at one of our addresses, which nobody has looked up yet.

    `find` says whose the address is, None when nobody's; for equal `address`es it is asked once.
    """

    address: Hashable
    find: Callable[[], Owner | None]
    route: str
    raw: bytes
    header_names: str
    request_id: str
    reading: Reading

    def arrival(self, owner: Owner) -> Arrival:
        """The same, its channel known."""
        channel, proof = owner
        return Arrival(self.route, proof, channel, self.raw, self.header_names, self.request_id)


@dataclass(frozen=True, slots=True)
class _Usual:
    place: int
    channel: Channel
    arrival: Arrival
    envelope: Envelope
    inbound: InboundMessage


def accept(knock: Knock) -> Verdict | None:
    """Keep a usual webhook together with others; None when it has to go alone."""
    return _convoy.go(knock) if _message_in(knock.reading) else None


def _carry(knocks: list[Knock]) -> list[Verdict | None]:
    try:
        with atomic():
            return _in_company(knocks)
    except (OperationalError, InterfaceError):
        pass  # the database itself: who goes alone waits for it
    except Exception:  # one of them is at fault, and meets it again alone
        log.exception("company_dissolved", size=len(knocks))
    return [None] * len(knocks)


_convoy: Convoy[Knock, Verdict] = Convoy(_carry)


def _in_company(knocks: list[Knock]) -> list[Verdict | None]:
    verdicts: list[Verdict | None] = [None] * len(knocks)
    usual = list(_usual(knocks))
    if not usual:
        return verdicts
    receipt_ids = keep_all((one.arrival, one.envelope) for one in usual)
    new = {}
    for one, receipt_id in zip(usual, receipt_ids, strict=True):
        if receipt_id is None:
            verdicts[one.place] = REPEATED
        else:
            new[one.place] = receipt_id
    for channel in {one.channel.id: one.channel for one in usual}.values():
        theirs = [one for one in usual if one.place in new and one.channel is channel]
        for one in _received(channel, theirs):
            verdicts[one.place] = RECEIVED
    left = [receipt_id for place, receipt_id in new.items() if verdicts[place] is None]
    if left:
        drop(left)
    on_commit(live.receipts_changed)
    return verdicts


def _usual(knocks: list[Knock]) -> Iterable[_Usual]:
    """Those that may go in company; of copies of one message the first."""
    owners = {knock.address: knock.find for knock in knocks}
    found = {address: find() for address, find in owners.items()}
    seen = set()
    for place, knock in enumerate(knocks):
        owner = found[knock.address]
        inbound = _message_in(knock.reading)
        if owner is None or owner[0] is None or inbound is None:
            continue
        channel, arrival = owner[0], knock.arrival(owner)
        reading = admitted(arrival, knock.reading)
        name = (channel.id, inbound.provider_id)
        if reading.state == "processed" and reading.envelope and name not in seen:
            seen.add(name)
            if arrival.authenticated_by == OPEN_ADDRESS:
                inbound = unproven(inbound)
            yield _Usual(place, channel, arrival, reading.envelope, inbound)


def _message_in(reading: Reading) -> InboundMessage | None:
    """The one new message that a webhook consists of, if it does."""
    if reading.state != "processed" or len(reading.events) != 1:
        return None
    event = reading.events[0]
    if not isinstance(event, InboundMessage) or not event.provider_id:
        return None
    changes_another = event.is_edit or event.about is not None
    return None if changes_another or event.is_placeholder else event


def _received(channel: Channel, usual: list[_Usual]) -> Iterable[_Usual]:
    """Keep the messages; those that were kept."""
    senders = contacts.free_senders(channel.id, [one.inbound.address for one in usual])
    known = [(one, sender) for one, sender in zip(usual, senders, strict=True) if sender]
    if not known:
        return
    incoming = [Incoming(sender, one.inbound, one.arrival.request_id) for one, sender in known]
    kept = conversations.receive_free(channel, incoming)
    channels.note_inbound(channel)
    yield from (one for (one, _), is_kept in zip(known, kept, strict=True) if is_kept)
