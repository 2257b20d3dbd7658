"""Deadlines in words: on rows, above threads, in the timeline and on their page."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.conversations.models import Conversation
from app.deadlines.keeping import CLOCKS, kind_of
from app.errors import GuicheError
from app.web import moment

_TYPED = re.compile(r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,5})\s*(?:min|m)?)?", re.IGNORECASE)


def clock_name(kind: str) -> str:
    """What a clock is for."""
    names = {
        "first": _("Primeira resposta"),
        "next": _("Próxima resposta"),
        "resolution": _("Resolução"),
    }
    return names.get(kind, kind)


@dataclass(frozen=True, slots=True)
class Shown:
    """A running clock as a chip shows it; the browser goes on from there."""

    kind: str
    due: datetime
    warn: datetime | None

    @property
    def name(self) -> str:
        """What it is for."""
        return clock_name(self.kind)

    @property
    def state(self) -> str:
        """left, near or late."""
        now = clock.now()
        if now >= self.due:
            return "late"
        return "near" if self.warn is not None and now >= self.warn else "left"

    @property
    def text(self) -> str:
        """How much is left, or by how much it was missed."""
        left = self.due - clock.now()
        # What is left is rounded up, what is over down: at its beginning it is whole.
        span = span_text(-left if left <= timedelta() else left + timedelta(seconds=59.999))
        texts = {
            "left": _("%(time)s para o prazo", time=span),
            "near": _("vence em %(time)s", time=span),
            "late": _("atrasada %(time)s", time=span),
        }
        return texts[self.state]


def clocks_of(talk: Conversation) -> list[Shown]:
    """Those that run, the next first."""
    found = [
        Shown(
            kind_of(talk, name), getattr(talk, f"{name}_due_at"), getattr(talk, f"{name}_warn_at")
        )
        for name in CLOCKS
        if getattr(talk, f"{name}_due_at") is not None
    ]
    return sorted(found, key=lambda one: one.due)


def next_clock(talk: Conversation) -> Shown:
    """The one that is due next; ask only where one runs."""
    return clocks_of(talk)[0]


def span_text(span: timedelta) -> str:
    """4 min, 2 h 10 min, 14 h, 3 d."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{max(1, minutes)} min"
    hours, rest = divmod(minutes, 60)
    if hours < 10 and rest:
        return f"{hours} h {rest} min"
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"


def minutes_text(minutes: int | None) -> str:
    """A target as one types it: "15 min", "4 h", "1 h 30 min"."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest else [])
    return " ".join(parts)


def typed_minutes(text: str) -> int | None:
    """A target from a form: "15", "15 min", "4 h", "1h30"; None when it is empty."""
    typed = text.strip()
    if not typed:
        return None
    found = _TYPED.fullmatch(typed)
    if found is None or not (found[1] or found[2]):
        raise GuicheError(_("Escreva o prazo como 15 min, 4 h ou 1 h 30 min."), status=422)
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def missed(_name: str, payload: dict[str, Any]) -> str:
    """The entry of the timeline."""
    kind = clock_name(payload.get("clock", ""))
    due = payload.get("due")
    at = moment(datetime.fromisoformat(due)) if due else ""
    return _("Prazo perdido · %(clock)s: venceu em %(moment)s", clock=kind, moment=at)
