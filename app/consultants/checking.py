"""What may be kept of a consultant: each column's check, which answers the value as it is kept."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from app.consultants import languages
from app.consultants.week import Week
from app.errors import GuicheError

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d{10,15}")


def name(value: Any) -> str:
    """3 to 255 letters."""
    text = " ".join(str(value or "").replace("\0", "").split())
    if not 3 <= len(text) <= 255:
        raise GuicheError(_("O nome tem de 3 a 255 letras."), status=422)
    return text


def email(value: Any) -> str | None:
    """An address, in small letters, or none."""
    text = str(value or "").strip().lower()
    if text and (not _EMAIL.fullmatch(text) or len(text) > 255):
        raise GuicheError(_("Confira o e-mail: algo como nome@empresa.com.br."), status=422)
    return text or None


def phone(value: Any) -> str | None:
    """With country code, +5511987654321; a Brazilian number is completed. Or none."""
    text = str(value or "").strip()
    digits = re.sub(r"[\s().-]", "", text)
    if digits.isdecimal() and len(digits) in {10, 11}:
        digits = f"+55{digits}"
    if digits and not _PHONE.fullmatch(digits):
        raise GuicheError(_("Escreva o telefone com DDI e DDD: +55 11 98765-4321."), status=422)
    return digits or None


def tags(value: Any) -> list[str]:
    """Languages, as a list or with commas between them."""
    given = re.split(r"[,;\s]+", value) if isinstance(value, str) else list(value or ())
    return languages.checked(map(str, given))


def capacity(value: Any) -> int | None:
    """How many open conversations at once, 1 to 999; none: as many as come."""
    number = _whole(value)
    if number is not None and not 1 <= number <= 999:
        raise GuicheError(_("A capacidade vai de 1 a 999; vazia, não há limite."), status=422)
    return number


def pipedrive_id(value: Any) -> int | None:
    """The owner's id there."""
    number = _whole(value)
    if number is not None and not 0 < number < 2**63:
        raise GuicheError(_("O id do Pipedrive é um número positivo."), status=422)
    return number


def user_id(value: Any) -> int | None:
    """Somebody of staff, or nobody."""
    return _whole(value)


def flag(value: Any) -> bool:
    """Yes or no."""
    return bool(value)


def hours(value: Any) -> Week | None:
    """A week as `week.read_week` gives it; none: always."""
    return value or None


def _whole(value: Any) -> int | None:
    if value is None or isinstance(value, int):
        return value
    text = str(value).strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise GuicheError(_("“%(text)s” não é um número.", text=text[:40]), status=422)
    return int(text)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": name,
    "email": email,
    "phone": phone,
    "languages": tags,
    "active": flag,
    "in_sequence": flag,
    "online": flag,
    "pipedrive_id": pipedrive_id,
    "capacity": capacity,
    "hours": hours,
    "user_id": user_id,
}
