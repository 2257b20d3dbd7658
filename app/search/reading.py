"""What the text in the box looks like; that decides where is searched. Pure."""

import re
from dataclasses import dataclass

from app.contacts import ids
from app.protocols import numbers
from app.search.wording import Term, terms

LEAST = 2  # characters
MOST = 200

_NUMBERED = re.compile(r"#\s?\d{1,18}(?:-\d)?")
_FIGURES = re.compile(r"\d{1,15}(?:-\d)?")
_CPF_PARTS = re.compile(r"[\d*]{3}\.[\d*]{1,3}(?:\.[\d*]{1,3}(?:-[\d*]{0,2})?)?")
_CPF_MIDDLE = re.compile(r"\d{3}\.\d{3}(?:-\*{0,2})?")


@dataclass(frozen=True, slots=True)
class Cpf:
    """Digits of a CPF: all of them, how it begins, or those its mask shows."""

    whole: str = ""
    beginning: str = ""
    shown: str = ""

    @property
    def masked(self) -> str:
        """For the record of who looked: what was asked for, without the digits masks hide."""
        if self.whole:
            return ids.mask_cpf(self.whole)
        shown = self.shown or self.beginning[3:]
        return f"***.{shown[:3]}.{shown[3:6]}-**"


@dataclass(frozen=True, slots=True)
class Asked:
    """A text and the ways of reading it."""

    text: str
    number: int | None  # of a protocol and nothing else
    cpf: Cpf | None
    terms: list[Term]
    maybe_number: int | None = None  # figures that may be a protocol's too

    @property
    def too_short(self) -> bool:
        """Whether there is not enough to search for."""
        return len(self.text) < LEAST and self.maybe_number is None


def read(text: str) -> Asked:
    """The text, tidied, and what it could mean."""
    tidy = " ".join(text.replace("\0", "").split())[:MOST]
    numbered = _NUMBERED.fullmatch(tidy)
    if numbered:
        return Asked(tidy, numbers.read(tidy) or 0, None, [])
    figures = numbers.read(tidy) if _FIGURES.fullmatch(tidy) else None
    return Asked(tidy, None, cpf_of(tidy), terms(tidy), figures)


def cpf_of(text: str) -> Cpf | None:
    """A whole valid CPF, or a part written with a CPF's dots: `529.982`, `***.982.247-**`."""
    whole = ids.cpf(text)
    if whole is not None:
        return Cpf(whole=whole)
    if _CPF_MIDDLE.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return Cpf(beginning=digits, shown=digits)
    if not _CPF_PARTS.fullmatch(text):
        return None
    if text.startswith("***."):
        shown = re.sub(r"\D", "", text.rstrip("*"))
        return Cpf(shown=shown) if shown else None
    digits = re.sub(r"\D", "", text.partition("*")[0])
    return Cpf(beginning=digits) if len(digits) > 3 else None
