"""The identity check: day and month of birth with the last two digits of the document. Pure.

A CPF that somebody types is a key to look up, never a proof.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest

from app.contacts import ids
from app.contacts.custom_fields.values import fold

_MONTHS = ("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto",
           "setembro", "outubro", "novembro", "dezembro")  # fmt: skip
_MONTH = {name: place for place, name in enumerate(_MONTHS, 1)} | {
    name[:3]: place for place, name in enumerate(_MONTHS, 1)
}
_WRITTEN = re.compile(
    r"\b(\d{1,2})\s*(?:o|º)?\s*(?:de\s+)?(" + "|".join(sorted(_MONTH, key=len, reverse=True))
    + r")\b(?:\s*(?:de\s+)?\d{4})?"
)  # fmt: skip
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:[/.\-](?:\d{4}|\d{2}))?(?!\d)")
_TOGETHER = re.compile(r"(?<!\d)(\d{2})(\d{2})(?!\d)")
_LAST_TWO = re.compile(r"(?<!\d)(\d{2})(?!\d)")
_NOT_ME = re.compile(
    r"nao (?:sou (?:eu|essa pessoa|ele|ela|o titular|a titular)|e (?:comigo|esse o numero))"
    r"|numero errado|(?:pessoa|telefone) errad[oa]|engano|nao conheco(?: (?:essa|esta) pessoa)?"
    r"|nao e (?:meu|dela|dele)(?: numero)?"
)
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody gave: the day and month, and the two digits."""

    day: int
    month: int
    digits: str


def read(text: str) -> Proof | None:
    """The proof in a message such as `15/03 e 47`, or None when it is not one."""
    if len(text) > LONGEST:
        return None
    said = fold(text)
    whole = re.search(r"\d{3}\.?\d{3}\.?\d{3}-?(\d{2})", said)
    ending = whole.group(1) if whole else ""
    if whole:
        said = said[: whole.start()] + " " + said[whole.end() :]
    found = _date(said)
    if found is None:
        return None
    day, month, rest = found
    if not ending:
        pairs = _LAST_TWO.findall(rest)
        if len(pairs) != 1:
            return None
        ending = pairs[0]
    return Proof(day, month, ending) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _date(said: str) -> tuple[int, int, str] | None:
    if found := _WRITTEN.search(said):
        return int(found[1]), _MONTH[found[2]], said[: found.start()] + " " + said[found.end() :]
    found = _NUMBERS.search(said) or _TOGETHER.search(said)
    if found is None:
        return None
    return int(found[1]), int(found[2]), said[: found.start()] + " " + said[found.end() :]


def is_not_me(text: str) -> bool:
    """Whether the message says that the number is somebody else's."""
    words = " ".join(re.findall(r"\w+", fold(text)))
    return len(text) <= LONGEST and _NOT_ME.search(words) is not None


def typed_document(text: str) -> str | None:
    """A CPF or CNPJ that the message consists of, however it is spelled; a key, no proof."""
    plain = text.strip().rstrip(".")
    return (ids.cpf(plain) or ids.cnpj(plain)) if len(plain) <= 24 else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ERP knows to check against; `born` is an ISO date, or empty when it has none."""

    document: str
    born: str = ""

    @property
    def can_be_checked(self) -> bool:
        """Whether there is anything to compare with; a company mostly has no date."""
        return len(self.born) >= 10 and len(self.document) >= 11


def facts_of(customer: Mapping[str, object]) -> Facts:
    """The facts in what Sienge says of a customer."""
    document = str(customer.get("cpf") or customer.get("cnpj") or "")
    plain = "".join(c for c in document if c.isalnum()).upper()
    return Facts(plain, str(customer.get("birthDate") or "")[:10])


def matches(proof: Proof, facts: Facts) -> bool:
    """Whether the proof is theirs; in constant time, so that a clock tells nothing."""
    if not facts.can_be_checked:
        return False
    wanted = f"{facts.born[8:10]}{facts.born[5:7]}{facts.document[-2:]}"
    return compare_digest(f"{proof.day:02d}{proof.month:02d}{proof.digits}", wanted)
