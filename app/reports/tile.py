"""One number of the home page."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, func, select

# Nobody reads a larger number than this off a home page; counting stops there.
MOST = 999


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the page, and where it leads."""

    key: str
    name: str
    hint: str
    icon: str
    href: str
    count: ColumnElement[int]
    tone: str = ""  # "wait" or "late" when it is more than nothing
    quiet: bool = False  # a fault: not shown while there is none

    @property
    def text(self) -> ColumnElement[str]:
        """What the page shows: the number, "999+" where counting stopped."""
        number = cast(func.least(self.count, MOST), Text)
        return number + func.repeat("+", cast(self.count > MOST, Integer))


def count(query: Select[tuple[int]]) -> ColumnElement[int]:
    """How many rows a query has, as part of a larger one."""
    some = query.order_by(None).limit(MOST + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
