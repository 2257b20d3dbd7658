"""From a contract and what is asked to three proposals, what they break and who may grant them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.debts.engine.affordability import payer_warnings
from app.debts.engine.approval import Level, Need, needed
from app.debts.engine.charges import INTEREST_CEILING
from app.debts.engine.debt import Debt
from app.debts.engine.disclosure import Disclosure, disclose
from app.debts.engine.distinctness import Problem, problems
from app.debts.engine.faults import DebtFault
from app.debts.engine.guardrails import Breach, Context, breaches
from app.debts.engine.offer import Ladder, propose
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Frame, Proposal, Terms, compose
from app.debts.engine.statement.analysis import Statement, analyse
from app.debts.engine.statement.choosing import choosable, debt_from, usual
from app.debts.engine.statement.lines import Line
from app.debts.engine.warnings import Warned
from app.debts.engine.writing import percent
from app.debts.simulations.hooks import History
from app.debts.simulations.inputs import LETTERS, Faults, Inputs, Override
from app.debts.simulations.policies import InForce
from app.debts.simulations.subjects import Subject
from app.words import N_

Kind = TypeVar("Kind")

# Why nothing can be offered, beside the guardrails; marked texts.
PAST = N_("Simulação no passado: só para leitura.")
LATER = N_("A oferta sai com a data de hoje: simule hoje para oferecer.")
FAULTY = N_("Há campos com erro: corrija antes de oferecer.")
NOTHING = N_("Não há proposta para oferecer.")


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal with all that stands beside it. `usual` is what the policy alone would give."""

    letter: str
    proposal: Proposal
    usual: Proposal | None
    shown: Disclosure
    broken: tuple[Breach, ...]
    need: Need
    warnings: tuple[Warned, ...]
    changed: bool

    @property
    def sendable(self) -> bool:
        """Whether no guardrail is broken."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class Result:
    """What the screen shows. `stops` are sentences that keep it from being offered.

    `absent` are letters without a proposal; `notes` are keys of the engine's `NOTES`.
    """

    subject: Subject
    inputs: Inputs
    chosen: InForce
    today: date
    statement: Statement
    debt: Debt | None
    ladder: Ladder
    cards: tuple[Card, ...]
    notes: tuple[str, ...]
    alike: tuple[Problem, ...]
    faults: Faults
    stops: tuple[str, ...]

    @property
    def policy(self) -> Policy:
        """The policy before what is granted beyond it."""
        return self.chosen.policy

    @property
    def frame(self) -> Frame:
        """The offer's day and anchor."""
        return Frame(self.inputs.day, self.statement.anchor)

    @property
    def need(self) -> Need:
        """The level that the whole set needs."""
        reasons: dict[str, Level] = {}
        for card in self.cards:
            for name, level in card.need.reasons:
                reasons[name] = max(level, reasons.get(name, level))
        level = max((card.need.level for card in self.cards), default=Level.OPERATOR)
        minutes = any(card.need.minutes for card in self.cards)
        return Need(level, tuple(reasons.items()), minutes)

    @property
    def offerable(self) -> bool:
        """Whether it may be submitted as it stands."""
        return bool(self.cards) and not self.stops and all(card.sendable for card in self.cards)

    @property
    def choosable(self) -> tuple[Line, ...]:
        """The instalments that may be ticked."""
        return choosable(self.statement)

    @property
    def usual_ids(self) -> tuple[str, ...]:
        """Those that are ticked unless somebody says otherwise."""
        return tuple(one.instalment.id for one in usual(self.statement))

    @property
    def ticked(self) -> frozenset[str]:
        """Those that are ticked."""
        if self.inputs.chosen is None:
            return frozenset(self.usual_ids)
        return frozenset(self.inputs.chosen)

    @property
    def ticked_lines(self) -> tuple[Line, ...]:
        """The instalments that are renegotiated."""
        return tuple(one for one in self.choosable if one.instalment.id in self.ticked)

    def card(self, letter: str) -> Card | None:
        """The card of a letter."""
        return next((one for one in self.cards if one.letter == letter), None)


def compute(
    subject: Subject,
    inputs: Inputs,
    chosen: InForce,
    today: date,
    *,
    history: History | None = None,
    legal: bool = False,
    faults: Faults | None = None,
) -> Result:
    """Everything at once. Never raises for what people typed: faults stay with their fields."""
    found, known = Faults(faults or {}), history or History()
    statement = _statement(subject, inputs.day, today, found)
    debt = found.take("parcelas", lambda: _debt(statement, inputs, known))
    if debt is None or inputs.day < today:
        return Result(
            subject, inputs, chosen, today, statement, debt, Ladder.NONE, (), (), (), found,
            _stops(subject, inputs, today, found),
        )  # fmt: skip
    frame = Frame(inputs.day, statement.anchor)
    policy = chosen.policy
    offer = found.take("", lambda: propose(debt, policy, frame))
    made = _granted(debt, inputs, policy, frame, found)
    context = Context(
        today,
        frame,
        subject.creditor,
        statement.contract.blocks,
        legal,
        known.active,
        principal_approved=True,  # its approval is a level of its own, asked for before sending
        price_approved=chosen.price_signed,
    )
    cards = tuple(
        _card(one, offer.of(one.letter) if offer else None, debt, policy, context, inputs)
        for one in made.proposals
    )
    proposals = [card.proposal for card in cards]
    stops = _stops(subject, inputs, today, found)
    return Result(
        subject, inputs, chosen, today, statement, debt, made.ladder, cards, made.notes,
        problems(proposals, debt.total) if made.by_hand else (), found,
        stops if cards else (*stops, NOTHING),
    )  # fmt: skip


