"""vCards as WhatsApp sends them: name, phones, e-mails, company. Anything odd is left out."""

import re
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 100_000  # a photograph inside of it is not ours to show
MOST_VALUES = 10
MOST_LETTERS = 200
_LINE = re.compile(r"^(?:[\w-]+\.)?(?P<name>[A-Za-z-]+)(?P<options>(?:;[^:]*)?):(?P<value>.*)$")
_WAID = re.compile(r"waid=(\d{6,20})", re.I)
_ESCAPES = re.compile(r"\\([\\,;nN])")


def card(vcard: str, name: str = "", phones: list[str] | None = None) -> dict[str, Any]:
    """One person's card: `name`, `phones`, `emails`, `company`; the other arguments fill gaps."""
    found: dict[str, Any] = {"name": _short(name), "phones": [], "emails": [], "company": ""}
    for key, options, value in _lines(vcard):
        if key == "FN" and not found["name"]:
            found["name"] = _short(value)
        elif key == "TEL":
            written = _WAID.search(options)
            _add(found["phones"], "+" + written[1] if written else value)
        elif key == "EMAIL":
            _add(found["emails"], value)
        elif key == "ORG" and not found["company"]:
            found["company"] = _short(" ".join(value.split(";")))
    if not found["phones"]:
        for phone in phones or []:
            _add(found["phones"], f"+{phone}" if phone.isdecimal() else phone)
    return found


def _lines(vcard: str) -> Iterator[tuple[str, str, str]]:
    """Name, options and value of each line; continued lines are joined."""
    text = vcard[:MOST_BYTES].replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    for line in text.split("\n"):
        found = _LINE.match(line.strip())
        if found:
            value = _ESCAPES.sub(lambda m: " " if m[1] in "nN" else m[1], found["value"])
            yield found["name"].upper(), found["options"], value.strip()


def _add(values: list[str], value: str) -> None:
    short = _short(value)
    if short and short not in values and len(values) < MOST_VALUES:
        values.append(short)


def _short(value: str) -> str:
    return " ".join(value.split())[:MOST_LETTERS]
