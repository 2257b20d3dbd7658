"""Public holidays of Brazil: of the country, of a state, and of the one city the library knows."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from holidays import country_holidays

from app.words import N_

# What a calendar observes.
KINDS = {
    "none": N_("Nenhum"),
    "national": N_("Feriados"),
    "optional": N_("Feriados e pontos facultativos, como Carnaval e Corpus Christi"),
}


@cache
def _names() -> dict[str, str]:
    """Every region the library knows, the states' by their names.

    Its one city has its state's holidays too; which names it gives is its own affair. Read when
    first asked for: with this country the library loads all others, a tenth of a process's start.
    """
    from holidays.countries.brazil import Brazil

    named = {code: name for name, code in Brazil.subdivisions_aliases.items()}
    return {code: named.get(code, code) for code in Brazil.subdivisions}


def regions() -> list[tuple[str, str]]:
    """Key and name of every choice beyond the country itself, by name."""
    return sorted(_names().items(), key=_by_name)


def _by_name(region: tuple[str, str]) -> str:
    return region[1].replace("Á", "A").replace("É", "E")


def is_region(key: str) -> bool:
    """Whether the library knows it; the empty key is the whole country."""
    return key == "" or key in _names()


@lru_cache(maxsize=64)
def days_of(kind: str, region: str, first_year: int, last_year: int) -> Mapping[date, str]:
    """The holidays of these years with their names, as kept on the calendars of KINDS."""
    if kind == "none":
        return {}
    found = country_holidays(
        "BR",
        subdiv=region or None,
        years=range(first_year, last_year + 1),
        categories=("public", "optional") if kind == "optional" else ("public",),
        language="pt_BR",
    )
    return dict(found.items())
