"""How a proposal came about, down to each line of its plan."""

from decimal import Decimal
from fractions import Fraction

from app.debts.engine.debt import Debt
from app.debts.engine.explanation.steps import Step, Unit, Value, count, money, product, rate
from app.debts.engine.money import share
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Proposal
from app.words import N_

RULE_OF = {"A": "6.1-a", "B": "6.2-b", "C": "6.3-c"}
_METHOD_RULES = {
    Method.EQUAL: "4.6-iguais",
    Method.SAC: "4.6-sac",
    Method.GAUSS: "4.6-gauss",
    Method.PRICE: "4.6-price",
}
LINE = N_("Parcela %(k)s")


def explain_debt(debt: Debt, policy: Policy) -> Step:
    """T = P + M + J."""
    return Step(
        "6-total",
        N_("Total atualizado"),
        "{principal} + {multa} + {juros}",
        {
            "principal": money(debt.principal),
            "multa": money(debt.fine),
            "juros": money(debt.interest),
        },
        money(debt.total),
        policy=policy.label,
    )


def _rule(proposal: Proposal) -> str:
    return "6.4-escada" if proposal.terms.small else RULE_OF[proposal.letter]


def _discounts(proposal: Proposal, debt: Debt, policy: Policy) -> list[Step]:
    terms = proposal.terms
    rows = (
        (N_("Desconto na multa"), debt.fine, terms.fine_discount, proposal.fine_discount),
        (N_("Desconto nos juros"), debt.interest, terms.interest_discount,
         proposal.interest_discount),
        (N_("Desconto no principal"), debt.principal, terms.principal_discount,
         proposal.principal_discount),
    )  # fmt: skip
    return [
        Step(
            _rule(proposal),
            label,
            "r({base} × {percentual})",
            {"base": money(base), "percentual": rate(part)},
            money(found),
            product(base, part),
            policy=policy.label,
        )
        for label, base, part, found in rows
        if part
    ]


def _asked_entry(proposal: Proposal, debt: Debt, policy: Policy) -> Step:
    """How the entry came about: half of a small debt, the policy's part, or what was agreed."""
    base, entry = proposal.base, proposal.entry
    part = policy.C.entrada
    if proposal.letter == "B":
        more = debt.broken_agreements * policy.B.entrada_por_quebra
        part = min(policy.B.entrada_max, policy.B.entrada + more)
    formula, exact = "{entrada}", None
    operands = {"entrada": money(entry)}
    if proposal.terms.small and entry == (base + 1) // 2:
        formula, exact = "r({acordo} ÷ {n})", Fraction(base, 2)
        operands = {"acordo": money(base), "n": count(2)}
    elif entry == min(base, max(share(base, part), policy.parcela_minima)):
        formula = "max(r({acordo} × {percentual}); {minima})"
        operands = {
            "acordo": money(base),
            "percentual": rate(part),
            "minima": money(policy.parcela_minima),
        }
    return Step(
        _rule(proposal),
        N_("Valor da entrada"),
        formula,
        operands,
        money(entry),
        exact,
        policy=policy.label,
    )


def _entry(proposal: Proposal, debt: Debt, policy: Policy) -> list[Step]:
    if proposal.terms.mode == Mode.CASH or not proposal.entry:
        return []
    parted = Step(
        "6.3-imputacao",
        N_("Principal que fica a financiar"),
        "{principal} − ({entrada} − {juros} − {multa})",
        {
            "principal": money(proposal.financed_principal + proposal.entry_to_principal),
            "entrada": money(proposal.entry),
            "juros": money(proposal.entry_to_interest),
            "multa": money(proposal.entry_to_fine),
        },
        money(proposal.financed_principal),
        policy=policy.label,
    )
    financed = Step(
        _rule(proposal),
        N_("Valor financiado"),
        "{acordo} − {entrada}",
        {"acordo": money(proposal.base), "entrada": money(proposal.entry)},
        money(proposal.financed),
        policy=policy.label,
    )
    return [_asked_entry(proposal, debt, policy), financed, parted]


