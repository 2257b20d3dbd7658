"""From a snapshot to contracts: terms, blocks, instalments, and the statement on a day.

What cannot be read becomes a fault that names contract and field; the rest is computed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app import clock
from app.debts.engine.faults import DebtFault
from app.debts.engine.statement.analysis import Statement, analyse
from app.debts.engine.statement.contract import Block, Contract, Instalment
from app.debts.engine.statement.rows import read_rows
from app.debts.lookups import terms
from app.debts.lookups.models import Snapshot
from app.debts.lookups.terms import Creditor, FoundBlock
from app.debts.lookups.told import Row, Told, instalment_rows, titles


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought, as the contract says."""

    id: int
    name: str
    main: bool
    spouse: bool
    share: str


@dataclass(frozen=True, slots=True)
class ContractRead:
    """One contract (title) of a snapshot, computed on a day."""

    bill_id: int
    contract_id: int | None
    number: str
    project: str
    unit: str
    creditor: Creditor
    buyers: tuple[Buyer, ...]
    blocks: tuple[FoundBlock, ...]
    contract: Contract
    instalments: tuple[Instalment, ...]
    statement: Statement
    fingerprint: str

    @property
    def faults(self) -> tuple[DebtFault, ...]:
        """What could not be read or computed."""
        return self.statement.faults

    @property
    def blocked(self) -> bool:
        """Whether something stops proposals."""
        return bool(self.blocks)


@dataclass(frozen=True, slots=True)
class CustomerRead:
    """Who it is: the main record, and the others of the same document."""

    id: int
    name: str
    document: str
    email: str
    birth: str
    phones: tuple[str, ...]
    other_ids: tuple[int, ...]


def today() -> date:
    """The company's day."""
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def contracts(snapshot: Snapshot, day: date | None = None) -> list[ContractRead]:
    """Every contract of a snapshot with its statement on a day (today)."""
    return [_read(one, day or today()) for one in titles(snapshot.content)]


def contract(snapshot: Snapshot, bill_id: int, day: date | None = None) -> ContractRead | None:
    """One of them."""
    return next((one for one in contracts(snapshot, day) if one.bill_id == bill_id), None)


def customer(snapshot: Snapshot) -> CustomerRead | None:
    """Whose snapshot it is; None when the ERP knows nobody."""
    rows = [one for one in snapshot.content.get("customers") or [] if isinstance(one, Mapping)]
    if not rows:
        return None
    main = next((one for one in rows if one.get("id") == snapshot.erp_customer_id), rows[0])
    return CustomerRead(
        int(main.get("id") or 0),
        str(main.get("name") or ""),
        snapshot.document,
        str(main.get("email") or ""),
        str(main.get("birthDate") or ""),
        tuple(_phones(main)),
        tuple(int(one["id"]) for one in rows if one is not main and one.get("id")),
    )


def content_hash(snapshot_content: Row) -> str:
    """What makes the debts of a snapshot other debts, whatever day it is."""
    prints = [_fingerprint(*_parts(one)) for one in titles(snapshot_content)]
    return hashlib.sha256("\n".join(prints).encode()).hexdigest()


def _read(told: Told, day: date) -> ContractRead:
    made, instalments, faults, blocks = _parts(told)
    statement = analyse(made, instalments, day, faults=faults)
    units = [
        str(one.get("name") or "")
        for one in told.contract.get("salesContractUnits") or []
        if isinstance(one, Mapping)
    ]
    return ContractRead(
        told.bill_id,
        told.contract.get("id"),
        made.id,
        str(told.contract.get("enterpriseName") or told.enterprise.get("name") or ""),
        " · ".join(one for one in units if one),
        terms.creditor(told),
        tuple(_buyers(told)),
        blocks,
        made,
        instalments,
        statement,
        _fingerprint(made, instalments, faults, blocks),
    )


def _parts(
    told: Told,
) -> tuple[Contract, tuple[Instalment, ...], tuple[DebtFault, ...], tuple[FoundBlock, ...]]:
    number = terms.number_of(told)
    instalments, faults = read_rows(instalment_rows(told), number)
    blocks = terms.blocks(told)
    made, more = terms.contract_of(told, instalments, blocks)
    return made, instalments, (*more, *faults), blocks


def _buyers(told: Told) -> list[Buyer]:
    rows = told.contract.get("salesContractCustomers") or []
    return [
        Buyer(
            int(one.get("id") or 0),
            str(one.get("name") or ""),
            one.get("main") is True,
            one.get("spouse") is True,
            str(one.get("participationPercentage") or ""),
        )
        for one in rows
        if isinstance(one, Mapping)
    ]


def _phones(row: Row) -> list[str]:
    """Telephones, the main one first."""
    rows = [one for one in row.get("phones") or [] if isinstance(one, Mapping)]
    rows.sort(key=lambda one: one.get("main") is not True)
    found = (f"{one.get('idd') or ''}{one.get('number') or ''}" for one in rows)
    return [one for one in found if one]


def _fingerprint(
    made: Contract,
    instalments: tuple[Instalment, ...],
    faults: tuple[DebtFault, ...],
    blocks: tuple[FoundBlock, ...],
) -> str:
    """Instalments, receipts, terms and blocks; neither balances nor what the days add to them."""
    late = made.late
    what = {
        "contract": made.id,
        "terms": [late.fine, late.interest, late.daily, late.compound, made.plan_rate,
                  made.index.name if made.index else "", made.correction.yearly, made.price],
        "blocks": sorted(Block(one.block).value for one in blocks),
        "instalments": [
            [one.id, one.due, one.original, one.category, one.settled is True,
             [[r.day, r.value, r.discount, r.kind] for r in one.receipts]]
            for one in instalments
        ],
        "faults": [str(one) for one in faults],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(what, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
