"""The set of proposals for one debt under one policy: A in cash, B short, C long (§6.1–6.5)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.debts.engine.debt import Debt, capacity
from app.debts.engine.distinctness import dominated, problems
from app.debts.engine.money import share
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import (
    Base,
    Frame,
    Imputation,
    Proposal,
    Terms,
    base_of,
    compose,
    first_of,
    impute,
)
from app.words import N_

LEAST_FOR_C = 4  # minimum instalments that must fit before a debt is worth a plan


class Ladder(StrEnum):
    """Which rules made the set."""

    NONE = "sem_debito"
    NEGLIGIBLE = "irrisorio"
    SMALL = "pequeno_valor"
    NORMAL = "normal"


NOTES = {
    "negligible": N_(
        "O total é menor que o valor irrisório: dê baixa ou some ao próximo boleto, "
        "com aprovação de um coordenador. Nenhuma mensagem é enviada."
    ),
    "nothing": N_("Não há parcela vencida: não há o que propor."),
    "below_minimum": N_("Valor abaixo do mínimo para parcelar."),
    "moved": N_("O número de parcelas foi ajustado para que as propostas sejam distintas."),
    "dropped": N_("Uma proposta pior que outra em tudo foi retirada."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Up to three proposals and why there are not more. `notes` are keys of `NOTES`."""

    debt: Debt
    policy: Policy
    ladder: Ladder
    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...] = ()
    frame: Frame | None = None

    def of(self, letter: str) -> Proposal | None:
        """The proposal of a letter, if there is one."""
        return next((one for one in self.proposals if one.letter == letter), None)


@dataclass(frozen=True, slots=True)
class LongRoom:
    """What limits a long plan: `least_many` minimum instalments fit, at most `most` are allowed."""

    entry: int
    parted: Imputation
    least_many: int
    most: int


def long_room(debt: Debt, policy: Policy) -> LongRoom:
    """Steps 1 to 5 of proposal C."""
    terms = policy.C
    base = base_of(debt, terms.desc_multa, terms.desc_juros)
    entry = max(share(base.total, terms.entrada), policy.parcela_minima)
    parted = impute(base, entry)
    fits = max(0, base.total - entry) // policy.parcela_minima
    within = max(terms.n_max_sem_prazo, debt.months_remaining + terms.prazo_extra)
    most = min(terms.n_max, within, fits)
    if terms.modo == Mode.SPREAD and debt.future_monthlies:
        most = min(most, debt.future_monthlies)
    return LongRoom(entry, parted, fits, most)


def _extended(terms: Terms, parted: Imputation, target: int, most: int) -> Terms:
    """The target number of instalments, or as many more as the payer's capacity asks for."""
    count = min(target, most)
    limit = terms.capacity
    while limit is not None and count < most and first_of(terms, parted, count) > limit:
        count += 1
    return replace(terms, count=count, most=most)


def cash_terms(policy: Policy) -> Terms:
    """Proposal A."""
    one = policy.A
    return Terms("A", Mode.CASH, one.desc_multa, one.desc_juros, one.desc_principal)


def short_base(debt: Debt, policy: Policy) -> Base:
    """What proposal B asks for."""
    return base_of(debt, policy.B.desc_multa, policy.B.desc_juros)


