"""A list's filters in words, each with the address of the list without it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Integer, Text, cast, literal, select, union_all

from app.accounts.models import User
from app.channels.models import Channel
from app.conversations import filters as f
from app.conversations.filters import Filters
from app.conversations.marking import priority_label
from app.conversations.models import PRIORITIES
from app.extensions import db
from app.labels.models import Label


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition: "Canal: Vendas", and what remains when it is taken off."""

    kind: str
    value: str
    rest: Filters


def chips(filters: Filters) -> list[Chip]:
    """Every condition in words; the names cost one query, and none without conditions."""
    names = _names(filters)
    return [
        Chip(*_words(name, value, names), filters.without(name, value))
        for name, value in filters.pairs()
    ]


def _names(filters: Filters) -> dict[tuple[str, str], str]:
    people = [int(one) for one in filters.owners if one.isdecimal()]
    wanted = (("canal", Channel, filters.channels), ("etiqueta", Label, filters.labels),
              ("dono", User, people))  # fmt: skip
    parts = [
        select(literal(name), cast(cast(model.id, Integer), Text), model.name).where(
            model.id.in_(ids)
        )
        for name, model, ids in wanted
        if ids
    ]
    if not parts:
        return {}
    return {(row[0], row[1]): row[2] for row in db.session.execute(union_all(*parts))}


def _words(name: str, value: str, names: dict[tuple[str, str], str]) -> tuple[str, str]:
    if name == "canal":
        return _("Canal"), names.get((name, value), value)
    if name == "etiqueta":
        none = _("sem etiqueta")
        return _("Etiqueta"), none if value == "0" else names.get((name, value), value)
    if name == "dono":
        known = {f.ME: _("eu"), f.NOBODY: _("ninguém"), f.BOT: _("robô")}
        return _("Com"), known.get(value) or names.get((name, value), value)
    if name == "prioridade":
        return _("Prioridade"), priority_label(PRIORITIES.index(value)) or _("nenhuma")
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
