"""Reading what a customer answers: a score from 1 to 5, or a comment behind it. Pure.

Only what is clearly an answer counts. All else is an ordinary message, for a request that nobody
sees is worse than an answer that is not counted.
"""

import re
from dataclasses import dataclass

from app.contacts.custom_fields.values import fold

LONGEST_COMMENT = 1000

_WORDS = {
    1: ("um", "uma", "one", "uno", "pessimo", "pessima", "horrivel", "terrivel", "terrible",
        "horrible", "awful", "very bad", "muito ruim", "pesimo", "pesima", "muy malo"),
    2: ("dois", "duas", "two", "dos", "ruim", "mau", "bad", "poor", "malo", "mala"),
    3: ("tres", "three", "regular", "mais ou menos", "razoavel", "average", "so so", "mas o menos"),
    4: ("quatro", "four", "cuatro", "bom", "boa", "good", "bueno", "buena"),
    5: ("cinco", "five", "otimo", "otima", "excelente", "perfeito", "perfeita", "maravilhoso",
        "maravilhosa", "muito bom", "muito boa", "excellent", "great", "perfect", "very good",
        "muy bueno", "muy buena"),
}  # fmt: skip
_EMOJI = {
    "😡": 1, "🤬": 1, "😠": 1, "👎": 1,
    "😞": 2, "🙁": 2, "☹": 2, "😕": 2, "😟": 2,
    "😐": 3, "😑": 3,
    "🙂": 4, "😊": 4, "😀": 4, "😃": 4,
    "😍": 5, "🤩": 5, "🥰": 5, "👏": 5,
}  # fmt: skip
_STARS = "⭐🌟★"
_INVISIBLE = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_KEYCAP = re.compile("([1-5])\u20e3")
# "5", "nota 5", "5/5", "5 estrelas", then the end or a comment behind a mark of its own.
_SCORE = re.compile(
    r"(?:(?:minha |mi |my )?"
    r"(?:nota|note|score|rating|dou|doy|calificaci.n|puntuaci.n)\s*:?\s*)?"
    r"(?P<score>[1-5])"
    r"(?:\s*(?:/\s*5|de 5|of 5|out of 5|estrelas?|estrellas?|stars?|pontos?|puntos?|points?))?"
    r"(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_MARK = re.compile(r"\s*[.,;:!\-–—)\n]+\s*")
_THANKS = re.compile(
    r"(?:muito |many |muchas |mil )?(?:obrigad\w*|brigad\w*|valeu|vlw|thanks?|thank you|gracias)"
)
# What asks for something, or begins something new.
_REQUEST = re.compile(
    r"[?¿]|\b(?:preciso|precisa|precisava|quero|queria|gostaria|necessito|necesito|quiero|"
    r"quisiera|need|want|would like|please|por favor|pf|pfv|can you|could you|puede[ns]?|pode[mr]?|"
    r"poderia|consigo|consegue|manda|mande|mandar|envia|envie|enviar|send|boleto|segunda via|"
    r"2a via|falar|atendente|ajuda|help|ayuda|urgente|urgent|oi|ola|bom dia|boa tarde|boa noite|"
    r"buenos dias|buenas tardes|hello|hi|hola|cade|quando|when|cuando|onde|where|donde|como)\b"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A score from 1 to 5, and what was said along with it."""

    score: int
    comment: str = ""


def read(text: str) -> Answer | None:
    """The answer that a message clearly is, else None."""
    said = _INVISIBLE.sub("", text.strip())
    said = _KEYCAP.sub(r"\1", said)
    if not said or len(said) > LONGEST_COMMENT:
        return None
    return _stars(said) or _emoji(said) or _words(said) or _number(said)


def is_comment(text: str) -> bool:
    """Whether what follows an answer reads like a comment, and not like a request."""
    said = text.strip()
    if not said or len(said) > LONGEST_COMMENT:
        return False
    return any(one.isalnum() for one in said) and not _asks(said)


def _asks(text: str) -> bool:
    return bool(_REQUEST.search(fold(text)))


def _stars(said: str) -> Answer | None:
    count = sum(said.count(star) for star in _STARS)
    rest = said.strip(_STARS + " ")
    if not 1 <= count <= 5 or any(star in rest for star in _STARS):
        return None
    is_label = (_words(rest) or Answer(count)).score == count  # "⭐⭐⭐⭐⭐ Ótimo"
    return Answer(count) if is_label and _words(rest) else _with(count, rest)


def _emoji(said: str) -> Answer | None:
    faces = {_EMOJI[one] for one in said if one in _EMOJI}
    rest = "".join(one for one in said if one not in _EMOJI).strip()
    return Answer(faces.pop()) if len(faces) == 1 and not rest else None


def _words(said: str) -> Answer | None:
    plain = " ".join(re.findall(r"\w+", fold(said)))
    plain = _THANKS.sub("", plain).strip()
    return next((Answer(score) for score, words in _WORDS.items() if plain in words), None)


def _number(said: str) -> Answer | None:
    found = _SCORE.fullmatch(said)
    return _with(int(found["score"]), found["rest"]) if found else None


def _with(score: int, behind: str) -> Answer | None:
    """A score and what stands behind it: nothing, thanks, a face, or a comment after a mark."""
    rest = behind.strip()
    bare = "".join(one for one in rest if one.isalnum() or one.isspace()).strip()
    if not bare:
        is_plain = all(not one.isalnum() and one not in "+%$#*=/?¿" for one in rest)
        return Answer(score) if is_plain else None
    if _THANKS.fullmatch(fold(bare)):
        return Answer(score)
    mark = _MARK.match(behind)
    words = behind[mark.end() :].strip() if mark else ""
    if not words or not words[0].isalpha() or _asks(words):
        return None
    return Answer(score, words)
