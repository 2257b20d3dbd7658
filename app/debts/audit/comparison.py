"""Where a stated result and ours differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number

NULL_COUNTS = {"parcela", "ultima"}  # null is a statement there: no instalment


@dataclass(frozen=True, slots=True)
class Difference:
    """A key (with its path), what the file states, what the engine finds; None: it has none."""

    key: str
    expected: object
    found: object


_NOTHING = object()


def differences(expected: object, found: object, path: str = "") -> Iterator[Difference]:
    """Every stated figure that is not ours. Decimals compare by value, null is not compared."""
    if isinstance(expected, Mapping):
        yield from _of_mapping(expected, found, path)
    elif isinstance(expected, list):
        yield from _of_list(expected, found, path)
    elif not _same(expected, found):
        yield Difference(path, expected, None if found is _NOTHING else found)


def _of_mapping(expected: Mapping[str, object], found: object, path: str) -> Iterator[Difference]:
    if not isinstance(found, Mapping):
        yield Difference(path, expected, None if found is _NOTHING else found)
        return
    for name, value in expected.items():
        if value is None and name not in NULL_COUNTS:
            continue
        inner = f"{path}.{name}" if path else str(name)
        yield from differences(value, found.get(name, _NOTHING), inner)


def _of_list(expected: list[object], found: object, path: str) -> Iterator[Difference]:
    if not isinstance(found, list) or len(found) != len(expected):
        yield Difference(path, expected, None if found is _NOTHING else found)
        return
    for position, (one, other) in enumerate(zip(expected, found, strict=True), 1):
        yield from differences(one, other, f"{path}[{position}]")


def _same(expected: object, found: object) -> bool:
    if expected is None or found is None or isinstance(found, (bool, str)):
        return type(expected) is type(found) and expected == found
    if not isinstance(found, (int, Decimal)):
        return False
    try:
        return from_number(expected) == found
    except DebtFault:
        return False
