"""Due dates as a calendar file (RFC 5545). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FOLD = 73  # octets of a line before it goes on in the next one


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole day with something to pay. `uid` stays the same when it is exported again."""

    uid: str
    day: date
    title: str
    about: str = ""
    done: bool = False


def written(name: str, entries: Iterable[Entry], made: datetime) -> str:
    """The file, with a reminder the day before each entry that is not done."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guiche//Acordos//PT-BR",
             "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]  # fmt: skip
    for one in entries:
        lines += _event(one, made)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _event(one: Entry, made: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{one.uid}",
        f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(one.title)}",
        "TRANSP:TRANSPARENT",
    ]
    if one.about:
        lines.append(f"DESCRIPTION:{_text(one.about)}")
    if not one.done:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D",
                  f"DESCRIPTION:{_text(one.title)}", "END:VALARM"]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _text(value: str) -> str:
    plain = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets, never cut within a letter."""
    parts, part, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + width
    return [*parts, part]
