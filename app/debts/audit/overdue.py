"""Cases of delay: fine, interest, ceilings, part payments, correction, early settlement."""

from decimal import Decimal
from enum import StrEnum

from app.debts.audit.reading import Inputs
from app.debts.engine.charges import (
    FINE_CEILING,
    INTEREST_CEILING,
    AppliedTerms,
    Ceilings,
    Charge,
    Counting,
    Delay,
    LateTerms,
    Start,
    applied,
    charge,
    days_late,
    delay,
    elapsed,
    legal_interest,
)
from app.debts.engine.correction import (
    LAG,
    Factor,
    IndexSeries,
    Regime,
    compounded,
    corrected,
    factor_between,
    index_ratio,
)
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import to_reais
from app.debts.engine.months import month_text, read_month
from app.debts.engine.payments import ORDER, Payment, open_on
from app.debts.engine.settlement import Discounting, settle
from app.words import N_

Found = dict[str, object]


class Calendar(StrEnum):
    """The calendars a case may name."""

    ANBIMA = "ANBIMA"


class Simple(StrEnum):
    """The regimes of the legal rate."""

    SIMPLE = "simples"


def _terms(case: Inputs) -> AppliedTerms:
    """Rates as the case states them: ceilings are a category of their own."""
    return AppliedTerms(
        case.rate("multa", Decimal(0)),
        case.rate("mora_mes", Decimal(0)),
        counting=case.word("contagem", Counting, Counting.DAYS),
        start=case.word("inicio_contagem", Start, Start.ORIGINAL),
    )


def _delay(case: Inputs, terms: AppliedTerms) -> Delay:
    case.word("calendario", Calendar, Calendar.ANBIMA)
    if case.has("vencimento"):
        case.raw("dias_atraso")
        due, day = case.day("vencimento"), case.day("data_calculo")
        return delay(due, day, terms.counting, terms.start)
    if terms.counting == Counting.MONTHS:
        raise DebtFault(N_("falta este campo"), field="vencimento")
    return days_late(case.whole("dias_atraso"))


def _money(found: Charge) -> Found:
    return {
        "multa": to_reais(found.fine),
        "juros": to_reais(found.interest),
        "total": to_reais(found.total),
    }


def late(case: Inputs) -> Found:
    """`mora_multa`: one instalment."""
    terms = _terms(case)
    found = charge(case.cents("principal"), _delay(case, terms), terms)
    return {"dias_atraso": found.delay.days, **_money(found)}


def late_sum(case: Inputs) -> Found:
    """`mora_multa_soma`: sums of rounded lines."""
    terms = _terms(case)
    lines = [
        charge(row.cents("principal"), days_late(row.whole("dias_atraso")), terms)
        for row in case.rows("linhas")
    ]
    return {
        "linhas": [_money(line) for line in lines],
        "principal": to_reais(sum(line.base for line in lines)),
        "multa": to_reais(sum(line.fine for line in lines)),
        "juros": to_reais(sum(line.interest for line in lines)),
        "total": to_reais(sum(line.total for line in lines)),
    }


def judicial(case: Inputs) -> Found:
    """`mora_judicial`: whole months and the days after them."""
    terms = AppliedTerms(
        case.rate("multa", Decimal(0)),
        case.rate("mora_mes"),
        counting=case.word("contagem", Counting, Counting.MONTHS),
    )
    factor = Factor(case.number("fator_correcao", Decimal(1)))
    base = corrected(case.cents("principal"), factor, floor=False)
    time = elapsed(case.day("inicio"), case.day("fim"), terms.counting)
    found = charge(base, time, terms)
    return {
        "principal_corrigido": to_reais(base),
        "meses": time.months,
        "dias": time.rest,
        **_money(found),
    }


def ceilings(case: Inputs) -> Found:
    """`tetos_legais`: what a contract asks for and the law allows."""
    terms = applied(
        LateTerms(
            case.rate("multa_contrato"),
            case.rate("mora_mes_contrato"),
            consumer=case.flag("consumidor", True),
        ),
        Ceilings(
            case.rate("teto_multa", FINE_CEILING), case.rate("teto_mora_mes", INTEREST_CEILING)
        ),
    )
    found = charge(case.cents("principal"), days_late(case.whole("dias_atraso")), terms)
    return {"multa_aplicada": terms.fine, "mora_mes_aplicada": terms.interest, **_money(found)}


