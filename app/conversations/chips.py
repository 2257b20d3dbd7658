"""A list's filters in words, each with the address of the list without it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.conversations import filters as f
from app.conversations.filters import Filters
from app.conversations.marking import priority_label
from app.conversations.models import PRIORITIES
from app.conversations.naming import Names


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition: "Canal: Vendas", and what remains when it is taken off."""

    kind: str
    value: str
    rest: Filters


def chips(filters: Filters, names: Names) -> list[Chip]:
    """Every condition in words."""
    return [
        Chip(*_words(name, value, names.by_value), filters.without(name, value))
        for name, value in filters.pairs()
    ]


def _words(name: str, value: str, names: dict[tuple[str, str], str]) -> tuple[str, str]:
    if name == "canal":
        return _("Canal"), names.get((name, value), value)
    if name == "equipe":
        return _("Equipe"), _("nenhuma") if value == "0" else names.get((name, value), value)
    if name == "etiqueta":
        none = _("sem etiqueta")
        return _("Etiqueta"), none if value == "0" else names.get((name, value), value)
    if name == "dono":
        known = {
            f.ME: _("eu"), f.NOBODY: _("ninguém"), f.BOT: _("robô"),
            f.OUTSIDE: _("consultor fora do painel"),
        }  # fmt: skip
        return _("Com"), known.get(value) or names.get((name, value), value)
    if name == "prioridade":
        return _("Prioridade"), priority_label(PRIORITIES.index(value)) or _("nenhuma")
    if name == "prazo":
        return _("Prazo"), _("atrasado") if value == "atrasado" else _("perto de vencer")
    if name == "nota":
        return _("Nota"), _("%(n)s de 5", n=value)
    if name == "espera":
        return _("Esperando há"), wait_label(int(value))
    if name == "texto":
        return _("Texto"), value
    return _("Só"), _("não lidas")


def wait_label(minutes: int) -> str:
    """5 min, 1 h, 1 dia: or longer."""
    if minutes < 60:
        return _("%(n)s min ou mais", n=minutes)
    if minutes < 1440:
        return _("%(n)s h ou mais", n=minutes // 60)
    return _("um dia ou mais")
