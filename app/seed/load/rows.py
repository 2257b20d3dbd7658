"""The rows of the load, in the order of time, as lines of COPY."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from app.contacts import ids
from app.seed.load import talks
from app.seed.load.names import person_name
from app.seed.load.tables import Kept, line

DAYS = 540  # that the history spans
BATCH = 200  # conversations that run at the same time: their messages mix, as they do in a desk
PREVIEW = 120
LONG_THREAD = 400  # entries of every thousandth conversation
FIRST_NUMBER = 1_000_000  # of the telephones, behind those of the demo
PRIORITIES = (0, 0, 0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 0, 4, 0, 0)  # in turn: most have none
NUMBERS = 99_000_000
STEP = 7919  # has no factor in common with NUMBERS: no telephone comes twice

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the history builds upon."""

    staff: list[int]
    channels: list[int]
    teams: dict[int, int]  # of the staff: person -> team
    labels: list[int]  # one for each topic
    end: int  # seconds since 1970
    last_ids: dict[str, int]


def phone_of(number: int) -> str:
    """The telephone with these last eight digits, in E.164, of the area that does not exist."""
    return f"+55009{number:08d}"


class History:
    """Everything that was said on a desk. `messages()` comes first: the rest follows from it."""

    MESSAGE = (
        *("id", "conversation_id", "channel_id", "direction", "author_kind", "author_id", "kind"),
        *("body", "payload", "provider_id", "status", "provider_at", "created_at", "sorted_at"),
        "version",
    )
    CONVERSATION = (
        *("id", "channel_id", "contact_id", "identity_id", "status", "owner_kind", "owner_id"),
        *("owner_version", "version", "unread_count", "waiting_since", "last_message_id"),
        *("last_message_at", "last_message_preview", "last_message_author", "last_message_status"),
        *("last_inbound_at", "created_at", "closed_at", "closed_by_id", "team_id", "label_ids"),
        "priority",
    )
    CONTACT = ("id", "name", "cpf", "email", "created_at")
    IDENTITY = ("id", "contact_id", "kind", "value", "match_key", "whatsapp_id", "created_at")

    def __init__(self, desk: Desk, conversations: int, messages: int, seed: int) -> None:
        self.desk = desk
        self.count, self.total = conversations, messages
        self.seed = seed
        self.people = max(1, conversations * 4 // 5)
        self.talks, self.identities = Kept(), Kept()
        self._random = Random(seed)  # noqa: S311 - the same rows every time are the point
        self._first_seen = array("q", bytes(8 * self.people))
        self._distinct = 0

    # ── Messages, and what a talk's row says of them ────────────────────────────────────────

    def messages(self, say: Say) -> Iterator[str]:
        """The lines of the messages, in the order in which they were said."""
        written, lengths = 0, self._lengths()
        for first in range(0, self.count, BATCH):
            made = [
                (place, self._talk(place, next(lengths)))
                for place in range(first, min(first + BATCH, self.count))
            ]
            yield from self._mixed(made, written)
            written += sum(len(talk.said) for _, (_, talk) in made)
            if first % (BATCH * 50) == 0:
                say(f"{written} de {self.total} mensagens ({written * 100 // self.total} %)…")

    def _lengths(self) -> Iterator[int]:
        """How long each talk is: most are short, some are long, together exactly the total."""
        random = Random(f"{self.seed}-lengths")  # noqa: S311
        left = self.total
        for place in range(self.count):
            after = self.count - place - 1
            mean = left / (after + 1)
            wanted = 4 + int(random.expovariate(1 / max(0.5, mean - 3.5)))
            if place % 1000 == 999:
                wanted = LONG_THREAD
            length = left if after == 0 else max(4, min(wanted, left - 4 * after))
            left -= length
            yield length

    def _talk(self, place: int, length: int) -> tuple[int, talks.Talk]:
        """The contact's place and the talk."""
        random = self._random
        span = DAYS * 86_400
        longest = min(length * (talks.SECONDS_BETWEEN + 5), span // 2)
        start = self.desk.end - span + (span - longest) * place // self.count
        person = self._person(place)
        if not self._first_seen[person]:
            self._first_seen[person] = start
        staff = self.desk.staff[int(random.random() * len(self.desk.staff))]
        year = datetime.fromtimestamp(start, UTC).year
        talk = talks.compose(
            random, start, length, self._standing(place), staff, self._email(person), year
        )
        return person, talk

    def _person(self, place: int) -> int:
        """Who talks: in the last quarter, where talks may be open, everybody is there once."""
        quarter = self.count - self.count // 4
        if place >= quarter:
            return self.people - 1 - (place - quarter)
        others = self.people - self.count // 4
        if place % 15 < 11 and self._distinct < others:
            self._distinct += 1
            return self._distinct - 1
        return int(self._random.random() * max(1, self._distinct))

    def _standing(self, place: int) -> str:
        chance = self._random.random()
        if place < self.count - self.count // 4 or chance < 0.25:
            return "closed"
        return "user" if chance < 0.65 else "bot" if chance < 0.9 else "nobody"

    def _mixed(self, made: list[tuple[int, tuple[int, talks.Talk]]], before: int) -> Iterator[str]:
        order = [
            (said.at, place, turn)
            for place, (_, talk) in made
            for turn, said in enumerate(talk.said)
        ]
        order.sort()
        first = made[0][0]
        identity = self.desk.last_ids["messages"] + before
        last: dict[int, int] = {}
        for at, place, turn in order:
            identity += 1
            talk = made[place - first][1][1]
            if turn == talk.last:
                last[place] = identity
            yield self._message(identity, place, turn, talk.said[turn], _moment(at))
        for place, (person, talk) in made:
            self.talks.add(self._conversation(place, person, talk, last[place]))

    def _message(
        self, identity: int, place: int, turn: int, said: talks.Said, at: str | None
    ) -> str:
        carried = said.direction in ("in", "out")
        return line(
            identity, self._conversation_id(place), self._channel(place), said.direction,
            said.author_kind, said.author, said.kind, said.body, said.payload,
            f"CARGA{identity:012d}" if carried else None, said.status,
            at if carried else None, at, at, turn + 1,
        )  # fmt: skip

    def _conversation(self, place: int, person: int, talk: talks.Talk, last_id: int) -> str:
        last = talk.said[talk.last]
        return line(
            self._conversation_id(place), self._channel(place), self._contact_id(person),
            self.desk.last_ids["contact_identities"] + person + 1, talk.status, talk.owner_kind,
            talk.owner, talk.owner_version, len(talk.said), talk.unread,
            _moment(talk.waiting_since), last_id, _moment(last.at), _preview(last.body),
            last.author_kind, last.status, _moment(talk.last_inbound_at),
            _moment(talk.said[0].at), _moment(talk.closed_at),
            talk.owner if talk.closed_at else None, self._team(place, talk),
            f"{{{self.desk.labels[talk.topic]}}}" if place % 5 < 2 else "{}",
            PRIORITIES[place % len(PRIORITIES)],
        )  # fmt: skip

    def _team(self, place: int, talk: talks.Talk) -> int | None:
        """Its owner's, or one of all."""
        if talk.owner is not None:
            return self.desk.teams.get(talk.owner)
        known = sorted(set(self.desk.teams.values()))
        return known[place % len(known)] if known else None

    def _conversation_id(self, place: int) -> int:
        return self.desk.last_ids["conversations"] + place + 1

    def _channel(self, place: int) -> int:
        return self.desk.channels[place % len(self.desk.channels)]

    # ── The people ──────────────────────────────────────────────────────────────────────────

    def contacts(self) -> Iterator[str]:
        """The lines of the contacts; their telephones are kept on the way."""
        random = Random(f"{self.seed}-people")  # noqa: S311
        for person in range(self.people):
            since = _moment(self._first_seen[person] or self.desk.end - DAYS * 86_400)
            cpf = _cpf(random) if random.random() < 0.6 else None
            email = self._email(person) if random.random() < 0.4 else None
            self._identity(person, since)
            yield line(self._contact_id(person), person_name(random), cpf, email, since)

    def _identity(self, person: int, since: str | None) -> None:
        number = FIRST_NUMBER + person * STEP % NUMBERS
        phone = phone_of(number)
        self.identities.add(
            line(
                self.desk.last_ids["contact_identities"] + person + 1, self._contact_id(person),
                "phone", phone, ids.match_key(phone), phone[1:], since,
            )
        )  # fmt: skip

    def _contact_id(self, person: int) -> int:
        return self.desk.last_ids["contacts"] + person + 1

    def _email(self, person: int) -> str:
        return f"cliente.{person + 1}@exemplo.com.br"


def _preview(body: str) -> str:
    return body if len(body) <= PREVIEW else body[: PREVIEW - 1] + "…"


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _cpf(random: Random) -> str:
    """Eleven digits whose last two are right."""
    digits = [int(random.random() * 10) for _ in range(9)]
    for length in (9, 10):
        total = sum(
            digit * weight for digit, weight in zip(digits, range(length + 1, 1, -1), strict=True)
        )
        digits.append(total * 10 % 11 % 10)
    return "".join(map(str, digits))
