"""Who sees which protocols, the list with its filters and pages by key, and one with its story."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts import searching
from app.contacts.models import Contact
from app.errors import NotFound
from app.extensions import db
from app.protocols import hooks, numbers
from app.protocols.models import STATUSES, Protocol, ProtocolEvent

ROWS = 50
MOST_ROWS = 400
OF_CONTACT = 10
OF_A_PHONE = 8
ORDER = (Protocol.created_at.desc(), Protocol.id.desc())


@dataclass(frozen=True, slots=True)
class ProtocolFilter:
    """What the list shows; the days are the company's, both included."""

    text: str = ""
    status: str = ""
    consultant_id: int | None = None
    language: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == ProtocolFilter()

    def as_arguments(self) -> dict[str, str]:
        """The filter as the query of an address; what is not set is left out."""
        named = {
            "q": self.text, "situacao": self.status, "consultor": self.consultant_id,
            "idioma": self.language, "de": self.since, "ate": self.until,
        }  # fmt: skip
        return {name: str(value) for name, value in named.items() if value}


def parse_filter(arguments: Mapping[str, str]) -> ProtocolFilter:
    """The filter of an address's query; what is malformed in it is as if it were not there."""
    status, consultant = arguments.get("situacao", ""), arguments.get("consultor", "")
    return ProtocolFilter(
        text=arguments.get("q", "").replace("\0", "").strip()[:200],
        status=status if status in STATUSES else "",
        consultant_id=int(consultant) if consultant.isdecimal() and len(consultant) < 10 else None,
        language=arguments.get("idioma", "").replace("\0", "").strip()[:35],
        since=_day(arguments.get("de", "")),
        until=_day(arguments.get("ate", "")),
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 3000 else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `more` says that others follow."""

    protocols: list[Protocol]
    more: bool


def visible_to(viewer: User, query: Select[Any]) -> Select[Any]:
    """The one rule: protocols of conversations that this person may see, and those of none."""
    if not viewer.can(Permission.PROTOCOLS_VIEW):
        return query.where(false())
    conditions = [condition for sees in hooks.seen if (condition := sees(viewer)) is not None]
    if not conditions:
        return query
    return query.where(or_(Protocol.conversation_id.is_(None), and_(*conditions)))


def query(viewer: User, chosen: ProtocolFilter, *columns: Any) -> Select[Any]:
    """The protocols that pass the filter, in the list's order, before paging."""
    found = visible_to(viewer, select(*columns)).where(*conditions(chosen))
    return found.order_by(*ORDER)


def conditions(chosen: ProtocolFilter) -> list[ColumnElement[bool]]:
    """What a protocol has to fulfil."""
    found: list[ColumnElement[bool]] = []
    if chosen.text:
        found.append(_about(chosen.text))
    if chosen.status:
        found.append(Protocol.status == chosen.status)
    if chosen.consultant_id is not None:
        found.append(Protocol.consultant_id == chosen.consultant_id)
    if chosen.language:
        found.append(func.lower(Protocol.language) == chosen.language.lower())
    if chosen.since:
        found.append(Protocol.created_at >= _begins(chosen.since))
    if chosen.until:
        found.append(Protocol.created_at < _begins(chosen.until + timedelta(days=1)))
    return found


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.COMPANY_ZONE).astimezone(UTC)


def _about(text: str) -> ColumnElement[bool]:
    """With this number, or of a contact whom the text finds."""
    ways: list[ColumnElement[bool]] = []
    number, matching = numbers.read(text), searching.matching(text)
    if number is not None:
        ways.append(Protocol.number == number)
    # So many digits may as well be a telephone's or a CPF's; fewer are only a number.
    if matching is not None and (number is None or len(text) >= OF_A_PHONE):
        ways.append(Protocol.contact_id.in_(select(Contact.id).where(matching)))
    return or_(*ways) if ways else false()


def page(viewer: User, chosen: ProtocolFilter, after: int | None = None, size: int = ROWS) -> Page:
    """One page, beginning after the protocol with this id."""
    found = query(viewer, chosen, Protocol).options(joinedload(Protocol.contact)).limit(size + 1)
    if after is not None:
        last = select(Protocol.created_at, Protocol.id).where(Protocol.id == after)
        found = found.where(tuple_(Protocol.created_at, Protocol.id) < last.scalar_subquery())
    rows = list(db.session.scalars(found))
    return Page(rows[:size], len(rows) > size)


def find(viewer: User, number: int) -> Protocol:
    """The protocol with this number; NotFound for whoever may not see it."""
    query = select(Protocol).where(Protocol.number == number)
    query = query.outerjoin(Protocol.contact).options(contains_eager(Protocol.contact))
    found: Protocol | None = db.session.scalars(
        visible_to(viewer, query).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def story(protocol_id: int) -> list[ProtocolEvent]:
    """Everything that happened to it, in order."""
    query = (
        select(ProtocolEvent)
        .where(ProtocolEvent.protocol_id == protocol_id)
        .order_by(ProtocolEvent.id)
    )
    return list(db.session.scalars(query))


def of_contact(viewer: User, contact_id: int) -> list[Protocol]:
    """The newest protocols of a contact, open ones first."""
    query = visible_to(viewer, select(Protocol)).where(Protocol.contact_id == contact_id)
    query = query.order_by((Protocol.status == "closed").asc(), Protocol.id.desc())
    return list(db.session.scalars(query.limit(OF_CONTACT)))
