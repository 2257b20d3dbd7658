"""Finding a customer by name, unit, contract, title or telephone, in the copy of the directory."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select

from app.debts.lookups.models import CONTRACT_WORDS, ErpContract, ErpCustomer
from app.extensions import db

MOST = 25
LEAST = 3
_NAME_WORDS: ColumnElement[Any] = literal_column(
    "to_tsvector('simple'::regconfig, fold(erp_customers.name))"
)
_CONTRACT_WORDS: ColumnElement[Any] = literal_column(CONTRACT_WORDS)


@dataclass(frozen=True, slots=True)
class Found:
    """A customer with what they bought."""

    customer: ErpCustomer
    contracts: tuple[ErpContract, ...]


def find(typed: str) -> tuple[list[Found], bool]:
    """Whom a text could mean, at most 25, and whether there are more. Two queries."""
    ways = _ways(typed.replace("\0", "").strip()[:200])
    if not ways:
        return [], False
    query = (
        select(ErpCustomer)
        .where(or_(*(ErpCustomer.id.in_(one) for one in ways)), ErpCustomer.document != "")
        .order_by(ErpCustomer.name, ErpCustomer.id)
        .limit(MOST + 1)
    )
    rows = list(db.session.scalars(query))
    held = _contracts_of([one.id for one in rows])
    found = [Found(one, tuple(held.get(one.id, ()))) for one in rows[:MOST]]
    return found, len(rows) > MOST


def _ways(text: str) -> list[Select[Any]]:
    words = re.findall(r"\w+", text)
    digits = re.sub(r"[^0-9]", "", text)
    ways: list[Select[Any]] = []
    if len(text) >= LEAST and words:
        wanted = func.to_tsquery("simple", func.fold(" & ".join(f"{one}:*" for one in words)))
        if any(one.isalpha() for one in words):
            ways.append(select(ErpCustomer.id).where(_NAME_WORDS.op("@@")(wanted)))
        ways.append(_holders(_CONTRACT_WORDS.op("@@")(wanted)))
    if re.fullmatch(r"[0-9\s()+./-]+", text):
        if len(digits) == 4 or len(digits) >= 8:
            ways.append(select(ErpCustomer.id).where(ErpCustomer.phones.contains([digits[-8:]])))
        if 0 < len(digits) < 19 and digits == text:
            ways.append(_holders(ErpContract.bill_id == int(digits)))
    return ways


def _holders(condition: ColumnElement[bool]) -> Select[Any]:
    return select(func.unnest(ErpContract.customer_ids)).where(condition)


def _contracts_of(customer_ids: list[int]) -> dict[int, list[ErpContract]]:
    if not customer_ids:
        return {}
    query = select(ErpContract).where(ErpContract.customer_ids.overlap(customer_ids))
    held: dict[int, list[ErpContract]] = {}
    for one in db.session.scalars(query.order_by(ErpContract.number, ErpContract.id)):
        for holder in one.customer_ids:
            held.setdefault(holder, []).append(one)
    return held
