"""The company's texts about debts: what each may say, filled from the frozen figures. Pure.

`{{name}}` stands for a variable. A text that names one that does not exist, that threatens or
shames (CDC art. 42), or that would be too long for WhatsApp, cannot be saved.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.company.fields import Words
from app.contacts.custom_fields.values import fold
from app.errors import GuicheError
from app.words import said

LONGEST = 1024  # letters of a body at WhatsApp
_VARIABLE = re.compile(r"\{\{\s*([a-z_0-9]+)\s*\}\}")
_FORBIDDEN = re.compile(
    r"\b(?:ultimo aviso|negativa\w*|serasa|spc|leilao|leiloar|distrato|advogad\w*|jurid\w*|"
    r"process\w*|judicia\w*|cartorio|protest\w*|devedor\w*|inadimplent\w*|inadimplencia|honre|"
    r"honrar|calote\w*|penhora\w*|despej\w*|nome sujo)\b"
)


class Unfilled(ValueError):
    """A text names variables that have no value: it must not leave."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(", ".join(self.names))


def variables(text: str) -> list[str]:
    """The names it uses, in their order, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values. Raises Unfilled for what has none; empty lines are not doubled."""
    missing = [name for name in variables(text) if name not in values]
    if missing:
        raise Unfilled(missing)
    filled = _VARIABLE.sub(lambda found: values[found[1]], text)
    lines = [" ".join(line.split(" ")).rstrip() for line in filled.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def forbidden(text: str) -> str | None:
    """The first word that threatens or shames, or None."""
    found = _FORBIDDEN.search(fold(text))
    return found.group(0) if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Template(Words):
    """A text that the company may change, and the variables it may use."""

    longest: int = LONGEST
    needed: bool = True
    may_use: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The page shows it as any text."""
        return "words"

    def parse(self, text: str | None) -> str:
        """The text, when it may be said."""
        typed = Words.parse(self, text)
        unknown = [name for name in variables(typed) if name not in self.may_use]
        if unknown:
            words = _(
                "“%(field)s” não conhece {{%(name)s}}. Use: %(known)s.",
                field=said(self.label), name=unknown[0],
                known=", ".join("{{" + name + "}}" for name in self.may_use),
            )  # fmt: skip
            raise GuicheError(words, 422)
        word = forbidden(typed)
        if word:
            words = _(
                "“%(field)s” não pode dizer “%(word)s”: mensagens de cobrança não ameaçam nem "
                "constrangem (CDC, art. 42).",
                field=said(self.label), word=word,
            )  # fmt: skip
            raise GuicheError(words, 422)
        return typed