def explain_proposal(proposal: Proposal, debt: Debt, policy: Policy) -> tuple[Step, ...]:
    """From the debt to the total; lines are opened one by one with `explain_instalment`."""
    base = Step(
        _rule(proposal),
        N_("Base do acordo"),
        "{total} − {desconto}",
        {"total": money(debt.total), "desconto": money(proposal.discount)},
        money(proposal.base),
        policy=policy.label,
    )
    paid = sum(line.payment for line in proposal.lines)
    total = Step(
        _rule(proposal),
        N_("Total do acordo"),
        "{entrada} + {soma}",
        {"entrada": money(proposal.entry), "soma": money(paid)},
        money(proposal.total),
        policy=policy.label,
    )
    return (
        explain_debt(debt, policy),
        *_discounts(proposal, debt, policy),
        base,
        *_entry(proposal, debt, policy),
        total,
    )


def explain_instalment(proposal: Proposal, k: int, policy: Policy) -> tuple[Step, ...]:
    """One line of a plan: its interest, and what it pays."""
    line = proposal.lines[k - 1]
    found = []
    if line.interest:
        found.append(_interest(proposal, k, policy))
    if line.grace_interest:
        found.append(_grace(proposal, policy))
    dates = [(N_("vencimento"), line.due), (N_("pagável até"), line.payable_until)]
    found.append(
        Step(
            _METHOD_RULES[proposal.terms.method],
            LINE,
            "{principal} + {encargos} + {juros}",
            {
                "principal": money(line.principal),
                "encargos": money(line.charges),
                "juros": money(line.interest + line.grace_interest),
            },
            money(line.payment),
            dates=tuple((name, day) for name, day in dates if day),
            policy=policy.label,
        )
    )
    return tuple(found)


def _interest(proposal: Proposal, k: int, policy: Policy) -> Step:
    terms, line = proposal.terms, proposal.lines[k - 1]
    value, many = proposal.financed_principal, len(proposal.lines)
    if terms.method == Method.GAUSS:
        below = many * (1 + Fraction(terms.rate) * Fraction(many - 1, 2))
        return Step(
            "4.6-gauss",
            N_("Juros da parcela"),
            "r({financiado} × {taxa} × ({n} − {k} + 1) ÷ ({n} × (1 + {taxa} × ({n} − 1) ÷ 2)))",
            {
                "financiado": money(value),
                "taxa": rate(terms.rate),
                "n": count(many),
                "k": count(k),
            },
            money(line.interest),
            product(value, terms.rate) * (many - k + 1) / below,
            policy=policy.label,
        )
    balance = value - sum(one.principal for one in proposal.lines[: k - 1])
    return Step(
        _METHOD_RULES[terms.method],
        N_("Juros da parcela"),
        "r({saldo} × {taxa})",
        {"saldo": money(balance), "taxa": rate(terms.rate)},
        money(line.interest),
        product(balance, terms.rate),
        policy=policy.label,
    )


def _grace(proposal: Proposal, policy: Policy) -> Step:
    terms = proposal.terms
    value = proposal.financed_principal
    whole = sum(line.grace_interest for line in proposal.lines)
    return Step(
        "4.7-carencia",
        N_("Juros da carência, no total"),
        "r({financiado} × {taxa} × {meses})",
        {"financiado": money(value), "taxa": rate(terms.rate), "meses": count(terms.grace)},
        money(whole),
        product(value, terms.rate) * terms.grace,
        policy=policy.label,
    )


def cost_step(proposal: Proposal, cost: Decimal, policy: Policy) -> Step:
    """The effective cost that an offer prints, in per cent a year."""
    return Step(
        "4.9-cet",
        N_("Custo efetivo total ao ano"),
        "Σ FC ÷ (1 + CET)^(d ÷ 365) = {financiado} ⇒ CET",
        {"financiado": money(proposal.financed)},
        Value(Unit.PERCENT, cost),
        policy=policy.label,
    )
