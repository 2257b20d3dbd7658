"""Cases of three proposals."""

from collections.abc import Mapping

from app.debts.audit.overdue import Found
from app.debts.audit.reading import Inputs
from app.debts.engine.charges import AppliedTerms
from app.debts.engine.debt import debt_of, overdue_line
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import to_reais
from app.debts.engine.offer import Ladder, propose
from app.debts.engine.policies import Mode, Policy, read_policy
from app.debts.engine.proposals import Proposal
from app.words import N_


def _policy(case: Inputs) -> Policy:
    given = case.raw("politica")
    if given is None:
        return read_policy({})
    if not isinstance(given, Mapping):
        raise DebtFault(N_("não tem os campos esperados"), field="politica", value=given)
    return read_policy(given)


def _reais(cents: int | None) -> object:
    return None if cents is None else to_reais(cents)


def _written(one: Proposal) -> Found:
    found: Found = {
        "tipo": one.letter,
        "entrada": to_reais(one.entry),
        "n": len(one.lines),
        "parcela": _reais(one.first),
        "ultima": _reais(one.last),
        "total": to_reais(one.total),
        "desconto": to_reais(one.discount),
        "acima_capacidade": one.above_capacity,
        "financiado_principal": to_reais(one.financed_principal),
        "financiado_encargos": to_reais(one.financed_charges),
        "juros_plano": to_reais(one.plan_interest),
    }
    if one.terms.mode in (Mode.SPREAD, Mode.SINGLE):
        found["modo"] = str(one.terms.mode)
    return found


def three(case: Inputs) -> Found:
    """`tres_propostas`: the set of one contract, amounts without dates."""
    policy = _policy(case)
    terms = AppliedTerms(policy.multa, policy.mora_mes)
    lines = [
        overdue_line(row.cents("principal_corrigido"), row.whole("dias_atraso"), terms)
        for row in case.rows("linhas")
    ]
    debt = debt_of(
        lines,
        broken_agreements=case.whole("acordos_quebrados", 0),
        months_remaining=case.whole("meses_restantes", 0),
        future_monthlies=case.whole("mensais_a_vencer", 0),
        current_instalment=case.optional_cents("parcela_mensal_atual"),
        income=case.optional_cents("renda_declarada"),
    )
    offer = propose(debt, policy)
    ladder = Ladder.NEGLIGIBLE if offer.ladder == Ladder.NONE else offer.ladder
    return {
        "principal": to_reais(debt.principal),
        "multa": to_reais(debt.fine),
        "juros": to_reais(debt.interest),
        "total_atualizado": to_reais(debt.total),
        "escada": str(ladder),
        "propostas": [_written(one) for one in offer.proposals],
    }
