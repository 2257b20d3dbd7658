"""Values of custom fields: from what people type to what is kept, and back. Pure.

Kept are: text as a string, a number as a JSON number, a day as "2026-11-20", a choice as its id,
and a check mark as true. No value is as none: it is not kept at all.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

LONGEST_TEXT = 500
DIGITS = 15  # of a number: what every reader of JSON keeps exactly
PLACES = 6

Value = str | int | float | bool
Choices = Sequence[dict[str, Any]]

_NUMBER = re.compile(r"([+-]?)(?:R\$)?\s*(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?", re.ASCII)
_PLAIN = re.compile(r"([+-]?)(\d+)\.(\d+)", re.ASCII)  # 1234.5, as programs write it
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YES = {"sim", "s", "x", "1", "verdadeiro", "true", "yes", "on", "marcado"}
_NO = {"nao", "n", "0", "falso", "false", "no", "desmarcado"}


def fold(text: str) -> str:
    """Lower case, without accents, spaces collapsed: how names are compared."""
    if text.isascii():  # what customers write on phones mostly is; each message is asked thrice
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def parse(kind: str, text: str, choices: Choices = ()) -> Value | None:
    """What to keep of a typed text, None of an empty one. Raises ValueError with the reason.

    Numbers are written 1.234,56 and days dd/mm/aaaa; what spreadsheets and programs write (1234.56,
    2026-11-20) is understood where it cannot mean anything else. `choices` are those on offer.
    """
    typed = text.strip()
    if not typed:
        return None
    if kind == "text":
        return _text(typed)
    if kind == "number":
        return _number(typed)
    if kind == "date":
        return _day(typed)
    return _choice(typed, choices) if kind == "choice" else _checked(typed)


def display(kind: str, value: Value | None, choices: Choices = ()) -> str:
    """A kept value as people read and type it; parsing it gives the value again."""
    if value is None:
        return ""
    if kind == "number":
        return _written(value)
    if kind == "date":
        year, month, day = str(value).split("-")
        return f"{day}/{month}/{year}"
    if kind == "choice":
        return next((str(one["name"]) for one in choices if one["id"] == value), "")
    return (_("Sim") if value else _("Não")) if kind == "checked" else str(value)


def _text(typed: str) -> str:
    clean = "".join(c for c in typed if c.isprintable() or c == " ")
    if len(clean) > LONGEST_TEXT:
        raise ValueError(_("Use até 500 letras."))
    return clean


def _number(typed: str) -> int | float:
    written = typed.replace("\u00a0", " ").replace("−", "-")
    if found := _PLAIN.fullmatch(written):
        # 1.234 is one thousand two hundred and thirty-four here.
        if len(found[3]) == 3 and len(found[2]) <= 3 and found[2] != "0":
            return _bounded(Decimal(f"{found[1]}{found[2]}{found[3]}"))
        return _bounded(Decimal(written))
    if (found := _NUMBER.fullmatch(written)) is None:
        raise ValueError(_("Escreva um número, como 1.234,56."))
    whole = found[2].replace(".", "")
    return _bounded(Decimal(f"{found[1]}{whole}.{found[3] or '0'}"))


def _bounded(number: Decimal) -> int | float:
    number = number.normalize()
    exponent = int(number.as_tuple().exponent)
    if len(number.as_tuple().digits) + max(exponent, 0) > DIGITS or -exponent > PLACES:
        raise ValueError(_("Use até 15 algarismos, seis deles depois da vírgula."))
    return int(number) if number == number.to_integral_value() else float(number)


def _written(value: Value) -> str:
    """1.234,56, with as many places as there are."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    whole, _, places = format(Decimal(repr(value)), ",f").partition(".")
    places = places.rstrip("0")
    return whole.replace(",", ".") + (f",{places}" if places else "")


def _day(typed: str) -> str:
    found = _DAY.fullmatch(typed.partition(" ")[0])
    if found is None:
        raise ValueError(_("Escreva a data como dd/mm/aaaa."))
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_("Esta data não existe: confira dia e mês.")) from None
    if not 1800 <= value.year < 2200:
        raise ValueError(_("Confira o ano da data."))
    return value.isoformat()


def _choice(typed: str, choices: Choices) -> int:
    wanted = fold(typed)
    for one in choices:
        if fold(str(one["name"])) == wanted and not one.get("archived"):
            return int(one["id"])
    offered = ", ".join(str(one["name"]) for one in choices if not one.get("archived"))
    raise ValueError(_("Escolha uma das opções: %(options)s.", options=offered))


def _checked(typed: str) -> bool | None:
    wanted = fold(typed)
    if wanted in _YES:
        return True
    if wanted in _NO:
        return None
    raise ValueError(_("Responda com sim ou não."))
