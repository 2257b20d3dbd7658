"""A protocol on paper: its story set by Typst, with a hash that shows whether it was altered."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from flask_babel import gettext as _

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.extensions import current_settings
from app.protocols import hooks, queries, telling, wording
from app.protocols.models import Protocol
from app.transactions import atomic

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "protocols" / "protocol.typ"


def document(by: User, protocol: Protocol) -> bytes:
    """The PDF. That it was printed is recorded with the hash, so that the paper can be checked."""
    content = content_of(protocol)
    fingerprint = fingerprint_of(content)
    with atomic():
        told = {"fingerprint": fingerprint}
        audit.record(by, "protocol.printed", "protocol", protocol.number, None, told)
    data = {
        **content,
        "words": _words(),
        "company": current_settings().company_name,
        "fingerprint": fingerprint,
        "printed": _("Impresso em %(time)s por %(name)s", time=_moment(clock.now()), name=by.name),
    }
    # What people wrote goes in as data: Typst never reads it as its own language.
    given = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.compile(TEMPLATE.read_bytes(), sys_inputs=given, ignore_system_fonts=True)


def content_of(protocol: Protocol) -> dict[str, Any]:
    """Everything that the paper says of the protocol, in words."""
    consultants = hooks.consultant_names()
    facts = [
        (_("Situação"), wording.status_name(protocol.status)),
        (_("Prioridade"), wording.priority_name(protocol.priority)),
        (_("Consultor"), consultants.get(protocol.consultant_id or 0, "")),
        (_("Contato"), protocol.contact.name if protocol.contact else ""),
        (_("Idioma"), protocol.language or ""),
        (_("Aberto em"), _moment(protocol.created_at)),
        (_("Fechado em"), _moment(protocol.closed_at)),
    ]
    return {
        "number": telling.printed(protocol.number),
        "facts": [list(fact) for fact in facts if fact[1]],
        "description": protocol.description,
        "story": [
            {
                "at": _moment(event.at, "%d/%m/%Y %H:%M:%S"),
                "text": wording.event_text(event, consultants),
                "detail": wording.event_detail(event),
                "by": event.actor_name,
            }
            for event in queries.story(protocol.id)
        ],
    }


def fingerprint_of(content: dict[str, Any]) -> str:
    """SHA-256 of what the paper says, as 64 hexadecimal digits."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _words() -> dict[str, str]:
    return {
        "protocol": _("Protocolo"),
        "description": _("Descrição"),
        "story": _("O que aconteceu"),
        "fingerprint": _("Código de integridade (SHA-256)"),
        "page": _("Página"),
    }


def _moment(value: datetime | None, form: str = "%d/%m/%Y %H:%M") -> str:
    return f"{value.astimezone(clock.COMPANY_ZONE):{form}}" if value else ""
