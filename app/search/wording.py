"""From what people type to what the full text is asked for: terms, and their spellings. Pure.

Quotes hold a phrase together, a minus excludes, OU between two terms takes either; the last word
may be unfinished.
"""

import re
from dataclasses import dataclass, replace

MOST_TERMS = 12
LEAST_UNFINISHED = 3  # letters: fewer would begin half of the language

_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_ACCENTS = str.maketrans(
    "áàâãäåéèêëíìîïóòôõöúùûüçñýÿ", "aaaaaaeeeeiiiiooooouuuucnyy"
)  # as the SQL function fold() has it

# How people who type no accents write the endings that have them; the stemmer needs the accent.
_ENDINGS = (
    ("coes", "ções"), ("cao", "ção"), ("soes", "sões"), ("sao", "são"), ("oes", "ões"),
    ("aes", "ães"), ("ao", "ão"), ("aveis", "áveis"), ("avel", "ável"), ("iveis", "íveis"),
    ("ivel", "ível"), ("encias", "ências"), ("encia", "ência"), ("ancias", "âncias"),
    ("ancia", "ância"), ("arios", "ários"), ("ario", "ário"), ("orios", "órios"),
    ("orio", "ório"), ("onicos", "ônicos"), ("onico", "ônico"), ("icios", "ícios"),
    ("icio", "ício"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase. `unfinished` is the beginning of a word, else empty."""

    text: str
    excluded: bool = False
    either: bool = False  # joined to the term before it by OU
    unfinished: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """The term as it was typed, without accents, and with those it may lack."""
        return tuple(dict.fromkeys((self.text, fold(self.text), accented(self.text))))


def fold(text: str) -> str:
    """Lower case without accents, as the database's fold() writes it."""
    return text.lower().translate(_ACCENTS)


def accented(text: str) -> str:
    """The text with the accents that the endings of its words may lack."""
    return " ".join(map(_accented_word, text.split(" ")))


def _accented_word(word: str) -> str:
    for plain, spelled in _ENDINGS:
        if len(word) > len(plain) + 1 and word.lower().endswith(plain):
            return word[: -len(plain)] + spelled
    return word


def terms(text: str) -> list[Term]:
    """What is looked for, in order. Empty when nothing could be, or when all of it is excluded."""
    found: list[Term] = []
    either = False
    for match in _TERM.finditer(text):
        word, phrase = match["word"], match["phrase"]
        if word in ("OU", "OR") and found and not match["minus"]:
            either = True
            continue
        content = (phrase if word is None else word).strip()
        if not re.search(r"\w", content):
            continue
        found.append(Term(content, bool(match["minus"]), either))
        either = False
    found = found[:MOST_TERMS]
    if all(term.excluded for term in found):
        return []
    last = found[-1]
    if _may_go_on(text, last):
        found[-1] = replace(last, unfinished=fold(last.text))
    return found


def _may_go_on(text: str, last: Term) -> bool:
    """Whether the last word may be only begun; a number is looked for as it is."""
    is_word = re.fullmatch(r"\w+", last.text) and not last.text.isdecimal()
    return (
        bool(is_word)
        and not last.excluded
        and len(last.text) >= LEAST_UNFINISHED
        and (text.rstrip().endswith(last.text))
    )
