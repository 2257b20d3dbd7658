"""Looking up, choosing a unit, and what may be asked of what was looked up."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app import clock
from app.debts.api import wording
from app.debts.api.models import ContractLookup
from app.debts.api.reading import Refused, document
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.models import WAITING, Snapshot
from app.debts.lookups.reading import ContractRead
from app.errors import GuicheError
from app.extensions import current_settings, db
from app.transactions import atomic

LASTS = timedelta(hours=24)
PATIENCE_SECONDS = 20.0  # for a look-up that somebody else has just begun
UPSTREAM = "Não foi possível consultar o sistema financeiro agora. Tente de novo em instantes."


class Unavailable(Refused):
    """The ERP did not answer: never the same as no data."""

    def __init__(self) -> None:
        super().__init__(UPSTREAM, 502)


class Nothing(Exception):
    """Nobody, or nobody that this caller may ask about: both look the same. Says what to answer."""

    def __init__(self, said: str = wording.NO_DATA) -> None:
        super().__init__(said)
        self.said = said


def consult(caller: str, typed: object) -> ContractLookup | None:
    """Look a CPF up and remember what this caller may ask about; None where the ERP knows nobody.

    Raises Refused for what is no CPF, Unavailable when the ERP does not answer.
    """
    compact = document(typed)
    snapshot = _asked(compact)
    if snapshot.state == "not_found" or snapshot.erp_customer_id is None:
        return None
    units = _units(snapshot)
    now = clock.now()
    with atomic() as session:
        made = ContractLookup(
            caller=caller, erp=_erp(), document=compact, customer_id=snapshot.erp_customer_id,
            bill_ids=[one["billReceivableId"] for one in units], units=units, asked_at=now,
            expires_at=now + LASTS,
        )  # fmt: skip
        session.add(made)
        session.flush()
    return made


def choose(caller: str, typed: object, option: int) -> tuple[ContractLookup, dict[str, Any]]:
    """The unit of a line of the last look-up. Raises Refused."""
    query = _known(caller).where(ContractLookup.document == document(typed))
    found = db.session.scalar(query)
    if found is None:
        raise Refused("Nenhuma consulta encontrada para este CPF.", 404)
    if not 1 <= option <= len(found.units):
        raise Refused("Opção fora do intervalo válido.")
    return found, found.units[option - 1]


def contract(caller: str, customer_id: int | None, bill_id: int) -> tuple[ContractRead, str]:
    """A contract as the ERP tells it now, and how its unit was listed.

    Raises Nothing for what this caller did not look up within a day, and Unavailable.
    """
    query = _known(caller).where(ContractLookup.bill_ids.contains([bill_id]))
    if customer_id is not None:
        query = query.where(ContractLookup.customer_id == customer_id)
    known = db.session.scalar(query)
    if known is None:
        raise Nothing
    found = reading.contract(_asked(known.document), bill_id)
    if found is None:
        raise Nothing
    if found.blocked:
        raise Nothing(wording.BLOCKED)
    unit = next(one for one in known.units if one["billReceivableId"] == bill_id)
    return found, str(unit["nome_unidade"])


def forget_expired() -> None:
    """Delete look-ups that count no longer."""
    with atomic() as session:
        session.execute(delete(ContractLookup).where(ContractLookup.expires_at < clock.now()))


def _known(caller: str) -> Any:
    return (
        select(ContractLookup)
        .where(
            ContractLookup.caller == caller,
            ContractLookup.erp == _erp(),
            ContractLookup.expires_at > clock.now(),
        )
        .order_by(ContractLookup.id.desc())
        .limit(1)
    )


def _erp() -> str:
    return str(current_settings().sienge_subdomain)


def _asked(compact: str) -> Snapshot:
    try:
        found = lookups.look_up_now(compact, actor=None, refresh=False)
    except GuicheError:  # no ERP is set up
        raise Unavailable from None
    until = time.monotonic() + PATIENCE_SECONDS
    while found.state == "reading" and time.monotonic() < until:  # another process is at it
        db.session.rollback()
        time.sleep(0.2)
        db.session.refresh(found)
    if found.state in WAITING or found.state == "failed":
        raise Unavailable
    return found


def _units(snapshot: Snapshot) -> list[dict[str, Any]]:
    numbers = {
        one.get("receivableBillId"): _unit_id(one)
        for one in snapshot.content.get("contracts") or []
        if isinstance(one, Mapping)
    }
    return [
        {
            "billReceivableId": one.bill_id,
            "id_unidade": numbers.get(one.bill_id),
            "nome_unidade": wording.unit_name(one.project, one.unit, one.number),
            "contrato": one.number,
        }
        for one in reading.contracts(snapshot)
    ]


def _unit_id(row: Mapping[str, Any]) -> int | None:
    units = [one for one in row.get("salesContractUnits") or [] if isinstance(one, Mapping)]
    main = next((one for one in units if one.get("main") is True), units[0] if units else {})
    found = main.get("id")
    return found if isinstance(found, int) else None
