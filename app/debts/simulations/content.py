"""What approval freezes: a set of proposals as plain data, one hash over it, and back again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.debts.engine.debt import Debt
from app.debts.engine.disclosure import Creditor, Disclosure, disclose
from app.debts.engine.policies import Policy
from app.debts.engine.proposals import Frame, Proposal

Kind = TypeVar("Kind")


def plain(value: Any) -> Any:
    """Dataclasses, dates and decimals as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (Decimal, StrEnum)):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the whole content; any change of any figure makes another."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(kind: type[Kind], value: Any) -> Kind:
    """A dataclass from what `plain` made of it."""
    found: Kind = _read(kind, value)
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{one.name: _read(hints[one.name], value[one.name]) for one in fields(kind)})
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, (Decimal, StrEnum)):
        return kind(value)
    return value


@dataclass(frozen=True, slots=True)
class Frozen:
    """An offer's content in the engine's own types; everybody takes figures from here alone."""

    debt: Debt
    policy: Policy
    proposals: tuple[Proposal, ...]
    frame: Frame
    creditor: Creditor
    data: Mapping[str, Any]

    def of(self, letter: str) -> Proposal | None:
        """The proposal of a letter, if there is one."""
        return next((one for one in self.proposals if one.letter == letter), None)

    def disclosure(self, proposal: Proposal) -> Disclosure:
        """What the law wants said beside it."""
        return disclose(proposal, self.policy, self.creditor, self.frame)


def thawed(content: Mapping[str, Any]) -> Frozen:
    """The content of an offer, to explain, print or send."""
    frame = content["frame"]
    return Frozen(
        read(Debt, content["debt"]),
        read(Policy, content["policy"]),
        tuple(read(Proposal, one) for one in content["proposals"]),
        Frame(date.fromisoformat(frame["issued"]), frame["anchor"]),
        read(Creditor, content["creditor"]),
        content,
    )
