"""One row of a spreadsheet as a person: what its cells say, checked; nothing is written here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.contacts import checking, ids
from app.contacts.custom_fields import values
from app.contacts.custom_fields.models import ContactField
from app.errors import GuicheError

MASKED_CPF = re.compile(r"\*{3}\.\d{3}\.\d{3}-\*{2}")


class Refused(Exception):
    """A row that cannot be taken over; the text says why, in Portuguese."""


@dataclass(slots=True)
class Person:
    """What a row says of somebody. Empty cells say nothing."""

    own: dict[str, str | None] = field(default_factory=dict)  # name, cpf, email, language
    phones: list[ids.Phone] = field(default_factory=list)
    custom: dict[str, values.Value] = field(default_factory=dict)
    labels: list[int] = field(default_factory=list)
    opted_out: bool = False
    notes: list[str] = field(default_factory=list)


def read(
    cells: Sequence[str],
    columns: Sequence[str],
    fields: Mapping[int, ContactField],
    labels: Mapping[str, int],
) -> Person:
    """The row as a person. `columns` say what each cell means, `labels` are ids by folded name.

    Raises Refused with everything that is wrong.
    """
    person, faults = Person(), []
    for key, cell in zip(columns, cells, strict=False):
        if not key or not cell:
            continue
        try:
            _take(person, key, cell, fields, labels)
        except (ValueError, GuicheError) as fault:
            faults.append(str(fault))
    if not faults and not (person.phones or person.own.get("cpf") or person.own.get("email")):
        faults.append(_("Falta telefone, CPF ou e-mail."))
    if faults:
        raise Refused(" ".join(dict.fromkeys(faults)))
    return person


def _take(
    person: Person,
    key: str,
    cell: str,
    fields: Mapping[int, ContactField],
    labels: Mapping[str, int],
) -> None:
    if key == "phone":
        person.phones += [_phone(text) for text in _parted(cell)]
    elif key == "cpf":
        if not MASKED_CPF.fullmatch(cell):  # our own export without the right to see it
            person.own |= checking.checked({"cpf": _padded(cell)})
    elif key == "language":
        person.own |= checking.checked({"language": _language(cell)})
    elif key == "labels":
        person.labels += [_label(name, labels) for name in _parted(cell)]
    elif key == "opt_out":
        person.opted_out = values.parse("checked", cell) is True
    elif key == "note":
        person.notes.append(cell[:2000])
    elif key.startswith("field-"):
        _take_custom(person, key.removeprefix("field-"), cell, fields)
    else:
        person.own |= checking.checked({key: cell})


def _take_custom(person: Person, key: str, cell: str, fields: Mapping[int, ContactField]) -> None:
    known = fields.get(int(key))
    if known is None:
        return  # archived since the columns were chosen
    try:
        value = values.parse(known.kind, cell, known.choices)
    except ValueError as fault:
        raise ValueError(f"{known.name}: {fault}") from None
    if value is not None:
        person.custom[key] = value


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|\n]", cell) if part.strip()]


def _phone(text: str) -> ids.Phone:
    return checking.phone(text)


def _padded(cell: str) -> str:
    """Spreadsheets drop the zeros that a CPF begins with."""
    return cell.zfill(11) if re.fullmatch(r"[0-9]{8,10}", cell) else cell


def _language(cell: str) -> str:
    wanted = values.fold(cell)
    for code, name in checking.LANGUAGES.items():
        if wanted in (values.fold(code), values.fold(name), values.fold(code)[:2]):
            return code
    return cell


def _label(name: str, labels: Mapping[str, int]) -> int:
    found = labels.get(values.fold(name))
    if found is None:
        raise ValueError(_("A etiqueta “%(name)s” não existe.", name=name))
    return found
