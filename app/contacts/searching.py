"""Finding contacts by what people type: words of the name, a phone in any form, CPF, e-mail."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select, union

from app.contacts import ids
from app.contacts.models import Contact, ContactIdentity
from app.extensions import current_settings

MIN_DIGITS = 4
MIN_EMAIL = 3

# Written as the indexes have them.
_NAME_WORDS: ColumnElement[Any] = literal_column(
    "to_tsvector('simple'::regconfig, fold(contacts.name))"
)
_DIGITS: ColumnElement[Any] = literal_column("digit_tails(contact_identities.value)")


def matching(text: str, with_cpf: bool = True) -> ColumnElement[bool] | None:
    """The contacts that a text could mean, each way of reading it answered by its own index.

    None when nothing could be searched for with it. `with_cpf` is false for who may not see a CPF.
    """
    by_cpf = _by_cpf(text) if with_cpf else []
    ways = [*_by_name(text), *by_cpf, *_by_email(text), *_by_phone(text)]
    if not ways:
        return None
    return Contact.id.in_(ways[0] if len(ways) == 1 else union(*ways))


def _by_name(text: str) -> list[Select[Any]]:
    words = re.findall(r"\w+", text)
    if not any(word.isalpha() for word in words):
        return []
    wanted = func.to_tsquery("simple", func.fold(" & ".join(f"{word}:*" for word in words)))
    return [select(Contact.id).where(_NAME_WORDS.op("@@")(wanted))]


def _by_cpf(text: str) -> list[Select[Any]]:
    cpf = ids.cpf(text)
    return [select(Contact.id).where(Contact.cpf == cpf)] if cpf is not None else []


def _by_email(text: str) -> list[Select[Any]]:
    """The beginning of an address: addresses are kept in lower case."""
    beginning = text.lower()
    if len(beginning) < MIN_EMAIL or not re.fullmatch(r"[^\s,;()]+", beginning):
        return []
    return [select(Contact.id).where(Contact.email.startswith(beginning, autoescape=True))]


def _by_phone(text: str) -> list[Select[Any]]:
    """The whole number in any spelling, or any run of its digits."""
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) < MIN_DIGITS or not re.fullmatch(r"[0-9\s()+./-]*", text):
        return []
    owners = select(ContactIdentity.contact_id).where(ContactIdentity.kind == "phone")
    try:
        phone = ids.phone(text, fictitious=current_settings().fictitious_data)
    except ids.InvalidPhone:
        run = func.to_tsquery("simple", f"{digits}:*")
        return [owners.where(_DIGITS.op("@@")(run))]
    return [owners.where(ContactIdentity.match_key == ids.match_key(phone.e164))]