def _statement(subject: Subject, day: date, today: date, faults: Faults) -> Statement:
    def on(when: date) -> Statement:
        return analyse(subject.contract, subject.instalments, when, faults=subject.faults)

    return faults.take("dia", lambda: on(day)) or on(today)


def _debt(statement: Statement, inputs: Inputs, known: History) -> Debt:
    debt = debt_from(statement, inputs.chosen, inputs.income)
    return replace(
        debt,
        broken_agreements=debt.broken_agreements + known.broken,
        earlier_agreements=debt.earlier_agreements + known.earlier,
    )


def _stops(subject: Subject, inputs: Inputs, today: date, faults: Faults) -> tuple[str, ...]:
    tests = (
        (PAST, inputs.day < today),
        (LATER, inputs.day > today),
        (subject.stale, bool(subject.stale)),
        (FAULTY, bool(faults)),
    )
    return tuple(text for text, holds in tests if holds)


def _card(
    proposal: Proposal,
    usual_one: Proposal | None,
    debt: Debt,
    policy: Policy,
    context: Context,
    inputs: Inputs,
) -> Card:
    return Card(
        proposal.letter,
        proposal,
        usual_one,
        disclose(proposal, policy, context.creditor, context.frame),
        breaches(proposal, debt, policy, context),
        needed(proposal, debt, policy),
        payer_warnings(proposal, debt),
        inputs.override(proposal.letter).given,
    )


@dataclass(frozen=True, slots=True)
class _Made:
    ladder: Ladder
    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...]
    by_hand: bool


def _granted(debt: Debt, inputs: Inputs, policy: Policy, frame: Frame, faults: Faults) -> _Made:
    """The set under the policy with what is granted; entry, count and grace as they were typed."""
    _dearer_than_the_debt(debt, inputs, faults)
    granted = _policy_with(inputs, policy)
    offer = faults.take("", lambda: propose(debt, granted, frame))
    if offer is None:
        return _Made(Ladder.NONE, (), (), False)
    made: list[Proposal] = []
    for one in offer.proposals:
        typed = inputs.override(one.letter)
        composed = _by_hand(one, typed, debt, policy, frame, faults)
        made.append(composed)
    by_hand = any(inputs.override(letter).given for letter in LETTERS)
    return _Made(offer.ladder, tuple(made), offer.notes, by_hand)


def _dearer_than_the_debt(debt: Debt, inputs: Inputs, faults: Faults) -> None:
    """The engine would lower such a rate by itself; who typed it has to know."""
    most = INTEREST_CEILING
    if debt.contract_rate is not None:
        most = min(most, debt.contract_rate)
    for letter in ("B", "C"):
        rate = inputs.override(letter).rate
        if rate is not None and rate > most:
            faults[f"{letter}.taxa"] = DebtFault(
                N_("nunca acima de %(most)s ao mês, a taxa do contrato ou da lei"),
                most=percent(most),
            )


def _policy_with(inputs: Inputs, policy: Policy) -> Policy:
    """Discounts, rate, method and mode are the policy's own words: what is granted stands there."""
    a, b, c = inputs.A, inputs.B, inputs.C
    return replace(
        policy,
        A=replace(
            policy.A,
            desc_multa=_or(a.fine, policy.A.desc_multa),
            desc_juros=_or(a.interest, policy.A.desc_juros),
            desc_principal=_or(a.principal, policy.A.desc_principal),
        ),
        B=replace(
            policy.B,
            desc_multa=_or(b.fine, policy.B.desc_multa),
            desc_juros=_or(b.interest, policy.B.desc_juros),
            juros=_or(b.rate, policy.B.juros),
        ),
        C=replace(
            policy.C,
            desc_multa=_or(c.fine, policy.C.desc_multa),
            desc_juros=_or(c.interest, policy.C.desc_juros),
            taxa_mes=_or(c.rate, policy.C.taxa_mes),
            metodo=_or(c.method, policy.C.metodo),
            modo=_or(c.mode, policy.C.modo),
        ),
    )


def _or(given: Kind | None, usual_value: Kind) -> Kind:
    return usual_value if given is None else given


def _by_hand(
    proposal: Proposal,
    typed: Override,
    debt: Debt,
    policy: Policy,
    frame: Frame,
    faults: Faults,
) -> Proposal:
    principal = _or(typed.principal, proposal.terms.principal_discount)
    plan = proposal.letter != "A" and any(
        one is not None for one in (typed.entry, typed.count, typed.grace)
    )
    if not plan and principal == proposal.terms.principal_discount:
        return proposal
    terms = replace(proposal.terms, principal_discount=principal)
    if plan:
        terms = _plan_terms(terms, typed)
    if terms.mode == Mode.SPREAD and terms.count > debt.future_monthlies:
        faults[f"{proposal.letter}.n"] = DebtFault(
            N_("só há %(most)s mensais a vencer"), most=debt.future_monthlies
        )
        return proposal
    field = f"{proposal.letter}.{'n' if typed.count is not None else 'entrada'}"
    return faults.take(field, lambda: compose(debt, terms, policy, frame)) or proposal


def _plan_terms(terms: Terms, typed: Override) -> Terms:
    """A plan by hand. What the small ladder made becomes an ordinary one, under its guardrails."""
    alone = terms.mode in (Mode.SINGLE,) or (terms.small and terms.mode == Mode.NEW_PLAN)
    return replace(
        terms,
        mode=Mode.NEW_PLAN if alone else terms.mode,
        small=terms.small and not alone,
        entry=_or(typed.entry, terms.entry),
        count=_or(typed.count, terms.count),
        grace=_or(typed.grace, terms.grace),
    )


def warned(statement: Statement) -> Sequence[Warned]:
    """What to look at beside the debt itself."""
    return statement.warnings
