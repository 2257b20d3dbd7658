"""What no proposal may do, made by rule or by hand; a breach blocks sending (G1–G9, §6.6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.debts.engine.charges import INTEREST_CEILING
from app.debts.engine.cost import worth_at
from app.debts.engine.debt import Debt
from app.debts.engine.disclosure import MISSING, Creditor, disclose, missing, payments_of
from app.debts.engine.offer import long_room
from app.debts.engine.plans import Method, plan
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Frame, Proposal
from app.debts.engine.statement.contract import BLOCK_WORDS, Block
from app.words import N_

LEAST_VALIDITY = timedelta(days=2)  # CDC art. 54-B
_HALF_CENT = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Context:
    """What is true around a proposal when it is checked.

    `principal_approved` and `price_approved` are recorded approvals; `legal` is whether a person
    with the legal role acts.
    """

    today: date
    frame: Frame | None = None
    creditor: Creditor = field(default_factory=Creditor)
    blocks: frozenset[Block] = frozenset()
    legal: bool = False
    active_agreement: bool = False
    principal_approved: bool = False
    price_approved: bool = False


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken: its id in `rules.RULES`, a marked sentence, and what fills it."""

    rule: str
    reason: str
    values: tuple[tuple[str, object], ...] = ()

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence; values that are marked texts are translated too."""
        text = translate(self.reason)
        shown = {
            name: translate(value) if isinstance(value, str) and value else value
            for name, value in self.values
        }
        return text % shown if shown else text


def breaches(
    proposal: Proposal, debt: Debt, policy: Policy, context: Context
) -> tuple[Breach, ...]:
    """Every guardrail that a proposal breaks, in their order; empty when it may be sent."""
    found: list[Breach] = []
    found += _least(proposal, policy)
    found += _term(proposal, debt, policy)
    found += _never_worse(proposal, debt, policy, context)
    found += _exact(proposal)
    if proposal.principal_discount and not context.principal_approved:
        found.append(Breach("G5", N_("O desconto no principal não foi aprovado.")))
    found += _complete(proposal, policy, context)
    found += _one_contract(debt)
    found += _blocked(context)
    found += _current(proposal, context)
    return tuple(found)


def least_instalment(proposal: Proposal, policy: Policy) -> int:
    """The least instalment of its ladder, in cents."""
    if not proposal.terms.small:
        return policy.parcela_minima
    if proposal.terms.mode in (Mode.SPREAD, Mode.SINGLE):
        return policy.adicional_minimo
    return policy.parcela_minima_reduzida


def _least(proposal: Proposal, policy: Policy) -> Iterator[Breach]:
    """G1; the last one may be lower by the cents of the others' rounding."""
    least = least_instalment(proposal, policy)
    for line in proposal.lines:
        slack = len(proposal.lines) if line.k == len(proposal.lines) else 0
        if line.payment + slack < least:
            yield Breach("G1", N_("A parcela %(k)s fica abaixo da mínima."), (("k", line.k),))
            return


def _term(proposal: Proposal, debt: Debt, policy: Policy) -> Iterator[Breach]:
    """G2, in instalments: months of grace count, the days until the first one do not."""
    count = len(proposal.lines)
    if not count or proposal.terms.small:
        return
    most = policy.B.n_max if proposal.letter == "B" else policy.C.n_max
    within = max(policy.C.n_max_sem_prazo, debt.months_remaining + policy.C.prazo_extra)
    fits = long_room(debt, policy).least_many
    if count > min(most, max(1, fits)) or count + proposal.terms.grace > within:
        yield Breach(
            "G2", N_("O prazo passa de %(most)s parcelas."), (("most", min(most, within, fits)),)
        )


def _never_worse(
    proposal: Proposal, debt: Debt, policy: Policy, context: Context
) -> Iterator[Breach]:
    """G3. Half a cent a line is rounding, not cost."""
    terms = proposal.terms
    ceiling = INTEREST_CEILING
    if debt.contract_rate is not None:
        ceiling = min(ceiling, debt.contract_rate)
    if proposal.base > debt.total:
        yield Breach("G3", N_("O acordo pede mais do que a dívida."))
    if terms.rate > ceiling:
        yield Breach("G3", N_("A taxa do plano passa da taxa do contrato ou de 1% ao mês."))
    signed = policy.permitir_price and context.price_approved
    if terms.method == Method.PRICE and terms.rate and not signed:
        yield Breach("4.6-price", N_("A Tabela Price pede o parecer do jurídico."))
    if proposal.lines:
        slack = _HALF_CENT * len(proposal.lines)
        if worth_at(terms.rate, payments_of(proposal)) > proposal.financed + slack:
            yield Breach("G3", N_("O custo efetivo passa da taxa do plano."))


def _exact(proposal: Proposal) -> Iterator[Breach]:
    """G4: to the cent, and interest on principal only."""
    paid = sum(line.principal + line.charges for line in proposal.lines)
    if proposal.entry + paid != proposal.base:
        yield Breach("G4", N_("A soma da entrada e das amortizações não fecha com a base."))
    terms = proposal.terms
    own = sum(line.interest for line in proposal.lines)
    if terms.method == Method.EQUAL or not proposal.lines:
        most = 0
    else:
        most = plan(
            terms.method, proposal.financed_principal, terms.rate, len(proposal.lines)
        ).interest
    if own > most:
        yield Breach("G4", N_("Há juros sobre multa ou juros de mora."))


def _complete(proposal: Proposal, policy: Policy, context: Context) -> Iterator[Breach]:
    """G6."""
    shown = disclose(proposal, policy, context.creditor, context.frame)
    for name in missing(shown):
        yield Breach("G6", N_("Falta na oferta: %(what)s."), (("what", MISSING[name]),))
    if shown.issued and shown.valid_until and shown.valid_until < shown.issued + LEAST_VALIDITY:
        yield Breach("G6", N_("A oferta precisa valer ao menos dois dias."))


def _one_contract(debt: Debt) -> Iterator[Breach]:
    """G7."""
    if len({line.creditor for line in debt.lines}) > 1:
        yield Breach("G7", N_("Há mais de um credor: faça um acordo para cada CNPJ."))
    if len({line.contract for line in debt.lines}) > 1:
        yield Breach("G7", N_("Há mais de um contrato: faça um acordo para cada um."))


def _blocked(context: Context) -> Iterator[Breach]:
    """G8: what the legal role may take up, it may."""
    for block in sorted(context.blocks):
        words = BLOCK_WORDS[block]
        if not (context.legal and words.legal_may):
            yield Breach("G8", words.reason)


def _current(proposal: Proposal, context: Context) -> Iterator[Breach]:
    """G9."""
    if context.active_agreement:
        yield Breach("G9", N_("O contrato já tem um acordo vigente."))
    if proposal.valid_until and context.today > proposal.valid_until:
        yield Breach("G9", N_("A oferta venceu: faça uma nova simulação."))
