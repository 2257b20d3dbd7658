"""Who may grant what (§6.7): the level that a proposal needs, and why."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from app.debts.engine.debt import Debt
from app.debts.engine.money import share
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Proposal
from app.words import N_


class Level(IntEnum):
    """A person's approval level beside their roles."""

    NONE = 0
    OPERATOR = 1
    COORDINATOR = 2
    MANAGER = 3
    DIRECTOR = 4


LEVEL_NAMES = {
    Level.NONE: N_("Nenhum"),
    Level.OPERATOR: N_("Operador"),
    Level.COORDINATOR: N_("Coordenador"),
    Level.MANAGER: N_("Gerente"),
    Level.DIRECTOR: N_("Diretor"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one level may grant: fractions, instalments, a rate a month, cents (None: no limit)."""

    charges: Decimal
    principal: Decimal
    term: int
    lower_entry: bool
    least_rate: Decimal | None  # None: not below the policy's own
    total: int | None
    future: bool
    keys: bool
    third_agreement: bool


TABLE: dict[Level, Limits] = {
    Level.OPERATOR: Limits(
        Decimal("0.80"), Decimal(0), 36, False, None, 50_000_00, False, False, False
    ),
    Level.COORDINATOR: Limits(
        Decimal(1), Decimal(0), 60, True, Decimal("0.005"), 200_000_00, True, False, True
    ),
    Level.MANAGER: Limits(
        Decimal(1), Decimal("0.05"), 60, True, Decimal(0), 1_000_000_00, True, True, True
    ),
    Level.DIRECTOR: Limits(
        Decimal(1), Decimal("0.10"), 120, True, Decimal(0), None, True, True, True
    ),
}

CRITERIA = {
    "charges": N_("desconto em multa e juros"),
    "principal": N_("desconto no principal"),
    "term": N_("número de parcelas"),
    "lower_entry": N_("entrada abaixo da política"),
    "least_rate": N_("taxa abaixo da política"),
    "total": N_("valor total"),
    "future": N_("parcelas a vencer incluídas"),
    "keys": N_("parcela das chaves incluída"),
    "third_agreement": N_("terceiro acordo ou mais"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """The level that a proposal needs: the highest over all criteria.

    `reasons` are the criteria (keys of `CRITERIA`) that ask for more than an operator; with
    `minutes` the board's decision has to be attached.
    """

    level: Level
    reasons: tuple[tuple[str, Level], ...] = ()
    minutes: bool = False


def needed(proposal: Proposal, debt: Debt, policy: Policy) -> Need:
    """The level for a proposal. Beyond a director's 10 % of principal the board decides."""
    asked = {name: _least_level(name, proposal, debt, policy) for name in CRITERIA}
    level = max(asked.values())
    return Need(
        level,
        tuple((name, one) for name, one in asked.items() if one > Level.OPERATOR),
        proposal.terms.principal_discount > TABLE[Level.DIRECTOR].principal,
    )


def may_grant(level: Level, need: Need) -> bool:
    """Whether somebody of this level may approve (or send without approval)."""
    return level >= need.level


def _least_level(name: str, proposal: Proposal, debt: Debt, policy: Policy) -> Level:
    for level, limits in TABLE.items():
        if _within(name, limits, proposal, debt, policy):
            return level
    return Level.DIRECTOR


def _within(name: str, limits: Limits, proposal: Proposal, debt: Debt, policy: Policy) -> bool:
    terms = proposal.terms
    match name:
        case "charges":
            return max(terms.fine_discount, terms.interest_discount) <= limits.charges
        case "principal":
            return terms.principal_discount <= limits.principal
        case "term":
            return len(proposal.lines) <= limits.term
        case "lower_entry":
            return limits.lower_entry or not _entry_is_lower(proposal, debt, policy)
        case "least_rate":
            return _rate_is_granted(proposal, debt, policy, limits.least_rate)
        case "total":
            return limits.total is None or debt.total <= limits.total
        case "future":
            return limits.future or not any(line.future for line in debt.lines)
        case "keys":
            return limits.keys or not any(line.keys for line in debt.lines)
        case _:
            return limits.third_agreement or debt.earlier_agreements < 2


def _is_plan(proposal: Proposal) -> bool:
    return proposal.terms.mode != Mode.CASH and not proposal.terms.small


def _entry_is_lower(proposal: Proposal, debt: Debt, policy: Policy) -> bool:
    """Whether a plan's entry is under what the policy asks of its letter."""
    if not _is_plan(proposal):
        return False
    part = policy.C.entrada
    if proposal.letter == "B":
        more = debt.broken_agreements * policy.B.entrada_por_quebra
        part = min(policy.B.entrada_max, policy.B.entrada + more)
    asked = max(share(proposal.base, part), policy.parcela_minima)
    return proposal.entry < min(asked, proposal.base)


def _rate_is_granted(proposal: Proposal, debt: Debt, policy: Policy, least: Decimal | None) -> bool:
    if not _is_plan(proposal):
        return True
    own = policy.B.juros if proposal.letter == "B" else policy.C.taxa_mes
    if debt.contract_rate is not None:
        own = min(own, debt.contract_rate)
    return proposal.terms.rate >= (own if least is None else min(own, least))
