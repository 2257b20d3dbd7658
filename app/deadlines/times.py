"""How long a conversation was the bot's, waited in line, and was with people: from its timeline.

Pure. Whose it was in between is read off the entries that every change of owner leaves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

BOT, LINE, PEOPLE, CLOSED = "bot", "line", "people", "closed"
# Whose the conversation is after an entry of this kind.
_AFTER = {
    "took_over": PEOPLE,
    "handed_over": LINE,
    "returned_to_bot": BOT,
    "released": LINE,
    "answered_on_phone": LINE,
    "handed_to_consultant": PEOPLE,
    "entered_line": LINE,
    "left_line": LINE,
    "consultant_silent": LINE,
    "consultant_left": LINE,
    "hand_out_undone": LINE,
    "closed": CLOSED,
    "closed_by_silence": CLOSED,
    "joined": CLOSED,
}


class Entry(NamedTuple):
    """An entry of the timeline: when, its kind, and what it says."""

    at: datetime
    kind: str
    payload: dict[str, Any]


class Times(NamedTuple):
    """What was whose; together the time in which it was open."""

    bot: timedelta
    line: timedelta
    people: timedelta


def times_of(opened: datetime, entries: Iterable[Entry], until: datetime) -> Times:
    """Split the time from its opening until then. A conversation begins with the bot."""
    spent = dict.fromkeys((BOT, LINE, PEOPLE, CLOSED), timedelta())
    whose = prior = BOT
    since = opened
    for entry in sorted(entries, key=lambda one: one.at):
        now = _whose(entry, whose, prior)
        if now == whose or not opened <= entry.at <= until:
            continue
        spent[whose] += entry.at - since
        prior, whose, since = whose, now, entry.at
    spent[whose] += max(timedelta(), until - since)
    return Times(spent[BOT], spent[LINE], spent[PEOPLE])


def _whose(entry: Entry, whose: str, prior: str) -> str:
    if entry.kind in _AFTER:
        return _AFTER[entry.kind]
    if entry.kind in ("transferred", "reopened_by_customer"):
        return PEOPLE if entry.payload.get("to") else LINE
    if entry.kind == "reopened":  # by a person, for themselves or for whoever had it
        return LINE if entry.payload.get("why") else PEOPLE
    return prior if entry.kind in ("parted", "closing_undone", "assignment_undone") else whose
