"""What the law wants in an offer: cost, rates, amounts, totals, validity, creditor (§2.6, 4.9)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from app.debts.engine.cost import MonthlyCost, dated_cost, monthly_cost
from app.debts.engine.policies import Policy
from app.debts.engine.proposals import Frame, Proposal
from app.words import N_


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who is paid: every collection document names it (CDC art. 42-A)."""

    name: str = ""
    cnpj: str = ""
    address: str = ""
    electronic: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """CDC arts. 52 and 54-B. Costs in per cent, rates as fractions, money in cents.

    `cost` takes instalments as a month apart, `dated_cost` takes their days: a first instalment
    20 days after the entry costs a little more by days. The offer prints the dated one.
    """

    cost: MonthlyCost
    dated_cost: Decimal | None
    month_rate: Decimal
    year_rate: Decimal
    late_fine: Decimal
    late_interest: Decimal
    instalments: int
    cash_total: int
    financed_total: int
    plan_interest: int
    issued: date | None
    valid_until: date | None
    creditor: Creditor


MISSING = {
    "name": N_("o nome do credor"),
    "cnpj": N_("o CNPJ do credor"),
    "address": N_("o endereço do credor"),
    "electronic": N_("o endereço eletrônico do credor"),
    "valid_until": N_("a validade da oferta"),
}

_FREE = MonthlyCost(Decimal("0.0000"), Decimal("0.00"))


def payments_of(proposal: Proposal) -> list[int]:
    """What is paid a month apart after the entry; months of grace pay nothing."""
    return [0] * proposal.terms.grace + [line.payment for line in proposal.lines]


def cost_of(proposal: Proposal) -> MonthlyCost:
    """The periodic cost over what is financed; a plan without interest costs 0.00 %."""
    if not proposal.plan_interest:
        return _FREE
    return monthly_cost(proposal.financed, payments_of(proposal))


def dated_cost_of(proposal: Proposal, frame: Frame | None) -> Decimal | None:
    """The cost by days from the entry (or the issue without one); None without dates."""
    if not proposal.plan_interest:
        return Decimal("0.00")
    issued = frame.issued if frame else None
    start = proposal.valid_until if proposal.entry else issued
    dated = [(line.due, line.payment) for line in proposal.lines if line.due]
    if start is None or len(dated) != len(proposal.lines):
        return None
    return dated_cost(proposal.financed, start, dated)


def yearly(month: Decimal) -> Decimal:
    """The effective yearly rate of a monthly one, as a fraction of six decimals."""
    with localcontext() as context:
        context.prec = 40
        return ((1 + month) ** 12 - 1).quantize(Decimal("1e-6"), ROUND_HALF_UP)


def disclose(
    proposal: Proposal, policy: Policy, creditor: Creditor, frame: Frame | None = None
) -> Disclosure:
    """Everything an offer of this proposal must show."""
    rate = proposal.terms.rate if proposal.plan_interest else Decimal(0)
    return Disclosure(
        cost_of(proposal),
        dated_cost_of(proposal, frame),
        rate,
        yearly(rate),
        policy.multa,
        policy.mora_mes,
        len(proposal.lines),
        proposal.base,
        proposal.total,
        proposal.plan_interest,
        frame.issued if frame else None,
        proposal.valid_until,
        creditor,
    )


def missing(shown: Disclosure) -> tuple[str, ...]:
    """The keys of `MISSING` that an offer lacks."""
    absent = [
        name
        for name in ("name", "cnpj", "address", "electronic")
        if not getattr(shown.creditor, name).strip()
    ]
    return (*absent, *(() if shown.valid_until else ("valid_until",)))
