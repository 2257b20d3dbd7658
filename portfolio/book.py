"""What a book is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """A buyer. `document` is a CPF or, with 14 characters, a CNPJ; an empty phone is none."""

    id: int
    name: str
    document: str
    phone: str = ""
    email: str = ""
    birth: date | None = None
    opted_out: bool = False
    blocked_phone: bool = False
    deceased: bool = False
    administrator: str = ""  # of the estate
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project and the company that owns it: each is a creditor of its own."""

    id: int
    name: str
    company: str
    cnpj: str
    city: str
    segregated: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received, or (another `kind`) what closed an instalment without any."""

    day: date
    value: int
    kind: str = "Recebimento"
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment; `kind` is the ERP's code (PM, PI, CH, RE, RN …)."""

    id: int
    number: str
    due: date
    original: int
    kind: str = "PM"
    receipts: tuple[Receipt, ...] = ()
    settled: bool = False
    boleto: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """A contract. Rates are fractions; `daily` is reais a day (mode D); `blocks` are words of §7.

    `case` is its number among the mandatory ones, 0 for the others.
    """

    id: int
    case: int
    title: str
    project: Project
    unit: str
    buyers: tuple[int, ...]
    signed: date
    price: int
    term: int
    instalments: tuple[Instalment, ...]
    index: str = "IPCA"
    fine: Decimal = Decimal("0.02")
    interest: Decimal | None = Decimal("0.01")
    daily: Decimal | None = None
    compound: bool = False
    plan_rate: Decimal = Decimal(0)
    blocks: tuple[str, ...] = ()
    fiduciary: bool = False
    agreement: str = ""  # "vigente", "quebrado", "proposta" with `agreement_day`
    agreement_day: date | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """All of it on one day; `indexes` are monthly changes in per cent by `2026-11`."""

    today: date
    people: tuple[Person, ...]
    projects: tuple[Project, ...]
    sales: tuple[Sale, ...]
    indexes: Mapping[str, Mapping[str, Decimal]] = field(repr=False)

    def of_case(self, number: int) -> tuple[Sale, ...]:
        """The contracts of a mandatory case."""
        return tuple(one for one in self.sales if one.case == number)

    def person(self, number: int) -> Person:
        """A buyer by id."""
        return next(one for one in self.people if one.id == number)

    def of_person(self, number: int) -> tuple[Sale, ...]:
        """The contracts that a buyer holds, alone or with others."""
        return tuple(one for one in self.sales if number in one.buyers)
