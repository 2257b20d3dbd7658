"""What a list is narrowed to: read from an address, written into one, and asked of the database.

The address is the whole state: it can be shared, reloaded, kept as a view, and names the region of
the page, so that a page that fell behind is compared with what it really shows.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, union
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import User
from app.contacts import searching
from app.contacts.models import Contact
from app.conversations.models import PRIORITIES, Conversation

MOST_VALUES = 20
LONGEST_TEXT = 80
WAITS = (5, 15, 30, 60, 240, 1440)  # minutes
ME, NOBODY, BOT, OUTSIDE = "eu", "ninguem", "robo", "fora"
_KINDS = {NOBODY: "nobody", BOT: "bot", OUTSIDE: "outside"}
UNLABELLED = 0

# Written out as the index has it: only then does the planner use it.
_PREVIEW_WORDS: ColumnElement[Any] = literal_column(
    "to_tsvector('simple'::regconfig, fold(conversations.last_message_preview))"
)
_LABELLED: ColumnElement[bool] = literal_column("conversations.label_ids <> '{}'")
# Since when each waits; who does not wait stands behind all who do.
waits_since: ColumnElement[Any] = func.coalesce(
    Conversation.waiting_since, literal_column("'9999-01-01 00:00:00+00'::timestamptz")
)
# What is due next; what has no deadline stands behind all that has one.
due_next: ColumnElement[Any] = func.coalesce(
    Conversation.due_at, literal_column("'9999-01-01 00:00:00+00'::timestamptz")
)
# By their number in `Conversation.due_state`.
DUE_STATES = ("nenhum", "perto", "atrasado")


@dataclass(frozen=True, slots=True)
class Filters:
    """One of each kind that names any; an empty one lets everything through."""

    channels: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()  # 0: those of no team
    labels: tuple[int, ...] = ()  # 0: those without any
    owners: tuple[str, ...] = ()  # a person's id, or `eu`, `ninguem`, `robo`, `fora`
    priorities: tuple[int, ...] = ()
    ratings: tuple[int, ...] = ()  # what the customer answered when asked how it was
    unread: bool = False
    due: tuple[int, ...] = ()  # states of their deadlines: 1 near, 2 late
    waiting: int = 0  # at least so many minutes
    text: str = ""  # in the name, the phone or the preview

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return self == NOTHING

    @property
    def asks(self) -> bool:
        """Whether only the server can say if a row belongs: by its words, or as time passes."""
        return bool(self.text or self.waiting)

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address, always in the same order."""
        found = [("canal", str(one)) for one in self.channels]
        found += [("equipe", str(one)) for one in self.teams]
        found += [("etiqueta", str(one)) for one in self.labels]
        found += [("dono", one) for one in self.owners]
        found += [("prioridade", PRIORITIES[one]) for one in self.priorities]
        found += [("prazo", DUE_STATES[one]) for one in self.due]
        found += [("nota", str(one)) for one in self.ratings]
        found += [("naolidas", "1")] if self.unread else []
        found += [("espera", str(self.waiting))] if self.waiting else []
        return found + ([("texto", self.text)] if self.text else [])

    def as_arguments(self) -> dict[str, list[str]]:
        """For `path_for`."""
        arguments: dict[str, list[str]] = {}
        for name, value in self.pairs():
            arguments.setdefault(name, []).append(value)
        return arguments

    def written(self) -> str:
        """As the query of an address: also the name under which a page's region is known."""
        return urlencode(self.pairs())

    def without(self, name: str, value: str) -> "Filters":
        """The same with one condition less."""
        return parse(pair for pair in self.pairs() if pair != (name, value))

    def tests(self, viewer_id: int) -> str:
        """What the browser asks of a row, as JSON: of each name the row has one of the values."""
        owners = {ME: f"user-{viewer_id}", **_KINDS}
        wanted = {
            "channel": [str(one) for one in self.channels],
            "team": [str(one) for one in self.teams],
            "labels": [str(one) for one in self.labels],
            "owner": [owners.get(one, f"user-{one}") for one in self.owners],
            "priority": [str(one) for one in self.priorities],
            "due": [str(one) for one in self.due],
            "rating": [str(one) for one in self.ratings],
            "unread": ["1"] if self.unread else [],
        }
        return json.dumps({name: values for name, values in wanted.items() if values})

    def conditions(self, viewer: User) -> list[ColumnElement[bool]]:
        """The same for the database."""
        found: list[ColumnElement[bool]] = []
        if self.channels:
            found.append(Conversation.channel_id.in_(self.channels))
        if self.teams:
            none = [Conversation.team_id.is_(None)] if 0 in self.teams else []
            found.append(or_(Conversation.team_id.in_([one for one in self.teams if one]), *none))
        if self.labels:
            found.append(self._labels())
        if self.owners:
            found.append(or_(*(_owner(one, viewer) for one in self.owners)))
        if self.priorities:
            found.append(Conversation.priority.in_(self.priorities))
        if self.due:
            open_ = Conversation.status == "open"
            found.append(
                and_(open_, Conversation.due_state > 0, Conversation.due_state.in_(self.due))
            )
        if self.ratings:
            found.append(Conversation.rating.in_(self.ratings))
        if self.unread:
            found.append(Conversation.unread_count > 0)
        if self.waiting:
            found.append(waits_since <= clock.now() - timedelta(minutes=self.waiting))
        if self.text:
            found.append(_text(self.text))
        return found

    def _labels(self) -> ColumnElement[bool]:
        ids = [one for one in self.labels if one != UNLABELLED]
        carries = and_(_LABELLED, Conversation.label_ids.overlap(ids))
        if UNLABELLED not in self.labels:
            return carries
        return or_(~_LABELLED, carries) if ids else ~_LABELLED


