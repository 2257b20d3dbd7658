"""Reading receipts: the filters of their page, its pages by key."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer

from app import clock
from app.contacts import ids
from app.errors import GuicheError
from app.extensions import db
from app.intake.models import Receipt

PAGE = 50
STATES = ("received", "processed", "ignored", "quarantined", "rejected", "failed")


@dataclass(frozen=True, slots=True)
class ReceiptFilter:
    """What to show. Dates are days in the company's zone, both included."""

    state: str = ""
    event_type: str = ""
    instance_id: str = ""
    text: str = ""
    proof: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == ReceiptFilter()

    def as_arguments(self) -> dict[str, str]:
        """The filter as the query of an address; what is not set is left out."""
        named = {
            "estado": self.state,
            "tipo": self.event_type,
            "instancia": self.instance_id,
            "q": self.text,
            "prova": self.proof,
            "de": self.since,
            "ate": self.until,
        }
        return {name: str(value) for name, value in named.items() if value}


def parse_filter(arguments: Mapping[str, str]) -> ReceiptFilter:
    """The filter of an address's query; what is malformed in it is refused."""
    state = arguments.get("estado", "")
    if state and state not in STATES:
        raise GuicheError("Este estado não existe.")
    return ReceiptFilter(
        state=state,
        event_type=_plain(arguments, "tipo"),
        instance_id=_plain(arguments, "instancia"),
        text=_plain(arguments, "q"),
        proof=_plain(arguments, "prova"),
        since=_day(arguments.get("de", "")),
        until=_day(arguments.get("ate", "")),
    )


def page(chosen: ReceiptFilter, before: int | None = None, size: int = PAGE) -> list[Receipt]:
    """The newest receipts that pass the filter, or those older than `before`; without bodies."""
    query = _filtered(chosen).options(defer(Receipt.body)).order_by(Receipt.id.desc()).limit(size)
    if before is not None:
        query = query.where(Receipt.id < before)
    return list(db.session.scalars(query))


def find(receipt_id: int) -> Receipt | None:
    """One receipt, its body included."""
    return db.session.scalar(select(Receipt).where(Receipt.id == receipt_id))


def _filtered(chosen: ReceiptFilter) -> Select[Receipt]:
    query = select(Receipt)
    if chosen.state:
        query = query.where(Receipt.state == chosen.state)
    if chosen.event_type:
        query = query.where(func.lower(Receipt.event_type) == chosen.event_type.lower())
    if chosen.instance_id:
        query = query.where(Receipt.instance_id == chosen.instance_id)
    if chosen.proof:
        query = query.where(Receipt.authenticated_by == chosen.proof)
    if chosen.text:
        query = query.where(
            or_(Receipt.provider_id == chosen.text, Receipt.phone.in_(_spellings(chosen.text)))
        )
    if chosen.since:
        query = query.where(Receipt.received_at >= _midnight(chosen.since))
    if chosen.until:
        query = query.where(Receipt.received_at < _midnight(chosen.until + timedelta(days=1)))
    return query


def _spellings(text: str) -> set[str]:
    """How a provider may have written this telephone: with and without the ninth digit."""
    digits = re.sub(r"[^0-9]", "", text)
    found = {text, digits}
    for e164 in _readings(text) or {f"+{digits}"}:
        found.add(e164[1:])
        if ids.match_key(e164).startswith("m:"):
            found.add(e164[1:5] + e164[-8:])
            found.add(e164[1:5] + "9" + e164[-8:])
    return found - {""}


def _readings(text: str) -> set[str]:
    """The telephones that this may be: one, or one in every area when the area is missing.

    Naming every area keeps the search on the index, which an ending alone could not use.
    """
    found = set()
    for area in (*ids.AREA_CODES, ids.FICTITIOUS_AREA):
        with suppress(ids.InvalidPhone):
            found.add(ids.phone(text, default_area=area, fictitious=True).e164)
    return found


def _plain(arguments: Mapping[str, str], name: str) -> str:
    return arguments.get(name, "").replace("\0", "").strip()[:200]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GuicheError("Esta data não existe.") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.COMPANY_ZONE)
