"""What managers type: hours of a day, a week, a date. Raises GuicheError in their words."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from flask_babel import gettext as _

from app.business_time import Day
from app.errors import GuicheError
from app.words import N_

_CLOCK = re.compile(r"([01]?\d|2[0-4])[:h]([0-5]\d)")
MOST_INTERVALS = 6  # of a day
LONGEST_NAME = 60

# Where Brazil keeps its clocks, and some neighbours of companies that attend from abroad.
ZONES = {
    "America/Sao_Paulo": N_("Brasília (São Paulo)"),
    "America/Manaus": N_("Manaus"),
    "America/Cuiaba": N_("Cuiabá"),
    "America/Campo_Grande": N_("Campo Grande"),
    "America/Porto_Velho": N_("Porto Velho"),
    "America/Boa_Vista": N_("Boa Vista"),
    "America/Rio_Branco": N_("Rio Branco"),
    "America/Noronha": N_("Fernando de Noronha"),
    "America/Argentina/Buenos_Aires": N_("Buenos Aires"),
    "America/New_York": N_("Nova York"),
    "Europe/Lisbon": N_("Lisboa"),
    "UTC": N_("Hora universal (UTC)"),
}


def day_of(starts: Sequence[str], ends: Sequence[str], where: str) -> Day:
    """Hours of one day from pairs of times; empty pairs are left out. 00:00 ends a day too."""
    pairs = [(a.strip(), b.strip()) for a, b in zip(starts, ends, strict=False)]
    hours = [_interval(start, end, where) for start, end in pairs if start or end]
    if len(hours) > MOST_INTERVALS:
        raise GuicheError(_("Em %(where)s cabem até 6 períodos.", where=where), status=422)
    ordered = sorted(hours)
    for one, other in pairwise(ordered):
        if other[0] < one[1]:
            raise GuicheError(_("Em %(where)s dois períodos se cruzam.", where=where), status=422)
    return tuple(ordered)


def _interval(start: str, end: str, where: str) -> tuple[int, int]:
    opens, closes = _minutes(start, where), _minutes(end, where) or 1440
    if opens >= closes:
        text = _(
            "Em %(where)s um período termina antes de começar. Para virar a noite, vá até 00:00 e "
            "continue no dia seguinte.",
            where=where,
        )
        raise GuicheError(text, status=422)
    return opens, closes


def _minutes(text: str, where: str) -> int:
    found = _CLOCK.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else 1441
    if minutes > 1440:
        raise GuicheError(
            _("Em %(where)s falta o começo ou o fim de um período.", where=where), status=422
        )
    return minutes


def date_of(text: str) -> date:
    """A day from a form's field: 2026-12-24."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GuicheError(_("Escolha o dia."), status=422) from None


def name_of(text: str) -> str:
    """What a date is called."""
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise GuicheError(_("Dê à data um nome de até 60 letras."), status=422)
    return name
