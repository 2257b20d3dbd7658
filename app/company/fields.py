"""The kinds of settings: what may be typed for each, and how it reads.

A feature declares its fields as constants, groups them in a `Section` and hands it to `register`
when it is imported; `service.get(FIELD)` is then the typed value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flask_babel import gettext as _

from app.accounts import audit_words
from app.errors import GuicheError
from app.words import N_, said

Value = TypeVar("Value", str, int, bool)


@dataclass(frozen=True, slots=True, eq=False)
class Field(Generic[Value]):
    """One setting. `key` is its name in the database and in forms: never change it."""

    key: str
    label: str  # this and other words are marked with N_; the page says them
    default: Value
    hint: str = ""
    initial: Callable[[], Value] | None = field(default=None, kw_only=True)

    @property
    def unchanged(self) -> Value:
        """What holds until somebody changes it: the default, or what the environment says."""
        return self.initial() if self.initial else self.default

    @property
    def kind(self) -> str:
        """Which control the page shows."""
        return type(self).__name__.lower()

    def parse(self, text: str | None) -> Value:
        """The value that a form sends; raises GuicheError when it cannot be."""
        raise NotImplementedError

    def read(self, given: Mapping[str, str]) -> Value:
        """The value in a whole form."""
        return self.parse(given.get(self.key))

    def shown(self, value: Value) -> str:
        """The value in words, for the audit log."""
        return str(value)


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Field[str]):
    """One of several, each with its words."""

    options: Mapping[str, str] = field(kw_only=True)

    def parse(self, text: str | None) -> str:
        """One of the options."""
        if text is None or text not in self.options:
            raise GuicheError(
                _("Escolha uma das opções de “%(field)s”.", field=said(self.label)), 422
            )
        return text

    def shown(self, value: str) -> str:
        """The words of the option."""
        return self.options.get(value, value)


@dataclass(frozen=True, slots=True, eq=False)
class Whole(Field[int]):
    """A whole number between two others; `unit` stands behind it."""

    least: int = 0
    most: int = 1_000_000
    unit: str = ""

    def parse(self, text: str | None) -> int:
        """A number within the limits."""
        typed = (text or "").strip()
        number = int(typed) if typed.isdecimal() and len(typed) < 10 else None
        if number is None or not self.least <= number <= self.most:
            words = _("“%(field)s” vai de %(least)s a %(most)s.",
                      field=said(self.label), least=self.least, most=self.most)  # fmt: skip
            raise GuicheError(words, 422)
        return number


@dataclass(frozen=True, slots=True, eq=False)
class Flag(Field[bool]):
    """On or off."""

    def parse(self, text: str | None) -> bool:
        """A ticked box sends something, an empty one nothing."""
        return bool(text)

    def shown(self, value: bool) -> str:
        """Yes or no."""
        return N_("sim") if value else N_("não")


@dataclass(frozen=True, slots=True, eq=False)
class Words(Field[str]):
    """A text, which may have lines; empty is allowed unless `needed`."""

    longest: int = 1000
    needed: bool = False

    def parse(self, text: str | None) -> str:
        """The text without blanks around it."""
        typed = (text or "").replace("\0", "").replace("\r\n", "\n").strip()
        if self.needed and not typed:
            raise GuicheError(_("Preencha “%(field)s”.", field=said(self.label)), 422)
        if len(typed) > self.longest:
            words = _(
                "“%(field)s” tem até %(most)s letras.", field=said(self.label), most=self.longest
            )
            raise GuicheError(words, 422)
        return typed


@dataclass(frozen=True, slots=True, eq=False)
class Picks(Field[str]):
    """Any of what is on offer at the moment, kept as "3,7"; empty stands for all of it."""

    options_now: Callable[[], list[tuple[str, str]]] = field(kw_only=True)

    def parse(self, text: str | None) -> str:
        """Those that exist, in one order."""
        wanted = set((text or "").split(","))
        return ",".join(value for value, _name in self.options_now() if value in wanted)

    def read(self, given: Mapping[str, str]) -> str:
        """Every box of the name that is ticked."""
        ticked = getattr(given, "getlist", None)
        return self.parse(",".join(ticked(self.key)) if ticked else given.get(self.key))

    def shown(self, value: str) -> str:
        """The names, for the audit log."""
        chosen = value.split(",")
        names = [name for key, name in self.options_now() if key in chosen]
        return ", ".join(names) or N_("todas")


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that are shown and saved together, at `/configuracoes#<key>`."""

    key: str
    title: str
    intro: str
    fields: tuple[Field[str] | Field[int] | Field[bool], ...]


sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Add a section to the page; its fields are then known to the audit log too."""
    sections[section.key] = section
    audit_words.FIELDS.update({one.key: one.label for one in section.fields})
    return section
