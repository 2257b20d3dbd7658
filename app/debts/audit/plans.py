"""Cases of plans, dates, costs and documents."""

from collections.abc import Callable
from enum import StrEnum

from app.contacts import ids
from app.debts.audit.overdue import Calendar, Found
from app.debts.audit.reading import Inputs, exact_money
from app.debts.engine.calendar import NATIONAL, first_due_date, monthly_due_dates
from app.debts.engine.cost import dated_cost, monthly_cost
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import to_reais
from app.debts.engine.plans import MOST_INSTALMENTS, Method, Plan, equal_split, plan
from app.words import N_


class Period(StrEnum):
    """How far apart the payments of a cost are."""

    MONTHLY = "mensal"


def _lines(made: Plan) -> list[Found]:
    return [
        {
            "k": line.k,
            "parcela": to_reais(line.payment),
            "juros": to_reais(line.interest),
            "amortizacao": to_reais(line.amortisation),
            "saldo": to_reais(line.balance),
        }
        for line in made.lines
    ]


def table(method: Method) -> Callable[[Inputs], Found]:
    """`price`, `sac`, `gauss`: the whole table of a method."""

    def case_of(case: Inputs) -> Found:
        case.word("metodo", Method, method)
        made = plan(method, case.cents("valor"), case.rate("taxa_mes"), case.whole("n"))
        regular = "amortizacao_regular" if method == Method.SAC else "parcela_regular"
        return {
            regular: to_reais(made.regular),
            "primeira": to_reais(made.lines[0].payment),
            "ultima": to_reais(made.lines[-1].payment),
            "total_pago": to_reais(made.total),
            "total_juros": to_reais(made.interest),
            "linhas": _lines(made),
        }

    return case_of


def equal(case: Inputs) -> Found:
    """`parcelas_iguais`."""
    parts = equal_split(case.cents("valor"), case.whole("n"))
    return {
        "parcelas": [to_reais(one) for one in parts],
        "primeira": to_reais(parts[0]),
        "ultima": to_reais(parts[-1]),
        "soma": to_reais(sum(parts)),
    }


def _anchor(case: Inputs, default: int | None = None) -> int:
    anchor = case.whole("dia_ancora", default)
    if not 1 <= anchor <= 31:
        raise DebtFault(N_("o dia de vencimento vai de 1 a 31"), field="dia_ancora", value=anchor)
    return anchor


def due_dates(case: Inputs) -> Found:
    """`vencimentos`: the anchor kept from month to month."""
    case.word("calendario", Calendar, Calendar.ANBIMA)
    first, count = case.day("primeiro_vencimento"), case.whole("n")
    if not 1 <= count <= MOST_INSTALMENTS:
        raise DebtFault(N_("o número de parcelas vai de 1 a 120"), field="n", value=count)
    days = monthly_due_dates(first, _anchor(case, first.day), count)
    return {
        "vencimentos": [day.isoformat() for day in days],
        "pagavel_ate": [NATIONAL.payable_until(day).isoformat() for day in days],
    }


def business_days(case: Inputs) -> Found:
    """`dias_uteis`: so many bank days after a day."""
    case.word("calendario", Calendar, Calendar.ANBIMA)
    start, count = case.day("inicio"), case.whole("dias_uteis")
    if not 0 <= count <= 10_000:
        raise DebtFault(N_("não é um número inteiro possível"), field="dias_uteis", value=count)
    end = NATIONAL.add_business_days(start, count)
    return {"fim": end.isoformat(), "dias_corridos": (end - start).days}


def first_instalment(case: Inputs) -> Found:
    """`primeira_parcela`: the first due date after a down payment."""
    case.word("calendario", Calendar, Calendar.ANBIMA)
    down = case.day("data_entrada")
    day = first_due_date(down, _anchor(case), case.whole("intervalo_minimo_dias", 20))
    return {
        "vencimento": day.isoformat(),
        "pagavel_ate": NATIONAL.payable_until(day).isoformat(),
        "dias": (day - down).days,
    }


def cost(case: Inputs) -> Found:
    """`cet`: monthly payments."""
    case.word("periodicidade", Period, Period.MONTHLY)
    payments = [exact_money(one) for one in case.numbers("parcelas_mensais")]
    found = monthly_cost(case.cents("valor_liquido"), payments)
    return {"taxa_mes_pct": found.month, "cet_ano_pct": found.year}


def cost_by_dates(case: Inputs) -> Found:
    """`cet_datas`: dated payments."""
    flows = [(row.day("data"), row.cents("valor")) for row in case.rows("fluxos")]
    basis = case.whole("base_dias", 365)
    if not 360 <= basis <= 366:
        raise DebtFault(N_("não é um número inteiro possível"), field="base_dias", value=basis)
    found = dated_cost(case.cents("valor_liquido"), case.day("data_base"), flows, basis)
    return {"cet_ano_pct": found}


def cpf(case: Inputs) -> Found:
    """`cpf`."""
    return {"valido": ids.cpf(str(case.raw("cpf"))) is not None}


def cnpj(case: Inputs) -> Found:
    """`cnpj`, letters included."""
    return {"valido": ids.cnpj(str(case.raw("cnpj"))) is not None}
