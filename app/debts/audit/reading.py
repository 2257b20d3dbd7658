"""Typed access to the inputs of a case, with faults that name the field."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, money, rate
from app.debts.engine.months import read_date, read_month
from app.words import N_

Read = TypeVar("Read")
Word = TypeVar("Word", bound=StrEnum)
_LONGEST = 1000  # rows of one list


class Inputs:
    """A mapping of the file. Each key that is read is noted; `leftover` tells of the others.

    A missing or null key is the default; without a default it is a fault.
    """

    def __init__(self, given: object, path: str = "") -> None:
        if not isinstance(given, Mapping):
            raise DebtFault(N_("não tem os campos esperados"), field=path or "inputs", value=given)
        self._given = given
        self._path = path
        self._read: set[str] = set()
        self._inner: list[Inputs] = []

    def has(self, name: str) -> bool:
        """Whether the key is there and known."""
        return self._given.get(name) is not None

    def raw(self, name: str) -> object:
        """Whatever stands there."""
        self._read.add(name)
        return self._given.get(name)

    def _value(self, name: str, read: Callable[[object], Read], default: Read | None) -> Read:
        value = self.raw(name)
        if value is None:
            if default is None:
                raise DebtFault(N_("falta este campo"), field=self._path + name)
            return default
        try:
            return read(value)
        except DebtFault as fault:
            raise fault.at(field=self._path + name) from None

    def cents(self, name: str, default: int | None = None) -> int:
        """Money, in cents: at most two decimals, 0 to 10^9 reais."""
        return self._value(name, exact_money, default)

    def optional_cents(self, name: str) -> int | None:
        """Money, or None where it is not known."""
        self._read.add(name)
        return self.cents(name) if self.has(name) else None

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """Any decimal number."""
        return self._value(name, from_number, default)

    def rate(self, name: str, default: Decimal | None = None) -> Decimal:
        """A fraction from 0 to 1."""
        return self._value(name, rate, default)

    def whole(self, name: str, default: int | None = None) -> int:
        """An integer of at most a million."""
        return self._value(name, _whole, default)

    def day(self, name: str) -> date:
        """A date."""
        return self._value(name, read_date, None)

    def month(self, name: str) -> int:
        """A month."""
        return self._value(name, read_month, None)

    def flag(self, name: str, default: bool) -> bool:
        """A truth value."""
        return self._value(name, _flag, default)

    def word(self, name: str, words: type[Word], default: Word) -> Word:
        """One of a set of words."""

        def read(value: object) -> Word:
            try:
                return words(str(value))
            except ValueError:
                raise DebtFault(
                    N_("não é uma das opções: %(options)s"), options=", ".join(words), value=value
                ) from None

        return self._value(name, read, default)

    def items(self, name: str) -> list[object]:
        """A list."""
        value = self._value(name, lambda one: one, None)
        if not isinstance(value, list) or len(value) > _LONGEST:
            raise DebtFault(N_("não é uma lista de até 1000 itens"), field=self._path + name)
        return value

    def numbers(self, name: str) -> list[Decimal]:
        """A list of decimal numbers."""
        found = []
        for position, value in enumerate(self.items(name), 1):
            try:
                found.append(from_number(value))
            except DebtFault as fault:
                raise fault.at(field=f"{self._path}{name}[{position}]") from None
        return found

    def rows(self, name: str) -> Iterator["Inputs"]:
        """A list of mappings."""
        for position, value in enumerate(self.items(name), 1):
            self._inner.append(Inputs(value, f"{self._path}{name}[{position}]."))
            yield self._inner[-1]

    def leftover(self) -> list[str]:
        """Keys that no one read: an auditor believes that they count."""
        own = [self._path + str(name) for name in self._given if name not in self._read]
        return own + [name for one in self._inner for name in one.leftover()]


def exact_money(value: object) -> int:
    """Cents of an amount that is written to the cent. Raises DebtFault for smaller parts."""
    number = from_number(value)
    if number * 100 != int(number * 100):
        raise DebtFault(N_("tem mais de duas casas decimais"), value=value)
    return money(value)


def _whole(value: object) -> int:
    number = from_number(value)
    if number != int(number) or abs(number) > 1_000_000:
        raise DebtFault(N_("não é um número inteiro possível"), value=value)
    return int(number)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise DebtFault(N_("não é verdadeiro nem falso"), value=value)
    return value
