"""The list of contacts: what it can be narrowed by, its orders, and its pages by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    collate,
    exists,
    false,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import joinedload, selectinload

from app.contacts import searching
from app.contacts.consent.models import OptOut
from app.contacts.custom_fields import filtering
from app.contacts.models import Contact
from app.extensions import db

ROWS = 50
MOST_ROWS = 400
ORDERS = ("newest", "name")

SHOWN = (selectinload(Contact.identities), joinedload(Contact.opt_outs))

# As the index has it. Whoever has no name stands behind all who have; the order is the same in
# every database, whatever its language.
BY_NAME: ColumnElement[str] = collate(
    func.coalesce(
        func.nullif(func.fold(Contact.name), literal_column("''")), literal_column("'~~~~'")
    ),
    "C",
)


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What to show, and in which order. `fields` are conditions on custom fields, by the names they
    have in an address: "c3" for a value of field 3, "c3de" and "c3ate" for the ends of a range.
    """

    text: str = ""
    order: str = "newest"
    label_id: int | None = None
    consent: str = ""  # sim: may be written to | nao: wants no messages
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everybody is shown."""
        return self == ContactFilter(order=self.order)

    def as_arguments(self) -> dict[str, str]:
        """The filter as the query of an address; what is not set is left out."""
        named = {
            "q": self.text,
            "ordem": self.order if self.order != "newest" else "",
            "etiqueta": self.label_id,
            "mensagens": self.consent,
            **dict(self.fields),
        }
        return {name: str(value) for name, value in named.items() if value}


def parse_filter(arguments: Mapping[str, str]) -> ContactFilter:
    """The filter of an address's query; what is malformed in it is as if it were not there."""
    order, label = arguments.get("ordem", ""), arguments.get("etiqueta", "")
    consent = arguments.get("mensagens", "")
    return ContactFilter(
        text=arguments.get("q", "").replace("\0", "").strip()[:200],
        order=order if order in ORDERS else "newest",
        label_id=int(label) if label.isdecimal() and len(label) < 10 else None,
        consent=consent if consent in ("sim", "nao") else "",
        fields=tuple(
            sorted(
                (name, text.replace("\0", "").strip()[:200])
                for name, text in arguments.items()
                if filtering.NAME.fullmatch(name) and text.strip()
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `more` says that others follow."""

    contacts: list[Contact]
    more: bool


def query(chosen: ContactFilter, *columns: Any) -> Select[Any]:
    """The contacts that pass the filter, in its order, before paging. Absorbed ones never do."""
    found = select(*columns).where(Contact.merged_into_id.is_(None))
    for condition in conditions(chosen):
        found = found.where(condition)
    return found.order_by(*ordering(chosen.order))


def conditions(chosen: ContactFilter) -> list[ColumnElement[bool]]:
    """What a contact has to fulfil."""
    found: list[ColumnElement[bool]] = []
    if chosen.text:
        matching = searching.matching(chosen.text)
        found.append(false() if matching is None else matching)
    if chosen.label_id is not None:
        found.append(Contact.label_ids.contains([chosen.label_id]))
    if chosen.consent:
        stopped = exists().where(OptOut.contact_id == Contact.id, OptOut.ended_at.is_(None))
        found.append(stopped if chosen.consent == "nao" else ~stopped)
    return [*found, *filtering.conditions(chosen.fields)]


def ordering(order: str) -> tuple[ColumnElement[Any], ...]:
    """The order of the list; the same as its keyset's."""
    if order == "name":
        return (BY_NAME, Contact.id.asc())
    return (Contact.id.desc(),)


def page(chosen: ContactFilter, after: int | None = None, size: int = ROWS) -> Page:
    """One page, beginning after the contact with this id."""
    found = query(chosen, Contact).options(*SHOWN).limit(size + 1)
    if after is not None:
        found = found.where(_after(chosen.order, after))
    contacts = list(db.session.scalars(found).unique())
    return Page(contacts[:size], len(contacts) > size)


def _after(order: str, contact_id: int) -> ColumnElement[bool]:
    if order == "newest":
        return Contact.id < contact_id
    last = db.session.scalar(select(BY_NAME).where(Contact.id == contact_id))
    return tuple_(BY_NAME, Contact.id) > tuple_(last or "", contact_id)
