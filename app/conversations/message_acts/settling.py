"""What became of an act: done, refused, unknown, or known later from an echo or a report.

Every function locks the conversation's row first, then the act's.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.contacts.models import ContactIdentity
from app.conversations.message_acts.models import DELETION, EDIT, PENDING, REACTION, UNDONE
from app.conversations.message_acts.models import MessageAct as Act
from app.conversations.models import Conversation, Message
from app.conversations.threads import locked, note_event, touch_message
from app.extensions import current_settings, db
from app.integrations.base import Accepted, DeliveryReport, IntegrationError, Outcome
from app.transactions import atomic

# Called with an act that failed or whose fate is unknown, and with the message of which nothing is
# so any more; filled by create_app().
on_trouble: list[Callable[[Conversation, Act], None]] = []
on_trouble_over: list[Callable[[Conversation, Message], None]] = []

OURS = "company"  # how a message's reactions name us
MOST_EDITS = 20


def reload(act_id: int) -> tuple[Conversation, Act, Message]:
    """Everything about an act, the conversation's row locked first."""
    found = db.session.get_one(Act, act_id)
    conversation = locked(found.conversation_id)
    act = db.session.get_one(Act, act_id, populate_existing=True)
    message = db.session.get_one(Message, act.message_id, populate_existing=True)
    return conversation, act, message


def show(conversation: Conversation, message: Message, act: Act) -> None:
    """The message says what is under way, or why it was not done; nothing once it is over."""
    payload = dict(message.payload or {})
    acts = dict(payload.pop("acts", {}))
    shown = acts.pop(act.kind, None)
    if act.state in PENDING or act.state in UNDONE:
        acts[act.kind] = {
            "id": act.id,
            "state": act.state,
            "body": act.body,
            "by": act.by.name,
            "error": act.error,
        }
    elif shown and shown["id"] != act.id:
        acts[act.kind] = shown  # a newer one took its place
    message.payload = (payload | {"acts": acts} if acts else payload) or None
    touch_message(conversation, message)
    if act.state not in UNDONE:
        _tell_over(conversation, message)
    elif shown is None or (shown["id"], shown["state"]) != (act.id, act.state):
        for hook in on_trouble:
            hook(conversation, act)


def show_no_more(conversation: Conversation, message: Message, kind: str) -> None:
    """What was wanted of this kind is wanted no more: the message says nothing of it."""
    payload = dict(message.payload or {})
    acts = {name: act for name, act in payload.pop("acts", {}).items() if name != kind}
    message.payload = (payload | {"acts": acts} if acts else payload) or None
    touch_message(conversation, message)
    _tell_over(conversation, message)


def _tell_over(conversation: Conversation, message: Message) -> None:
    acts = (message.payload or {}).get("acts") or {}
    if not any(act["state"] in UNDONE for act in acts.values()):
        for hook in on_trouble_over:
            hook(conversation, message)


def do(conversation: Conversation, act: Act, message: Message) -> None:
    """It is done at the customer's: so it stands in the thread, with who did it."""
    act.state, act.lease_until, act.error = "done", None, None
    payload = dict(message.payload or {})
    if act.kind == REACTION:
        act.before = _set_reaction(payload, act.body)
    elif act.kind == EDIT:
        act.before, message.body = message.body, act.body
        earlier = {"body": act.before, "at": clock.now().isoformat(), "by": act.by.name}
        payload["edits"] = [*payload.get("edits", []), earlier][-MOST_EDITS:]
    else:
        payload |= {"revoked_at": clock.now().isoformat(), "revoked_by": act.by.name}
    message.payload = payload or None
    show(conversation, message, act)
    if act.kind != REACTION:
        kind = "edited_message" if act.kind == EDIT else "deleted_message"
        note_event(conversation, kind, act.by, message=message.id)
        done = "message.edited" if act.kind == EDIT else "message.deleted"
        audit.record(act.by, done, "message", message.id, None, {"conversation": conversation.id})


def _set_reaction(payload: dict[str, Any], emoji: str) -> str:
    """Write ours, or take it away; what it was before."""
    noted = dict(payload.get("reactions") or {})
    before = str(noted.pop(OURS, ""))
    payload["reactions"] = noted | ({OURS: emoji} if emoji else {})
    return before


def _undo(act: Act, message: Message) -> None:
    """It was not done after all: the thread shows again what the customer has."""
    payload = dict(message.payload or {})
    if act.kind == REACTION and (payload.get("reactions") or {}).get(OURS, "") == act.body:
        _set_reaction(payload, act.before or "")
    elif act.kind == EDIT and message.body == act.body:
        message.body = act.before or ""
        payload["edits"] = payload.get("edits", [])[:-1]
    elif act.kind == DELETION:
        payload = {k: v for k, v in payload.items() if k not in {"revoked_at", "revoked_by"}}
    message.payload = payload or None


