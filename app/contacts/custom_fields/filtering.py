"""Conditions on custom fields, as the list of contacts has them in its address."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, case, cast, func, literal

from app.contacts.custom_fields import values
from app.contacts.models import Contact

# c3: words of the text in field 3, "=7" for the choice with this id, "=sim" or "=nao" for a check
# mark; c3de and c3ate: from and to.
NAME = re.compile(r"c(\d{1,9})(de|ate)?", re.ASCII)


def conditions(given: Iterable[tuple[str, str]]) -> list[ColumnElement[bool]]:
    """What a contact has to fulfil; a condition whose text cannot be read is left out.

    Which type the field is shows in the text: the page offers for each only what fits. The index
    finds who has the field or the value; the rest is compared on those.
    """
    found = []
    for name, text in given:
        matched = NAME.fullmatch(name)
        if matched is not None:
            found += _condition(matched[1], matched[2], text)
    return found


def _condition(key: str, end: str | None, text: str) -> list[ColumnElement[bool]]:
    has: Any = Contact.fields.has_key(key)
    if end is not None:
        return [has, *_range(key, end, text)]
    if text == "=nao":
        return [~has]
    if text == "=sim":
        return [_is(key, True)]
    if text.startswith("=") and text[1:].isdecimal() and len(text) < 10:
        return [_is(key, int(text[1:]))]
    return [has, _holds(key, text)]


def _is(key: str, value: values.Value) -> Any:
    return Contact.fields.contains({key: value})


def _holds(key: str, text: str) -> Any:
    kept = Contact.fields[key]
    wanted = func.fold(cast(text, Text))
    is_text = func.jsonb_typeof(kept) == "string"
    return is_text & (func.strpos(func.fold(kept.astext), wanted) > 0)


def _range(key: str, end: str, text: str) -> list[Any]:
    kept = Contact.fields[key]
    kind = func.jsonb_typeof(kept)
    if (day := _parsed("date", text)) is not None:
        return [_within(end, case((kind == "string", kept.astext)), literal(str(day)))]
    if (number := _parsed("number", text)) is not None:
        limit = cast(literal(str(number)), Numeric)
        return [_within(end, case((kind == "number", cast(kept.astext, Numeric))), limit)]
    return []


def _within(end: str, value: Any, limit: Any) -> Any:
    return value >= limit if end == "de" else value <= limit


def _parsed(kind: str, text: str) -> values.Value | None:
    try:
        return values.parse(kind, text)
    except ValueError:
        return None
