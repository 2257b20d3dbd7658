"""Composes one conversation of the load: what was said, and how it stands afterwards."""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from app.seed.load import phrases

SECONDS_BETWEEN = 420  # at most, between two messages of a talk
LONG_MESSAGE = 0.18  # share of the customer's messages that say two things at once


class Said(NamedTuple):
    """One entry of a thread; `author` is a member of staff's id."""

    at: int  # seconds since 1970
    direction: str
    author_kind: str
    author: int | None
    kind: str
    body: str
    payload: str | None  # JSON
    status: str | None


@dataclass(slots=True)
class Talk:
    """A conversation as the tables have it, its thread aside."""

    said: list[Said]
    status: str
    owner_kind: str
    owner: int | None
    owner_version: int = 1
    unread: int = 0
    waiting_since: int | None = None
    last_inbound_at: int | None = None
    closed_at: int | None = None
    last: int = 0  # place of the last message that was sent or received
    topic: int = 0


def compose(
    random: Random, start: int, length: int, standing: str, staff: int, email: str, year: int
) -> Talk:
    """A talk of `length` entries that begins at `start`, about one topic.

    `standing` is closed, user, nobody or bot; `staff` is who takes it where somebody does.
    """
    facts = phrases.facts_of(random, email, year)
    topic = int(random.random() ** 2 * len(phrases.TOPICS))
    said = _thread(random, start, length, standing, staff, facts, phrases.TOPICS[topic])
    talk = Talk(said, "open", standing, None, topic=topic)
    if standing in ("closed", "user"):
        talk.owner_kind, talk.owner = "user", staff
    _stand(random, talk)
    return talk


def _thread(
    random: Random,
    start: int,
    length: int,
    standing: str,
    staff: int,
    facts: dict[str, str],
    topic: phrases.Topic,
) -> list[Said]:
    number = random.random
    said: list[Said] = []
    at = start
    taken = 0 if standing == "bot" else min(3, length - 1)
    for place in range(length):
        if place == length - 1 and standing == "closed":
            said.append(Said(at, "event", "user", staff, "closed", "", None, None))
        elif place == taken and standing == "nobody":
            reason = '{"reason": "pediu para falar com uma pessoa"}'
            said.append(Said(at, "event", "system", None, "handed_over", "", reason, None))
        elif place == taken and taken:
            previous = '{"previous": "bot"}'
            said.append(Said(at, "event", "user", staff, "took_over", "", previous, None))
        elif place % 2 == 0 or number() < 0.12:
            text = _customer(random, topic, place, length)
            said.append(Said(at, "in", "customer", None, "text", _fill(text, facts), None, None))
        elif not taken or place < taken or standing == "nobody":
            text = phrases.BOT[min(place // 2, 3)]
            said.append(Said(at, "out", "bot", None, "text", text, None, "read"))
        elif number() < 0.06:
            text = _fill(_one(number(), phrases.NOTES), facts)
            said.append(Said(at, "note", "user", staff, "text", text, None, None))
        else:
            text = _fill(_one(number(), topic.answers), facts)
            if number() < 0.4:
                text = _one(number(), phrases.STAFF_SHORT)
            status = "read" if number() < 0.9 else "delivered"
            said.append(Said(at, "out", "user", staff, "text", text, None, status))
        at += 5 + int(number() * SECONDS_BETWEEN)
    return said


def _customer(random: Random, topic: phrases.Topic, place: int, length: int) -> str:
    number = random.random
    if place == 0:
        greeting = _one(number(), phrases.GREETINGS)
        return greeting if number() < 0.4 else f"{greeting}, {_one(number(), topic.openings)}"
    if place == 2:
        return _one(number(), topic.openings)
    if place >= length - 2:
        return _one(number(), phrases.FINALS)
    if number() < 0.35:
        return _one(number(), phrases.SHORT)
    text = _one(number(), topic.details)
    return f"{text}, {_one(number(), topic.details)}" if number() < LONG_MESSAGE else text


def _one(chance: float, pool: tuple[str, ...]) -> str:
    return pool[int(chance * len(pool))]


def _fill(text: str, facts: dict[str, str]) -> str:
    return text.format_map(facts) if "{" in text else text


def _stand(random: Random, talk: Talk) -> None:
    """Counters and times that follow from the thread."""
    unanswered = 0
    for place, one in enumerate(talk.said):
        if one.direction == "in":
            unanswered += 1
            talk.last_inbound_at = one.at
            talk.waiting_since = talk.waiting_since or one.at
            talk.last = place
        elif one.direction == "out":
            unanswered, talk.waiting_since = 0, None
            talk.last = place
        elif one.direction == "event":
            talk.owner_version += 1
    if talk.said[-1].kind == "closed":
        talk.status, talk.closed_at, talk.waiting_since = "closed", talk.said[-1].at, None
    elif talk.owner is None or random.random() < 0.5:
        talk.unread = unanswered
