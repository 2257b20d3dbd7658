"""What the ERP has no field for: blocks that people write into a title's note, and how we see them.

A word too many blocks a proposal that a person then looks at; a word too few lets one out.
"""

import re
import unicodedata
from collections.abc import Iterator

from app.debts.engine.statement.contract import Block

_WORDS = {
    Block.LITIGATION: r"sub[ -]?judice|ajuizad|processo judicial|acao judicial",
    Block.NOTIFIED: r"\bnotificad|notificacao extrajudicial|purga(r|cao) da mora",
    Block.AUCTION: r"\bleilao",
    Block.TERMINATION: r"\bdistrat",
    Block.RECEIVABLE_ASSIGNED: r"credito cedid|cessao de credito|securitiz",
    Block.CONTRACT_ASSIGNED: r"contrato cedid|cessao de (direitos|contrato)",
    Block.DECEASED: r"\bfalecid|\bespolio|\binventariante",
    Block.INCAPABLE: r"\binterditad|\bcuratela|menor de idade",
    Block.RECOVERY: r"recuperacao judicial",
}
_PATTERNS = {block: re.compile(words) for block, words in _WORDS.items()}
_FIDUCIARY = re.compile(r"alienacao fiduciaria")


def blocks_in(text: str) -> Iterator[Block]:
    """The blocks that a note speaks of."""
    folded = _folded(text)
    yield from (block for block, pattern in _PATTERNS.items() if pattern.search(folded))


def is_fiduciary(clause: str) -> bool:
    """Whether a contract's special clause makes it a fiduciary sale."""
    return bool(_FIDUCIARY.search(_folded(clause)))


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))
