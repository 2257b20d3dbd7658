"""What may stand in a contact's own fields: checked and brought to the form in which it is kept."""

import re
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.contacts import ids
from app.contacts.custom_fields import service as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.errors import GuicheError
from app.extensions import current_settings

LANGUAGES = {"pt-BR": "Português", "en": "English", "es": "Español"}
MAX_NAME = 120
MAX_EMAIL = 254
# Each part ends where the next one begins, so there is one way only to try.
_EMAIL = re.compile(r"[^@\s]+@(?:[^@\s.]+\.)+[^@\s.]+")


class InvalidContact(GuicheError):
    """Values that cannot be; `faults` says by field what is wrong, in Portuguese."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


def checked(values: Mapping[str, str]) -> dict[str, str | None]:
    """The values by name, each as it is kept; raises InvalidContact with every fault.

    An empty value clears the field, except that a name cannot be empty.
    """
    found: dict[str, str | None] = {}
    faults = {}
    for name, text in values.items():
        try:
            found[name] = _CHECKS[name](text.strip())
        except ValueError as fault:
            faults[name] = str(fault)
    if faults:
        raise InvalidContact(faults)
    return found


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise ValueError(_("Informe um nome de até 120 letras."))
    return name


def _email(text: str) -> str | None:
    if text and (len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text)):
        raise ValueError(_("Este e-mail não parece certo."))
    return text.lower() or None


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(_("Escolha um dos idiomas da lista."))
    return text


def _cpf(text: str) -> str | None:
    digits = ids.cpf(text) if text else None
    if text and digits is None:
        raise ValueError(_("Este CPF não é válido: confira os números."))
    return digits


_CHECKS = {"name": _name, "email": _email, "language": _language, "cpf": _cpf}


def masked(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """For the audit log: that a CPF changed, not which it is."""
    cpf = values.get("cpf")
    return {**values, "cpf": ids.mask_cpf(cpf)} if cpf else dict(values)


def all_checked(
    values: Mapping[str, str],
    custom: Mapping[int, str],
    fields: Sequence[ContactField],
    complete: bool = True,
) -> tuple[dict[str, str | None], custom_fields.Checked]:
    """A contact's own values and its custom ones, checked together. Raises InvalidContact.

    With `complete` a required custom field may not be empty.
    """
    kept, faults = custom_fields.checked(custom, fields, complete)
    own: dict[str, str | None] = {}
    try:
        own = checked(values)
    except InvalidContact as error:
        faults = error.faults | faults
    if faults:
        raise InvalidContact(faults)
    return own, kept


def phone(text: str) -> ids.Phone:
    """A typed telephone; raises InvalidContact."""
    try:
        return ids.phone(text, fictitious=current_settings().fictitious_data)
    except ids.InvalidPhone as fault:
        raise InvalidContact({"phone": str(fault)}) from None
