"""Language tags as BCP 47 writes them: compared whole, without regard to case."""

import re
from collections.abc import Iterable

from flask_babel import gettext as _

from app.errors import GuicheError

SHORTEST, LONGEST, MOST = 2, 35, 30
_TAG = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")


def checked(tags: Iterable[str]) -> list[str]:
    """The tags as they were written, each once; raises GuicheError for what is none, or for none.

    `pt` is not `pt-BR`, but `PT-br` is.
    """
    found: dict[str, str] = {}
    for tag in (each.strip() for each in tags):
        if tag:
            found.setdefault(one(tag).lower(), tag)
    if not 0 < len(found) <= MOST:
        raise GuicheError(_("Diga ao menos um idioma, como pt-BR."), status=422)
    return list(found.values())


def one(tag: str) -> str:
    """A single tag; raises GuicheError."""
    if not SHORTEST <= len(tag) <= LONGEST or not _TAG.fullmatch(tag):
        words = _("“%(tag)s” não é um idioma. Use códigos como pt-BR, en ou es.", tag=tag[:40])
        raise GuicheError(words, status=422)
    return tag


def same(first: str, second: str) -> bool:
    """Whether two tags name one language."""
    return first.lower() == second.lower()