def record_success(act_id: int, accepted: Accepted | None) -> None:
    """The provider took it; also when the lease had run out while it was answering."""
    with atomic():
        conversation, act, message = reload(act_id)
        if accepted is not None:
            act.provider_id, act.queue_id = accepted.provider_id, accepted.queue_id
        if act.state in {"sending", "uncertain"}:
            do(conversation, act, message)


def record_failure(act_id: int, error: IntegrationError) -> None:
    """It surely was not taken: tried again, up to the last wait; or nobody knows: uncertain."""
    with atomic():
        conversation, act, message = reload(act_id)
        if act.state != "sending":
            return
        act.lease_until, act.error = None, error.message
        waits = current_settings().retry_waits
        if error.outcome is Outcome.UNKNOWN:
            act.state = "uncertain"
        elif act.attempts > len(waits):
            act.state = "failed"
        elif _newer(act) is not None:
            act.state = "cancelled"  # what somebody wanted since is what is tried
        else:
            act.state = "queued"
            act.next_try_at = clock.now() + timedelta(seconds=waits[act.attempts - 1])
        show(conversation, message, act)


def give_up(act_id: int, reason: str, state: str = "failed") -> None:
    """It cannot even be tried: failed with the reason, or cancelled as it has become needless."""
    with atomic():
        conversation, act, message = reload(act_id)
        if act.state in PENDING:
            act.state, act.error, act.lease_until = state, reason, None
            show(conversation, message, act)


def interrupted(act_id: int) -> None:
    """Its worker died during the call."""
    with atomic():
        conversation, act, message = reload(act_id)
        if act.state == "sending":
            act.state, act.lease_until = "uncertain", None
            act.error = _("O envio foi interrompido e não sabemos se saiu.")
            show(conversation, message, act)


def _newer(act: Act) -> int | None:
    return db.session.scalar(
        select(Act.id)
        .where(Act.message_id == act.message_id, Act.kind == act.kind, Act.state == "queued")
        .limit(1)
    )


def heard(conversation: Conversation, message: Message, kind: str, body: str = "") -> bool:
    """An echo says what was done to a message of a locked conversation: by us, as it turns out?

    The newest act of the kind is thereby confirmed. An echo of an older one comes late and says
    nothing new.
    """
    acts = db.session.scalars(
        select(Act)
        .where(Act.message_id == message.id, Act.kind == kind, Act.state != "cancelled")
        .order_by(Act.id.desc())
        .limit(10)
        .execution_options(populate_existing=True)
    ).all()
    if not any(act.body == body for act in acts):
        return False
    newest = acts[0]
    if newest.body == body and newest.state in {"sending", *UNDONE}:
        do(conversation, newest, message)
    return True


def record_report(channel_id: int, report: DeliveryReport) -> bool:
    """A delivery report about an act; False when it is about none."""
    act_id = _by_report(channel_id, report)
    if act_id is None:
        return False
    conversation, act, message = reload(act_id)
    if not report.error:
        if act.state in {"sending", "uncertain"}:
            act.provider_id = act.provider_id or report.provider_id
            do(conversation, act, message)
        return True
    if act.state == "done":
        _undo(act, message)
    if act.state != "cancelled":
        act.state, act.error, act.lease_until = "failed", report.error, None
        show(conversation, message, act)
    return True


def _by_report(channel_id: int, report: DeliveryReport) -> int | None:
    ways = []
    if report.provider_id:
        ways.append(Act.provider_id == report.provider_id)
    if report.queue_id:
        ways.append(Act.queue_id == report.queue_id)
    for way in ways:
        found = db.session.scalar(select(Act.id).where(Act.channel_id == channel_id, way).limit(1))
        if found is not None:
            return found
    return None


def uncertain_of(channel_id: int, phone: str) -> list[int]:
    """The uncertain acts on messages of whoever has this phone; at most two."""
    return list(
        db.session.scalars(
            select(Act.id)
            .join(Conversation, Conversation.id == Act.conversation_id)
            .join(ContactIdentity, ContactIdentity.contact_id == Conversation.contact_id)
            .where(
                Act.channel_id == channel_id,
                Act.state == "uncertain",
                ContactIdentity.whatsapp_id == phone,
            )
            .limit(2)
        )
    )


def is_under_way(channel_id: int) -> bool:
    """Whether an act of this channel is being done at this moment."""
    query = select(Act.id).where(Act.channel_id == channel_id, Act.state == "sending").limit(1)
    return db.session.scalar(query) is not None


def confirm(act_id: int, provider_id: str) -> None:
    """A report proves that an uncertain act was done; in the caller's transaction."""
    conversation, act, message = reload(act_id)
    if act.state in {"sending", "uncertain"}:
        act.provider_id = provider_id
        do(conversation, act, message)
