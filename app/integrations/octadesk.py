"""Octadesk: a message into a conversation that is open, or an approved template that opens one.

Nothing there prevents sending twice, so each call is made once: what may have been done is told by
the outcome, and only a person asks again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _

from app import clock
from app.extensions import current_settings
from app.integrations import http
from app.integrations.base import IntegrationError, Outcome
from app.words import N_

NAME = "octadesk"
WINDOW = timedelta(hours=24)
_OVER = {"closed", "missed"}
_BY_STATUS = {
    401: N_("O Octadesk recusou a chave: confira OCTADESK_API_KEY."),
    403: N_("O Octadesk não permite isto a esta chave."),
    404: N_("O Octadesk não encontrou a conversa ou o modelo."),
    429: N_("O Octadesk pediu para esperar."),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A template that may be sent now."""

    id: str
    name: str
    text: str


def is_configured() -> bool:
    """Whether there is an address and a key."""
    settings = current_settings()
    return bool(settings.octadesk_url and settings.octadesk_api_key)


def templates(subject: str = "templates") -> list[Template]:
    """Those that are approved and enabled; the list changes, so it is asked before each sending."""
    rows = _call("GET", "/chat/templates-message", subject, query={"limit": "100", "page": "1"})
    found = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, Mapping) or row.get("enable") is not True:
            continue
        if str(row.get("status", "")).lower() == "approved":
            found.append(Template(str(row.get("id", "")), str(row.get("name", "")), _text_of(row)))
    return found


def open_room(phone: str, subject: str) -> str | None:
    """The conversation in which free text may be written: open, and the customer wrote within 24
    hours. `phone` is E.164."""
    query = {
        "filters[0][property]": "contact.phoneContacts.number",
        "filters[0][operator]": "eq",
        "filters[0][value]": phone.removeprefix("+55"),
        "sort[property]": "lastMessageDate",
        "sort[direction]": "desc",
        "limit": "5",
        "page": "1",
    }
    rooms = _call("GET", "/chat", subject, query=query)
    for room in rooms if isinstance(rooms, list) else []:
        if isinstance(room, Mapping) and room.get("status") not in _OVER:
            number = str(room.get("id") or "")
            if number and _wrote_lately(number, subject):
                return number
    return None


def _wrote_lately(room: str, subject: str) -> bool:
    """Our own messages move the room's date: only what the contact sent counts."""
    query = {"sort[property]": "time", "sort[direction]": "desc", "limit": "50", "page": "1"}
    rows = _call("GET", f"/chat/{quote(room, safe='')}/messages", subject, query=query)
    for row in rows if isinstance(rows, list) else []:
        by = row.get("sentBy") if isinstance(row, Mapping) else None
        if isinstance(by, Mapping) and by.get("type") == "contact":
            return clock.now() - _moment(row.get("time")) < WINDOW
    return False


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return clock.now() - 2 * WINDOW


def write(room: str, body: str, subject: str) -> None:
    """Free text into an open conversation. Raises IntegrationError."""
    payload = {"type": "public", "channel": "whatsapp", "body": body}
    _call("POST", f"/chat/{quote(room, safe='')}/messages", subject, payload)


def send_template(
    origin: str, phone: str, name: str, template: str, variables: Mapping[str, str], subject: str
) -> str:
    """Open a conversation with a template; its room. Raises IntegrationError."""
    payload = {
        "origin": {"contact": {"channel": "whatsapp", "code": origin}},
        "target": {"contact": {"channel": "whatsapp", "code": phone, "name": name}},
        "content": {
            "templateMessage": {
                "id": template,
                "variables": [{"key": key, "value": value} for key, value in variables.items()],
            }
        },
        "options": {"automaticAssign": True},
    }
    answer = _call("POST", "/chat/send-template", subject, payload)
    told = answer if isinstance(answer, Mapping) else {}
    if told.get("errorCode"):
        text = _("O Octadesk não enviou: %(why)s", why=str(told.get("errorMessage") or "")[:200])
        raise IntegrationError(text, Outcome.REFUSED, 200)
    result = told.get("result")
    room = str(result.get("roomKey") or "") if isinstance(result, Mapping) else ""
    if not room:
        text = _("O Octadesk respondeu algo que não esperávamos: a mensagem pode ter saído.")
        raise IntegrationError(text, Outcome.UNKNOWN)
    return room


def _text_of(row: Mapping[str, Any]) -> str:
    parts = row.get("components")
    texts = [
        str(part.get("message") or "")
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, Mapping)
    ]
    return "\n".join(text for text in texts if text)


def _call(
    method: str,
    path: str,
    subject: str,
    payload: Any = None,
    query: Mapping[str, str] | None = None,
) -> Any:
    settings = current_settings()
    headers = {"X-API-KEY": settings.octadesk_api_key}
    if settings.octadesk_agent_email:
        headers["octa-agent-email"] = settings.octadesk_agent_email
    return http.call(
        NAME, method, settings.octadesk_url.rstrip("/") + path, subject=subject, explain=_explain,
        payload=payload, query=query, headers=headers,
    )  # fmt: skip


def _explain(status: int | None, text: str) -> str:
    if status is None:
        return N_("O Octadesk não respondeu.")
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return N_("O Octadesk teve uma falha interna.")
    return N_("O Octadesk recusou o pedido") + f": {text[:200]}"
