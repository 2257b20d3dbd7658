"""How a statement's line came about: correction, payments, fine, interest."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.debts.engine.charges import AppliedTerms, Charge, Counting, Delay, Source
from app.debts.engine.correction import Factor
from app.debts.engine.explanation.steps import Step, Unit, Value, count, money, product, rate
from app.debts.engine.payments import Imputed, Open
from app.debts.engine.statement.lines import Line
from app.words import N_

DUE = N_("vencimento")
PAYABLE = N_("pagável até")
COUNTED_FROM = N_("conta desde")
COUNTED_TO = N_("conta até")


def _dates(delay: Delay) -> tuple[tuple[str, date], ...]:
    named = ((PAYABLE, delay.payable_until), (COUNTED_FROM, delay.start), (COUNTED_TO, delay.end))
    return tuple((name, day) for name, day in named if day is not None)


def fine_step(base: int, fine: int, terms: AppliedTerms) -> Step:
    """The fine."""
    return Step(
        "4.4-multa",
        N_("Multa"),
        "r({base} × {percentual})",
        {"base": money(base), "percentual": rate(terms.fine)},
        money(fine),
        product(base, terms.fine),
    )


def interest_step(base: int, interest: int, delay: Delay, terms: AppliedTerms) -> Step:
    """Default interest, by whichever count the contract has."""
    dates = _dates(delay)
    if terms.source != Source.CONTRACT:
        return Step(
            "2.2-taxa-legal",
            N_("Juros de mora"),
            "r({base} × Σ)",
            {"base": money(base)},
            money(interest),
            dates=dates,
        )
    if terms.daily is not None:
        return _daily_step(base, interest, delay, terms)
    by_months = terms.counting == Counting.MONTHS
    name = "trigesimos" if by_months else "dias"
    return Step(
        "4.4-juros-meses" if by_months else "4.4-juros",
        N_("Juros de mora"),
        f"r({{base}} × {{taxa}} × {{{name}}} ÷ 30)",
        {"base": money(base), "taxa": rate(terms.interest), name: count(delay.thirtieths)},
        money(interest),
        product(base, terms.interest) * delay.thirtieths / 30,
        dates=dates,
    )


def _daily_step(base: int, interest: int, delay: Delay, terms: AppliedTerms) -> Step:
    daily = terms.daily or Decimal(0)
    operands = {"diaria": Value(Unit.REAIS, daily), "dias": count(delay.days)}
    asked = Fraction(daily) * 100 * delay.days
    if terms.ceiling is None:
        formula = "r({diaria} × {dias})"
        return Step(
            "4.4-juros-dia", N_("Juros de mora"), formula, operands, money(interest), asked,
            _dates(delay),
        )  # fmt: skip
    most = product(base, terms.ceiling) * delay.thirtieths / 30
    return Step(
        "4.4-juros-dia",
        N_("Juros de mora"),
        "min(r({diaria} × {dias}); r({base} × {teto} × {dias} ÷ 30))",
        {**operands, "base": money(base), "teto": rate(terms.ceiling)},
        money(interest),
        min(asked, most),
        _dates(delay),
    )


def explain_charge(charge: Charge) -> tuple[Step, ...]:
    """Fine, interest and total of one charge."""
    total = Step(
        "4.4-juros",
        N_("Total da parcela"),
        "{base} + {multa} + {juros}",
        {"base": money(charge.base), "multa": money(charge.fine), "juros": money(charge.interest)},
        money(charge.total),
    )
    if not charge.delay.days:
        return (total,)
    return (
        fine_step(charge.base, charge.fine, charge.terms),
        interest_step(charge.base, charge.interest, charge.delay, charge.terms),
        total,
    )


def correction_step(nominal: int, value: int, factor: Factor) -> Step:
    """The corrected value; the floor where it held."""
    exact = product(nominal, factor.value)
    floored = value == nominal and exact < nominal
    return Step(
        "2.4-piso" if floored else "4.3-correcao",
        N_("Valor corrigido"),
        "max(r({nominal} × {fator}); {nominal})" if floored else "r({nominal} × {fator})",
        {"nominal": money(nominal), "fator": Value(Unit.FACTOR, factor.value)},
        money(value),
        None if floored else exact,
        months=factor.months,
    )


def payment_steps(one: Imputed, terms: AppliedTerms) -> tuple[Step, ...]:
    """One part payment: what it found, and where it went."""
    found = []
    if one.delay.days:
        if one.new_fine:
            found.append(fine_step(one.base, one.new_fine, terms))
        found.append(interest_step(one.base, one.new_interest, one.delay, terms))
    rest = one.base - one.principal
    found.append(
        Step(
            "4.5-imputacao",
            N_("Principal depois do pagamento"),
            "{base} − ({pago} − {juros} − {multa})" if not one.change else "{base} − {principal}",
            {
                "base": money(one.base),
                "pago": money(one.payment.value),
                "juros": money(one.interest),
                "multa": money(one.fine),
            }
            if not one.change
            else {"base": money(one.base), "principal": money(one.principal)},
            money(rest),
            dates=((COUNTED_TO, one.payment.day),),
        )
    )
    return tuple(found)


def explain_line(line: Line) -> tuple[Step, ...]:
    """A line of the statement, from the nominal value to the total."""
    if not line.is_open:
        return ()
    found: list[Step] = []
    opened = line.open
    first = opened.imputed[0].base if opened.imputed else opened.principal
    if line.factor.months or line.factor.value != 1:
        found.append(correction_step(line.instalment.original, first, line.factor))
    for one in opened.imputed:
        found += payment_steps(one, line.terms)
    found += _open_steps(line, opened)
    return tuple(found)


def _open_steps(line: Line, opened: Open) -> list[Step]:
    found = []
    if opened.new_fine:
        found.append(fine_step(opened.principal, opened.new_fine, line.terms))
    if opened.delay.days:
        interest = line.interest - opened.pending_interest
        found.append(interest_step(opened.principal, interest, opened.delay, line.terms))
    found.append(
        Step(
            "4.4-juros",
            N_("Total da parcela"),
            "{base} + {multa} + {juros}",
            {
                "base": money(opened.principal),
                "multa": money(line.fine),
                "juros": money(line.interest),
            },
            money(line.total),
            dates=((DUE, line.instalment.due),),
        )
    )
    return found
