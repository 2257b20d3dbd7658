"""How a run's figures read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.debts.engine.writing import brl

STATES = ("mapping", "queued", "reading", "computing", "done", "cancelled", "failed")


def run_state(state: str) -> str:
    """Where a run stands."""
    return {
        "mapping": _("Falta conferir as colunas"),
        "queued": _("Na fila"),
        "reading": _("Lendo as parcelas"),
        "computing": _("Calculando"),
        "done": _("Pronta"),
        "cancelled": _("Cancelada"),
        "failed": _("Parou"),
    }[state]


def band_name(band: Mapping[str, Any]) -> str:
    """`31 a 60 dias`."""
    since, until = band["since"], band["until"]
    if not until:
        return _("Em dia") if until == 0 else _("Mais de %(days)s dias", days=since - 1)
    return _("%(since)s a %(until)s dias", since=since, until=until)


def letter_name(letter: str) -> str:
    """What each proposal is."""
    return {
        "A": _("A · à vista"),
        "B": _("B · entrada e curto prazo"),
        "C": _("C · longo prazo"),
    }[letter]


def reais(cents: int) -> str:
    """`R$ 1.234,56`; a minus stands in front."""
    return f"{'-' if cents < 0 else ''}R$ {brl(abs(cents))}"


def round_reais(cents: int) -> str:
    """`R$ 1,2 mi`: what fits beside a bar."""
    value = Decimal(abs(cents)) / 100
    sign = "-" if cents < 0 else ""
    for size, word in ((10**9, _("bi")), (10**6, _("mi")), (10**3, _("mil"))):
        if value >= size:
            return f"{sign}R$ {value / size:.1f} {word}".replace(".", ",")
    return f"{sign}R$ {value:.0f}"


def thousands(number: int) -> str:
    """`1.250.000`."""
    return f"{number:,}".replace(",", ".")


def differing(count: int) -> str:
    """How many contracts of the sample differ, in words."""
    return ngettext("%(num)s contrato diferente", "%(num)s contratos diferentes", count)
