"""Reading what a customer answers to an offer. Pure.

Only what is clearly a choice is one: an acceptance binds people, so everything else is asked again
or left to a person. `1/A`, `2/B`, `3/C` are synonyms; in "aceito a 2" the letter is an article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.contacts.custom_fields.values import fold

LONGEST = 160  # letters; whoever writes more says more than a choice


class Meaning(StrEnum):
    """What an answer is."""

    CHOICE = "choice"  # clearly one of them
    WHICH = "which"  # yes, but to which
    REFUSAL = "refusal"
    REVIEW = "review"  # they want to look at it again
    UNCLEAR = "unclear"  # it speaks of the offer, but not clearly


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of an answer, and the letter of a choice."""

    meaning: Meaning
    letter: str = ""


_PLACES = {
    "1": "A", "um": "A", "uma": "A", "primeira": "A", "primeiro": "A", "1a": "A",
    "2": "B", "dois": "B", "duas": "B", "segunda": "B", "segundo": "B", "2a": "B",
    "3": "C", "tres": "C", "terceira": "C", "terceiro": "C", "3a": "C",
}  # fmt: skip
_NAMED = {"a": "A", "b": "B", "c": "C"}
_BARE = _PLACES | _NAMED
_YES = {
    "aceito", "aceitar", "aceita", "aceitamos", "quero", "queremos", "escolho", "escolhi",
    "prefiro", "fechado", "fechar", "fecho", "fechamos", "confirmo", "confirmado", "concordo",
    "sim", "ok", "pode", "ser", "vou", "vamos", "ficar", "fico", "topo", "combinado", "certo",
    "isso", "beleza", "bora", "optei", "opto", "manda", "mandar", "querer", "queria",
}  # fmt: skip
_NOUNS = {"opcao", "proposta", "alternativa", "letra", "numero", "oferta"}
_FILLERS = {
    "de", "da", "do", "com", "na", "no", "pela", "pelo", "por", "favor", "e", "eh", "o", "a", "as",
    "os", "entao", "obrigado", "obrigada", "valeu", "bom", "boa", "dia", "tarde", "noite", "oi",
    "ola", "acordo", "eu", "minha", "meu", "mesmo", "mesma", "grato", "grata", "pf", "pfv", "essa",
    "esta", "esse", "este", "aqui", "ja", "tudo", "bem", "gostaria", "aceitando",
}  # fmt: skip
_NEVER = {"nao", "nem", "nenhuma", "nenhum", "recuso", "recusar", "rejeito", "desisto", "nunca"}
_CONDITIONS = {
    "se", "mas", "porem", "caso", "desde", "talvez", "acho", "depois", "amanha", "quando",
    "quanto", "qual", "como", "porque", "pq", "menos", "baixar", "diminuir", "desconto", "mudar",
    "trocar", "vezes", "parcelas", "parcela", "entrada", "dividir", "antes",
}  # fmt: skip
_REVIEW = re.compile(r"(?:quero )?(?:rever|revisar)(?: (?:a |o )?(?:proposta|acordo|opcao))?")
_CASH = re.compile(r"\ba vista\b")


def read(text: str, letters: Sequence[str] = ("A", "B", "C")) -> Reading | None:
    """What a message says to an offer of these letters; None when it is about something else."""
    said = fold(text)
    if not said or len(text) > LONGEST:
        return None
    plain = " ".join(re.findall(r"\w+", said))
    if _REVIEW.fullmatch(plain):
        return Reading(Meaning.REVIEW)
    words = _CASH.sub("1" if "A" in letters else "vista", plain).split()
    if not words:
        return None
    found = _letters(words)
    speaks = bool(found) or bool(set(words) & (_NOUNS | {"aceito", "aceitar", "concordo"}))
    if set(words) & _NEVER:
        return _refused(words, found, speaks)
    is_open = "?" in text or bool(set(words) & _CONDITIONS) or bool(_strange(words))
    if not found:
        names_another = bool(set(words) & _NOUNS) and any(word.isdecimal() for word in words)
        if is_open:
            return Reading(Meaning.UNCLEAR) if names_another or "aceito" in words else None
        if not set(words) & _YES:
            return None
        return Reading(Meaning.CHOICE, letters[0]) if len(letters) == 1 else _which(words)
    if is_open or len(found) > 1:
        told = bool(set(words) & (_YES | _NOUNS | {"ou"})) or not _strange(words)
        return Reading(Meaning.UNCLEAR) if told and len(words) <= 12 else None
    (letter,) = found
    return Reading(Meaning.CHOICE, letter) if letter in letters else Reading(Meaning.WHICH)


def _letters(words: Sequence[str]) -> set[str]:
    """The letters that are meant. `a` is one only where it cannot be an article."""
    found = {_PLACES[word] for word in words if word in _PLACES}
    found |= {_NAMED[word] for word in words if word in {"b", "c"}}
    if found:
        return found
    is_alone = [word for word in words if word not in _FILLERS - {"a"}] == ["a"]
    behind_noun = any(first in _NOUNS and second == "a" for first, second in pairwise(words))
    doubled = "a a" in " ".join(words)
    return {"A"} if is_alone or behind_noun or doubled else set()


def _strange(words: Sequence[str]) -> list[str]:
    """Words that a plain choice does not have; numbers that are no option among them."""
    known = _BARE.keys() | _YES | _NOUNS | _FILLERS
    return [word for word in words if word not in known]


def _refused(words: Sequence[str], found: set[str], speaks: bool) -> Reading | None:
    """`não aceito a 2` refuses; `não` alone is left to the conversation."""
    if set(words) & {"nenhuma", "nenhum", "recuso", "rejeito", "recusar"}:
        return Reading(Meaning.REFUSAL)
    if set(words) & {"aceito", "aceitar", "concordo"}:
        return Reading(Meaning.REFUSAL) if len(words) <= 8 else Reading(Meaning.UNCLEAR)
    return Reading(Meaning.UNCLEAR) if found and speaks and len(words) <= 8 else None


def _which(words: Sequence[str]) -> Reading | None:
    """A yes that names none. A greeting or thanks beside nothing else is not one."""
    clear = {"aceito", "aceitar", "aceitamos", "quero", "fechado", "fecho", "concordo", "confirmo",
             "sim", "topo", "combinado"}  # fmt: skip
    return Reading(Meaning.WHICH) if set(words) & clear else None


_SAYS_YES = re.compile(
    r"(?:sim|s|quero|quero sim|sim quero|pode|pode ser|pode mandar|manda|claro|ok|aceito|"
    r"com certeza|gostaria|quero ver|sim por favor|por favor|1)"
)


def is_yes(text: str) -> bool:
    """Whether the whole message says yes to a question of ours."""
    words = " ".join(re.findall(r"\w+", fold(text)))
    return len(text) <= LONGEST and _SAYS_YES.fullmatch(words) is not None