def short_terms(debt: Debt, policy: Policy, least_many: int) -> Terms | None:
    """Proposal B, or None where not two instalments fit."""
    one = policy.B
    base = short_base(debt, policy)
    asked = min(one.entrada_max, one.entrada + debt.broken_agreements * one.entrada_por_quebra)
    entry = max(share(base.total, asked), policy.parcela_minima)
    financed = max(0, base.total - entry)
    most = min(one.n_max, least_many // 2, financed // policy.parcela_minima)
    if most < 2:
        return None
    terms = Terms(
        "B",
        Mode.NEW_PLAN,
        one.desc_multa,
        one.desc_juros,
        entry=entry,
        method=Method.GAUSS if one.juros else Method.EQUAL,
        rate=one.juros,
        capacity=capacity(debt, one.comprometimento, policy.comprometimento_renda),
    )
    return _extended(terms, impute(base, entry), one.n_alvo, most)


def long_terms(debt: Debt, policy: Policy, room: LongRoom) -> Terms:
    """Proposal C."""
    one = policy.C
    spread = one.modo == Mode.SPREAD and debt.future_monthlies > 0
    rate = one.taxa_mes
    if debt.contract_rate is not None:  # G3: never dearer than the debt itself
        rate = min(rate, debt.contract_rate)
    terms = Terms(
        "C",
        Mode.SPREAD if spread else Mode.NEW_PLAN,
        one.desc_multa,
        one.desc_juros,
        entry=room.entry,
        method=one.metodo,
        rate=rate,
        capacity=capacity(debt, one.comprometimento, policy.comprometimento_renda),
    )
    return _extended(terms, room.parted, one.n_alvo, room.most)


def propose(debt: Debt, policy: Policy, frame: Frame | None = None) -> Offer:
    """The three proposals; two with a note on small debts; none where nothing is worth asking.

    Pure and repeatable: the same debt, policy and frame give the same set.
    """
    if debt.total == 0:
        return Offer(debt, policy, Ladder.NONE, (), ("nothing",), frame)
    if debt.total < policy.valor_irrisorio:
        return Offer(debt, policy, Ladder.NEGLIGIBLE, (), ("negligible",), frame)
    room = long_room(debt, policy)
    short = short_terms(debt, policy, room.least_many) if room.least_many >= LEAST_FOR_C else None
    if short is None:
        return _small(debt, policy, frame)
    return _settled(debt, policy, frame, short, long_terms(debt, policy, room))


def _settled(debt: Debt, policy: Policy, frame: Frame | None, short: Terms, long: Terms) -> Offer:
    """Compose the three; while a company's settings make two alike, move n of C up, then B down."""
    cash = compose(debt, cash_terms(policy), policy, frame)
    three = (cash, compose(debt, short, policy, frame), compose(debt, long, policy, frame))
    moved = False
    while problems(three, debt.total):
        if long.count < (long.most or 0):
            long = replace(long, count=long.count + 1)
        elif short.count > 2:
            short = replace(short, count=short.count - 1)
        else:
            break
        moved = True
        three = (cash, compose(debt, short, policy, frame), compose(debt, long, policy, frame))
    worse = dominated(three)
    kept = tuple(one for one in three if one not in worse)
    notes = (("moved",) if moved else ()) + (("dropped",) if worse else ())
    return Offer(debt, policy, Ladder.NORMAL, kept, notes, frame)


def _small(debt: Debt, policy: Policy, frame: Frame | None) -> Offer:
    """The small ladder: cash; half now and half in 30 days; or spread over the next monthlies."""
    made = [compose(debt, cash_terms(policy), policy, frame)]
    base = short_base(debt, policy).total
    notes: tuple[str, ...] = ("below_minimum",)
    if base >= 2 * policy.parcela_minima_reduzida:
        made.append(compose(debt, _half_terms(debt, policy, base), policy, frame))
        notes = ()
    made.append(compose(debt, _spread_terms(debt, policy), policy, frame))
    worse = dominated(made)
    kept = tuple(one for one in made if one not in worse)
    return Offer(debt, policy, Ladder.SMALL, kept, notes + (("dropped",) if worse else ()), frame)


def _half_terms(debt: Debt, policy: Policy, base: int) -> Terms:
    one = policy.B
    return Terms(
        "B",
        Mode.NEW_PLAN,
        one.desc_multa,
        one.desc_juros,
        entry=(base + 1) // 2,
        count=1,
        capacity=capacity(debt, one.comprometimento, policy.comprometimento_renda),
        most=1,
        small=True,
    )


def _spread_terms(debt: Debt, policy: Policy) -> Terms:
    one = policy.C
    zero = one.desc_multa * 0
    many = max(1, min(3, debt.future_monthlies, debt.total // policy.adicional_minimo))
    spread = debt.future_monthlies > 0
    return Terms(
        "C",
        Mode.SPREAD if spread else Mode.SINGLE,
        zero,
        zero,
        count=many if spread else 1,
        capacity=capacity(debt, one.comprometimento, policy.comprometimento_renda),
        most=many if spread else 1,
        small=True,
    )


def indicated(proposals: tuple[Proposal, ...], monthly: int) -> Proposal | None:
    """The one with the highest instalment that fits a monthly capacity in cents; None if none does.

    In cash the instalment is the whole.
    """
    fitting = [one for one in proposals if (one.highest or one.total) <= monthly]
    return max(fitting, key=lambda one: one.highest or one.total, default=None)
