"""Scores in words."""

from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _


def score_name(score: int) -> str:
    """5: Ótimo … 1: Péssimo."""
    names = {5: _("Ótimo"), 4: _("Bom"), 3: _("Regular"), 2: _("Ruim"), 1: _("Péssimo")}
    return names[score]


def event(_name: str, payload: dict[str, Any]) -> str:
    """One line of the timeline."""
    score = int(payload.get("score") or 0)
    if payload.get("before"):
        return _("O cliente mudou a nota do atendimento para %(score)s de 5", score=score)
    return _("O cliente avaliou o atendimento: %(score)s de 5", score=score)


def decimal(value: float) -> str:
    """One decimal, as the screen's language writes it."""
    return str(format_decimal(round(value, 1), format="0.0", locale=get_locale()))