NOTHING = Filters()


def parse(pairs: Iterable[tuple[str, str]]) -> Filters:
    """Filters from an address; what is no filter or makes no sense in one is left out."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if len(given.setdefault(name, [])) < MOST_VALUES:
            given[name].append(value)
    waits = [one for one in _numbers(given.get("espera")) if one in WAITS]
    text = " ".join(" ".join(given.get("texto", [])).replace("\0", "").split())
    names = given.get("prioridade", [])
    return Filters(
        channels=tuple(_numbers(given.get("canal"))),
        teams=tuple(_numbers(given.get("equipe"))),
        labels=tuple(_numbers(given.get("etiqueta"))),
        owners=_owners(given.get("dono", [])),
        priorities=tuple(at for at, name in enumerate(PRIORITIES) if name in names),
        due=tuple(at for at in (1, 2) if DUE_STATES[at] in given.get("prazo", [])),
        ratings=tuple(one for one in _numbers(given.get("nota")) if 1 <= one <= 5),
        unread="1" in given.get("naolidas", []),
        waiting=waits[0] if waits else 0,
        text=text[:LONGEST_TEXT].strip(),
    )


def read(written: str) -> Filters:
    """Filters from what `written` made of them."""
    return parse(parse_qsl(written))


def _numbers(values: list[str] | None) -> list[int]:
    found = {int(one) for one in values or [] if one.isdecimal() and len(one) < 10}
    return sorted(found)


def _owners(values: list[str]) -> tuple[str, ...]:
    words = [one for one in (ME, *_KINDS) if one in values]
    return (*words, *(str(one) for one in _numbers(values)))


def _owner(name: str, viewer: User) -> ColumnElement[bool]:
    if name in _KINDS:
        return and_(Conversation.owner_kind == _KINDS[name], Conversation.owner_id.is_(None))
    owner_id = viewer.id if name == ME else int(name)
    return and_(Conversation.owner_kind == "user", Conversation.owner_id == owner_id)


def _text(text: str) -> ColumnElement[bool]:
    """By the contact, or by the words of the preview: each answered by its own index."""
    ways = []
    if (people := searching.matching(text)) is not None:
        twin = aliased(Conversation)
        theirs = select(Contact.id).where(people)
        ways.append(select(twin.id).where(twin.contact_id.in_(theirs)))
    if words := re.findall(r"\w+", text):
        wanted = func.to_tsquery("simple", func.fold(" & ".join(f"{word}:*" for word in words)))
        ways.append(select(Conversation.id).where(_PREVIEW_WORDS.op("@@")(wanted)).correlate(None))
    if not ways:
        return literal_column("false")
    return Conversation.id.in_(ways[0] if len(ways) == 1 else union(*ways))
