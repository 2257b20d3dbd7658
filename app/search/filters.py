"""What narrows a search: when, where, who, what. Kept in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app import clock

PERIODS = {"hoje": 0, "7d": 6, "30d": 29, "90d": 89, "12m": 364}  # days before today
AUTHORS = ("cliente", "robo", "equipe")
KINDS = ("nota", "texto", "image", "audio", "video", "document")


@dataclass(frozen=True, slots=True)
class Filter:
    """Narrows the messages; empty fields let everything through."""

    period: str = ""
    since: date | None = None
    until: date | None = None
    channel_id: int | None = None
    author: str = ""  # one of AUTHORS, or the id of a member of staff
    owner_id: int | None = None
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()

    @property
    def author_id(self) -> int | None:
        """The member of staff who wrote."""
        return int(self.author) if self.author.isdecimal() else None

    def times(self) -> tuple[datetime | None, datetime | None]:
        """From when, and before when; days are the company's."""
        since, until = self.since, self.until
        if self.period:
            today = clock.now().astimezone(clock.COMPANY_ZONE).date()
            since, until = today - timedelta(days=PERIODS[self.period]), None
        return _midnight(since), _midnight(until + timedelta(days=1) if until else None)

    def as_arguments(self) -> dict[str, str]:
        """The fields as they stand in an address."""
        values = {
            "periodo": self.period,
            "de": self.since.isoformat() if self.since else "",
            "ate": self.until.isoformat() if self.until else "",
            "canal": str(self.channel_id or ""),
            "autor": self.author,
            "dono": str(self.owner_id or ""),
            "tipo": self.kind,
        }
        return {name: value for name, value in values.items() if value}


def parse(given: Mapping[str, str]) -> Filter:
    """From an address; what makes no sense is as if it were not there."""
    period = given.get("periodo", "")
    author, kind = given.get("autor", ""), given.get("tipo", "")
    known = period in PERIODS
    return Filter(
        period=period if known else "",
        since=None if known else _date(given.get("de", "")),
        until=None if known else _date(given.get("ate", "")),
        channel_id=_number(given.get("canal", "")),
        author=author if author in AUTHORS or _number(author) else "",
        owner_id=_number(given.get("dono", "")),
        kind=kind if kind in KINDS else "",
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), clock.COMPANY_ZONE) if day else None
