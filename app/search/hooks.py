"""How features above search let their own things be found by number."""

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.models import User


@dataclass(frozen=True, slots=True)
class Numbered:
    """Something with a number that may be opened: how it is named, what it says, where it is."""

    title: str
    detail: str
    path: str


# Each gets who asks and a number ("#00123" is 123), and answers with what that person may see.
Finder = Callable[[User, int], list[Numbered]]
by_number: list[Finder] = []


def numbered(viewer: User, number: int) -> list[Numbered]:
    """Everything with this number, of all features."""
    return [found for finder in by_number for found in finder(viewer, number)]
