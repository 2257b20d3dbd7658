"""What Z-API's webhooks say, as events the desk understands; odd content never raises.

Every field can be missing, null or of another type than documented. Only a payload that holds
nothing to keep raises BadPayload.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock
from app.integrations.base import (
    Address,
    BadPayload,
    ConnectionChange,
    DeliveryReport,
    Echo,
    Envelope,
    Event,
    Ignored,
    InboundMessage,
    Revocation,
    StatusUpdate,
)
from app.integrations.zapi_content import content
from app.integrations.zapi_extras import about
from app.integrations.zapi_media import media
from app.integrations.zapi_text import report_error, sentence
from app.words import N_

Payload = dict[str, Any]

_STATUSES = {
    "SENT": "sent",
    "RECEIVED": "delivered",
    "MESSAGE_RECEIVED": "delivered",
    "READ": "read",
    "PLAYED": "read",
}
# How a sender is spelt, and what changes between two copies of one message.
_NOT_CONTENT = {
    *("phone", "chatLid", "senderLid", "participantPhone", "participantLid", "connectedPhone"),
    *("chatName", "senderName", "senderPhoto", "photo", "profileName", "momment", "status"),
    *("messageExpirationSeconds", "fromApi"),
}
_MESSAGE = {"", "receivedcallback"}
MAX_ID = 200
# Times outside of this are no times of messages.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
UNKNOWN_TYPE = N_("Tipo de aviso desconhecido")
UNKNOWN_STATUS = N_("Confirmação desconhecida")
WHATSAPP_NOTICE = N_("Aviso do WhatsApp")


def parse(payload: Payload) -> list[Event]:
    """The events of one webhook; raises BadPayload when there is nothing to keep."""
    kind = _kind(payload)
    if kind in _MESSAGE:
        return [_message(payload)]
    if kind == "messagestatuscallback":
        return [_status(payload)]
    if kind == "deliverycallback":
        return [_delivery(payload)]
    if kind in {"connectedcallback", "disconnectedcallback"}:
        return [_connection(payload, kind == "connectedcallback")]
    if kind == "presencechatcallback":
        return [Ignored(N_("Aviso de presença do cliente."))]
    return [Ignored(f"{UNKNOWN_TYPE}: {_text(payload.get('type'))[:80]}")]


def envelope(payload: Payload) -> Envelope:
    """What identifies this webhook; never raises."""
    provider_id = _identifier(payload.get("messageId")) or ",".join(_ids(payload))
    if not provider_id and _kind(payload) == "deliverycallback":
        provider_id = _identifier(payload.get("zaapId"))
    content_only = {k: v for k, v in payload.items() if k not in _NOT_CONTENT}
    hashed = json.dumps(content_only if provider_id else payload, sort_keys=True)
    return Envelope(
        instance_id=_identifier(payload.get("instanceId")),
        event_type=_text(payload.get("type"))[:80],
        provider_id=_short(provider_id),
        provider_status=_text(payload.get("status"))[:40],
        phone=_text(payload.get("phone"))[:80],
        digest=hashlib.sha256(hashed.encode()).hexdigest(),
    )


def _message(payload: Payload) -> Event:
    reason = _not_for_the_desk(payload)
    if reason:
        return Ignored(reason)
    mine = _true(payload.get("fromMe"))
    if payload.get("notification"):
        return _notification(payload, mine)
    address = _address(payload, mine)
    what = content(payload)
    waiting = what is None and _true(payload.get("waitingMessage"))
    if what is None and not waiting:
        return Ignored(N_("Aviso sem conteúdo de mensagem."))
    kind, body, kept = what or ("placeholder", "", {})
    provider_id = _short(_identifier(payload.get("messageId")))
    at = _moment(payload.get("momment"))
    reply_to = _short(_identifier(payload.get("referenceMessageId"))) or None
    if mine:
        return Echo(
            provider_id=provider_id,
            address=address,
            kind=kind,
            body=body,
            from_api=_true(payload.get("fromApi")),
            payload=kept,
            provider_at=at,
            is_edit=_true(payload.get("isEdit")),
            reply_to=reply_to,
            media=media(payload),
            about=about(payload),
        )
    return InboundMessage(
        provider_id=provider_id,
        address=address,
        kind=kind,
        body=body,
        payload=kept,
        provider_at=at,
        is_edit=_true(payload.get("isEdit")),
        is_placeholder=waiting,
        reply_to=reply_to,
        media=media(payload),
        about=about(payload),
    )


def _not_for_the_desk(payload: Payload) -> str | None:
    phone = _text(payload.get("phone")).strip().lower()
    digits, _, rest = phone.partition("-")
    if _true(payload.get("isGroup")) or phone.endswith(("-group", "@g.us")):
        return N_("Mensagem de grupo.")
    if _true(payload.get("isNewsletter")) or phone.endswith("@newsletter"):
        return N_("Mensagem de canal do WhatsApp.")
    if _true(payload.get("broadcast")) or phone.endswith(("-broadcast", "@broadcast")):
        return N_("Mensagem de lista de transmissão.")
    if digits.isdigit() and rest.isdigit() and len(digits) >= 10 and len(rest) >= 10:
        return N_("Mensagem de grupo.")  # old groups: owner and time of making
    if _true(payload.get("isStatusReply")):
        return N_("Resposta a um status.")
    return None


def _notification(payload: Payload, mine: bool) -> Event:
    """System notices. Only that a message was deleted concerns the desk."""
    said = _text(payload.get("notification")).strip()
    reference = _identifier(payload.get("referenceMessageId"))
    target = _short(reference or _identifier(payload.get("messageId")))
    if said.upper() == "REVOKE" and target:
        address = _address(payload, mine)
        return Revocation(target, address, mine, _moment(payload.get("momment")))
    return Ignored(f"{WHATSAPP_NOTICE}: {said[:80]}")


def _address(payload: Payload, mine: bool) -> Address:
    phone = _text(payload.get("phone")).strip()
    lids = [_text(payload.get("chatLid"))]
    lids += [phone] if phone.endswith("@lid") else []
    lids += [] if mine else [_text(payload.get("senderLid"))]  # of an echo it is our own
    lid = next((value.strip().lower() for value in lids if value.strip().endswith("@lid")), None)
    digits = "" if phone.endswith("@lid") else "".join(c for c in phone if c in "0123456789")
    if not digits.strip("0") and not lid:
        fault = "field required" if payload.get("phone") in (None, "") else "not a phone number"
        raise BadPayload(f"phone: {fault}")
    name = _text(payload.get("chatName")).strip()
    if not mine:
        name = _text(payload.get("senderName")).strip() or name
    return Address(digits[:40] or None, lid[:100] if lid else None, name[:200] or None)


def _status(payload: Payload) -> Event:
    if _true(payload.get("isGroup")):
        return Ignored(N_("Confirmação de mensagem de grupo."))
    ids = _ids(payload)
    if not ids:
        raise BadPayload("ids: field required")
    said = _text(payload.get("status")).strip().upper()
    if said == "READ_BY_ME":
        return Ignored(N_("Mensagem do cliente lida no aparelho da empresa."))
    if said not in _STATUSES:
        return Ignored(f"{UNKNOWN_STATUS}: {said[:40] or '–'}")
    return StatusUpdate(ids, _STATUSES[said], _moment(payload.get("momment")))


def _delivery(payload: Payload) -> Event:
    provider_id = _short(_identifier(payload.get("messageId"))) or None
    queue_id = _short(_identifier(payload.get("zaapId"))) or None
    if not provider_id and not queue_id:
        raise BadPayload("messageId: field required")
    text, code = _text(payload.get("error")).strip(), _text(payload.get("errorCode")).strip()
    error = report_error(text, code) if text or code else None
    phone = _text(payload.get("phone"))[:80] or None
    return DeliveryReport(provider_id, queue_id, phone, error, _moment(payload.get("momment")))


def _connection(payload: Payload, connected: bool) -> ConnectionChange:
    at = _moment(payload.get("momment"))
    if connected:
        return ConnectionChange(True, None, at)
    reason = sentence(
        _text(payload.get("error")), N_("O provedor avisou que o número desconectou.")
    )
    return ConnectionChange(False, reason, at)


def _kind(payload: Payload) -> str:
    return _text(payload.get("type")).strip().lower()


def _ids(payload: Payload) -> tuple[str, ...]:
    given = payload.get("ids") or payload.get("id")
    found = given if isinstance(given, list) else [given]
    return tuple(_short(known) for value in found if (known := _identifier(value)))


def _text(value: Any) -> str:
    """A scalar as text; anything else is nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _identifier(value: Any) -> str:
    return _text(value).strip()


def _short(identifier: str) -> str:
    """Ids fit an index: absurdly long ones are told apart by their hash."""
    if len(identifier) <= MAX_ID:
        return identifier
    return "sha256:" + hashlib.sha256(identifier.encode()).hexdigest()


def _true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _moment(value: Any) -> datetime | None:
    """The provider's time; None when there is none, or none that can be true."""
    try:
        moment = clock.from_epoch(float(_text(value)))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if _EARLIEST <= moment <= clock.now() + _AHEAD else None
