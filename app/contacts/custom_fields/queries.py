"""Reading custom fields: their definitions, and one contact's values in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.contacts.custom_fields import values
from app.contacts.custom_fields.models import ContactField
from app.extensions import db


def everything() -> list[ContactField]:
    """All fields, those in use first, in the order of the forms."""
    query = select(ContactField).order_by(
        ContactField.archived, ContactField.position, ContactField.id
    )
    return list(db.session.scalars(query))


def in_use() -> list[ContactField]:
    """The fields that forms, pages and files show, in order."""
    return [field for field in everything() if not field.archived]


def version() -> ScalarSelect[Any]:
    """The version of all definitions together: it rises with each change of any of them."""
    return select(func.coalesce(func.sum(ContactField.version), 0)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with one contact's value in words, "" for none."""

    field: ContactField
    text: str


def shown(kept: Mapping[str, Any], fields: Iterable[ContactField]) -> list[Shown]:
    """Every field with this contact's value."""
    return [Shown(field, text_of(kept, field)) for field in fields]


def text_of(kept: Mapping[str, Any], field: ContactField) -> str:
    """One value as people read it."""
    return values.display(field.kind, kept.get(str(field.id)), field.choices)
