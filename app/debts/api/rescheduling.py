"""`/reparcelamento`: the engine's proposals, or the old arithmetic's estimates, in one shape."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.debts.api import wording
from app.debts.api.service import Nothing
from app.debts.engine import legacy
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import to_reais
from app.debts.engine.offer import Ladder, indicated, propose
from app.debts.engine.policies import Policy
from app.debts.engine.proposals import Frame
from app.debts.engine.statement.analysis import Statement
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.lines import Status
from app.debts.lookups.terms import Creditor

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A contract on a day, and what the customer can pay a month (cents)."""

    statement: Statement
    creditor: Creditor
    monthly: int
    day: date


def proposals(asked: Asked, policy: Policy) -> Answer:
    """What the policy in force offers. Raises Nothing where there is nothing to propose."""
    if asked.statement.faults:  # a sum that misses rows must not become an offer
        raise Nothing(wording.BLOCKED)
    frame = Frame(asked.day, asked.statement.anchor)
    try:
        offer = propose(debt_from(asked.statement, today=asked.day), policy, frame)
    except DebtFault:
        raise Nothing(wording.BLOCKED) from None
    if offer.ladder in (Ladder.NONE, Ladder.NEGLIGIBLE):
        raise Nothing(wording.NOTHING_LATE if offer.ladder == Ladder.NONE else wording.TOO_LITTLE)
    made = [
        wording.proposal(one, place, frame, asked.creditor)
        for place, one in enumerate(offer.proposals, 1)
    ]
    best = indicated(offer.proposals, asked.monthly)
    place = offer.proposals.index(best) + 1 if best else 0
    return _shape(
        made,
        wording.indicated(best, place, frame, asked.monthly) if best else None,
        summary(asked.statement)
        | {
            "politica": policy.label,
            "estimativa": False,
            "total_vencido": _reais(offer.debt.total),
            "opcao_indicada": place or None,
        },
    )


def estimates(asked: Asked) -> Answer:
    """What the replaced system answered, labelled as estimates."""
    told = summary(asked.statement)
    made = legacy.estimates(
        _principal(asked.statement), told["parcelas_abertas"], told["parcelas_atrasadas"]
    )
    if not made[0].total:
        raise Nothing(wording.NOTHING_LATE)
    best = legacy.fitting(made, asked.monthly)
    place = made.index(best) + 1 if best else 0
    return _shape(
        [wording.estimate(one, place) for place, one in enumerate(made, 1)],
        wording.indicated_estimate(best, place, asked.monthly) if best else None,
        told
        | {
            "politica": f"{legacy.NAME} {legacy.VERSION}",
            "estimativa": True,
            "aviso": legacy.LABEL,
            "opcao_indicada": place or None,
        },
    )


def summary(statement: Statement) -> Answer:
    """Counts and balances, as the old shape names them."""
    return {
        "parcelas_atrasadas": statement.sum(Status.OVERDUE).count,
        "parcelas_abertas": statement.sum(*wording.COMING).count,
        "parcelas_pagas": statement.paid.count,
        "saldo_devedor_com_juros": _reais(statement.open_total),
        "saldo_devedor_sem_juros": _reais(_principal(statement)),
    }


def _principal(statement: Statement) -> int:
    return sum(one.principal for one in statement.lines if one.is_open)


def _reais(cents: int) -> float:
    return float(to_reais(cents))  # a JSON number with the two decimals that callers know


def _shape(made: list[str], best: str | None, told: Answer) -> Answer:
    """Three messages whatever came: what there is not is null."""
    three = [*made, None, None, None][:3]
    names = {f"mensagens_proposta_{place}": text for place, text in enumerate(three, 1)}
    return {**names, "mensagem_indicada": best, "resumo": told}
