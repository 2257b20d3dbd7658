"""Finding contacts, each with the conversation that this person would open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true

from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts import searching
from app.contacts.models import Contact, ContactIdentity
from app.conversations import queries
from app.conversations.models import Conversation
from app.extensions import db
from app.search.reading import Asked, Cpf
from app.transactions import atomic

SHOWN = 6
LOOKED_AT = 200  # of the contacts that match: those who talked last are picked from the newest


@dataclass(frozen=True, slots=True)
class Talk:
    """The newest conversation of a contact that this person may see."""

    id: int
    status: str
    preview: str
    at: datetime
    channel_id: int


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that was found."""

    id: int
    name: str
    phone: str | None  # E.164
    email: str | None
    cpf: str | None
    talk: Talk | None


def find(viewer: User, asked: Asked, size: int = SHOWN) -> list[Person]:
    """The contacts a text could mean, who talked last first; one query.

    A contact found by CPF is an answer to "whose is it?", so it is recorded as showing one is.
    """
    by_cpf = _by_cpf(asked.cpf) if asked.cpf and viewer.can(Permission.CPF_REVEAL) else None
    ways = [
        way for way in (searching.matching(asked.text, with_cpf=False), by_cpf) if way is not None
    ]
    if not ways or asked.number is not None:
        return []
    found = [_person(row) for row in db.session.execute(_query(viewer, or_(*ways), size))]
    if asked.cpf is not None and by_cpf is not None:
        _record(viewer, asked.cpf, found)
    return found


def _by_cpf(wanted: Cpf) -> ColumnElement[bool]:
    if wanted.whole:
        return Contact.cpf == wanted.whole
    ways: list[ColumnElement[bool]] = []
    if wanted.beginning:
        ways.append(Contact.cpf.startswith(wanted.beginning))
    if wanted.shown:
        ways.append(func.substr(Contact.cpf, 4).startswith(wanted.shown))
    return or_(*ways)


def _query(viewer: User, matching: ColumnElement[bool], size: int) -> Select[Any]:
    found = (
        select(Contact.id, Contact.name, Contact.email, Contact.cpf)
        .where(matching, Contact.merged_into_id.is_(None))
        .order_by(Contact.id.desc())
        .limit(LOOKED_AT)
        .cte("found")
    )
    c = Conversation
    talks: Any = select(
        c.id, c.status, c.last_message_preview, c.last_message_at, c.channel_id
    ).where(c.contact_id == found.c.id)
    talk = (
        queries.visible_to(viewer, talks)
        .order_by(c.last_message_at.desc())
        .limit(1)
        .lateral("talk")
    )
    phone = (
        select(func.min(ContactIdentity.value))
        .where(ContactIdentity.contact_id == found.c.id, ContactIdentity.kind == "phone")
        .scalar_subquery()
    )
    return (
        select(found, phone.label("phone"), talk.c.id.label("talk_id"), talk.c.status,
               talk.c.last_message_preview, talk.c.last_message_at, talk.c.channel_id)
        .select_from(found.outerjoin(talk, true()))
        .order_by(talk.c.last_message_at.desc().nulls_last(), found.c.id.desc())
        .limit(size)
    )  # fmt: skip


def _person(row: Row[Any]) -> Person:
    talk = None
    if row.talk_id is not None:
        talk = Talk(
            row.talk_id, row.status, row.last_message_preview, row.last_message_at, row.channel_id
        )
    return Person(row.id, row.name, row.phone, row.email, row.cpf, talk)


def _record(viewer: User, wanted: Cpf, found: list[Person]) -> None:
    """Write down that this person learnt whose CPF it is."""
    known = [person for person in found if person.cpf and _is_of(wanted, person.cpf)]
    if not known:
        return
    with atomic():
        for person in known:
            audit.record(
                viewer, "contact.cpf_searched", "contact", person.id, None, {"cpf": wanted.masked}
            )


def _is_of(wanted: Cpf, cpf: str) -> bool:
    if wanted.whole:
        return cpf == wanted.whole
    begins = bool(wanted.beginning) and cpf.startswith(wanted.beginning)
    return begins or (bool(wanted.shown) and cpf[3:].startswith(wanted.shown))