def daily_amount(case: Inputs) -> Found:
    """`mora_diaria_valor`: reais a day, up to the ceiling."""
    ceiling = case.rate("teto_mora_mes", INTEREST_CEILING)
    terms = AppliedTerms(
        case.rate("multa", Decimal(0)),
        Decimal(0),
        daily=case.number("mora_diaria_reais"),
        ceiling=ceiling,
    )
    found = charge(case.cents("principal"), days_late(case.whole("dias_atraso")), terms)
    return {
        "juros_contrato": to_reais(found.interest_by_contract or 0),
        "juros_teto": to_reais(found.interest_ceiling or 0),
        **_money(found),
    }


def part_payment(case: Inputs) -> Found:
    """`pagamento_parcial`: the payments walked in the order of time."""
    terms = _terms(case)
    case.word("calendario", Calendar, Calendar.ANBIMA)
    due = case.day("vencimento")
    payments = [Payment(row.day("data"), row.cents("valor")) for row in case.rows("pagamentos")]
    found = open_on(
        case.day("data_calculo"), case.cents("principal"), due, payments, terms, order=_order(case)
    )
    first = min((one.day for one in payments), default=due)
    return {
        "dias_ate_pagamento": delay(due, first, terms.counting, terms.start).days,
        "pago_juros": to_reais(sum(one.interest for one in found.imputed)),
        "pago_multa": to_reais(sum(one.fine for one in found.imputed)),
        "pago_principal": to_reais(sum(one.principal for one in found.imputed)),
        "troco": to_reais(found.change),
        "principal_restante": to_reais(found.principal),
        "multa_pendente": to_reais(found.fine),
        "juros_pendentes": to_reais(found.pending_interest),
        "juros_novos": to_reais(found.new_interest),
        "total": to_reais(found.total),
    }


def _order(case: Inputs) -> tuple[str, ...]:
    if not case.has("ordem"):
        return ORDER
    order = tuple(str(one) for one in case.items("ordem"))
    if sorted(order) != sorted(ORDER):
        raise DebtFault(
            N_("não é uma das opções: %(options)s"), options=", ".join(ORDER), field="ordem"
        )
    return order


def _corrected(value: int, factor: Factor, floor: bool) -> Found:
    now = corrected(value, factor, floor)
    return {
        "fator": factor.value,
        "valor_corrigido": to_reais(now),
        "correcao": to_reais(now - value),
    }


def _factor(case: Inputs) -> Factor:
    if case.has("variacoes_pct"):
        return Factor(compounded(case.numbers("variacoes_pct")))
    return Factor(index_ratio(case.number("indice_base"), case.number("indice_calculo")))


def correction(case: Inputs) -> Found:
    """`correcao`: index numbers or monthly changes."""
    floor = case.flag("piso_nominal", True)
    return _corrected(case.cents("valor"), _factor(case), floor)


def periodic_correction(case: Inputs) -> Found:
    """`correcao_periodicidade`: which months count, with lag and yearly blocks."""
    series = Inputs(case.raw("serie_pct"), "serie_pct.")
    given = case.raw("serie_pct")
    names = [str(name) for name in given] if isinstance(given, dict) else []
    index = IndexSeries("", {read_month(name): series.number(name) for name in names})
    term = case.whole("prazo_contrato_meses") if case.has("prazo_contrato_meses") else None
    case.raw("prazo_contrato_meses")
    regime = Regime.of_term(
        term, case.whole("defasagem_meses", LAG), case.flag("piso_nominal", True)
    )
    base = case.month("mes_base")
    factor = factor_between(index, regime, base, base, case.month("mes_calculo"))
    return {
        "meses_aplicados": [month_text(month) for month in factor.months],
        **_corrected(case.cents("valor"), factor, regime.floor),
    }


def corrected_late(case: Inputs) -> Found:
    """`correcao_mais_mora`: charges on the corrected value."""
    found = correction(case)
    floor = case.flag("piso_nominal", True)
    base = corrected(case.cents("valor"), _factor(case), floor)
    return {**found, **_money(charge(base, days_late(case.whole("dias_atraso")), _terms(case)))}


def legal_rate(case: Inputs) -> Found:
    """`taxa_legal`: simple interest at the published monthly rates."""
    case.word("regime", Simple, Simple.SIMPLE)
    principal = case.cents("principal")
    total, interest = legal_interest(principal, case.numbers("taxas_legais_pct_mes"))
    return {
        "soma_pct": total,
        "juros": to_reais(interest),
        "total": to_reais(principal + interest),
    }


def early(case: Inputs) -> Found:
    """`quitacao_antecipada`: present values."""
    rows = [(row.cents("valor"), row.whole("dias_a_vencer")) for row in case.rows("parcelas")]
    regime = case.word("regime", Discounting, Discounting.COMPOUND)
    found = settle(rows, case.rate("taxa_mes"), regime)
    return {
        "valores_presentes": [to_reais(one) for one in found.present],
        "total": to_reais(found.total),
        "reducao": to_reais(found.reduction),
    }
