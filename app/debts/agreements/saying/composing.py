"""What the company's texts say of offers and agreements: their variables, from frozen figures."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app import clock
from app.contacts.ids import display_cnpj
from app.debts.agreements.figures import Figures, Option, Payment
from app.debts.agreements.places import UNKNOWN
from app.debts.engine.disclosure import Creditor
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode
from app.debts.engine.writing import brl, day, number, percent

# Said to customers in Portuguese, as the company's own texts are.
METHODS = {Method.EQUAL: "parcelas iguais", Method.SAC: "SAC", Method.PRICE: "Price",
           Method.GAUSS: "Gauss, juros simples"}  # fmt: skip
WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
            "sábado", "domingo")  # fmt: skip
COMPANIES = {"LTDA", "S.A", "SA", "ME", "EIRELI", "EPP"}


def first_name(name: str) -> str:
    """`Maria` of `MARIA TESTE DE SOUZA`; a company by its whole name."""
    words = name.split()
    if not words:
        return "cliente"
    if any(
        word.upper().rstrip(".,") in {"LTDA", "S.A", "SA", "ME", "EIRELI", "EPP"} for word in words
    ):
        return " ".join(words)[:60]
    return words[0].capitalize() if words[0].isupper() or words[0].islower() else words[0]


def shown_cnpj(text: str) -> str:
    """`90.035.744/0001-34`; what is no CNPJ as it is."""
    return display_cnpj(text) if len(text) == 14 else text


def creditor_values(creditor: Creditor) -> dict[str, str]:
    """Who is paid, as every collection document names them."""
    return {
        "razao_social": creditor.name,
        "cnpj": shown_cnpj(creditor.cnpj),
        "endereco": creditor.address,
        "email_oficial": creditor.electronic,
    }


def footer(name: str, cnpj: str, address: str, phone: str) -> str:
    """Who writes, and how to check it and to make it stop."""
    told = creditor_values(Creditor(name, cnpj, address))
    line = " · ".join(
        part for part in (told["razao_social"], f"CNPJ {told['cnpj']}", told["endereco"]) if part
    )
    call = f"Para falar por telefone: {phone}. " if phone else ""
    return f"{line}\n{call}Para não receber mensagens por aqui, responda PARAR."


def option_line(option: Option) -> str:
    """One proposal in a line or two, its figures those of the approved set."""
    one = option.proposal
    if option.is_cash:
        return (
            f"{one.letter}) À vista: R$ {brl(one.total)}{_by(one.valid_until)}.{_discount(option)}"
        )
    cost = number(option.shown.dated_cost if option.shown.dated_cost is not None
                  else option.shown.cost.year)  # fmt: skip
    entry = f"Entrada R$ {brl(one.entry)} + " if one.entry else ""
    if one.terms.mode == Mode.SINGLE:
        return (
            f"{one.letter}) Um pagamento de R$ {brl(one.total)}"
            f"{_by(one.lines[0].due if one.lines else None)}. Sem juros, CET 0,00% a.a."
        )
    plan = f"{one.letter}) {entry}{plan_words(option)}. Total R$ {brl(one.total)}."
    if one.plan_interest:
        rate = percent(option.shown.month_rate)
        return (
            f"{plan} Juros {rate} a.m. ({yearly(option)} a.a.) sobre o principal, "
            f"{METHODS[one.terms.method]}. CET {cost}% a.a."
        )
    return f"{plan} Sem juros, CET 0,00% a.a.{_discount(option)}"


def plan_words(option: Option) -> str:
    """`6x de R$ 341,20`, or from the first to the last where they differ by more than cents."""
    lines = option.proposal.lines
    if not lines:
        return ""
    first, last = lines[0].payment, lines[-1].payment
    where = " somadas às próximas mensais" if option.proposal.terms.mode == Mode.SPREAD else ""
    if abs(first - last) <= len(lines):
        return f"{len(lines)}x de R$ {brl(first)}{where}"
    return f"{len(lines)} parcelas, de R$ {brl(first)} a R$ {brl(last)}{where}"


def yearly(option: Option) -> str:
    """The yearly rate with two decimals, as offers print it."""
    rate = (option.shown.year_rate * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{number(rate)}%"


def _by(until: date | None) -> str:
    return f" até {day(until)}" if until else ""


def _discount(option: Option) -> str:
    waived = option.proposal.discount
    return f" Desconto de R$ {brl(waived)}." if waived else ""


def proposal_values(figures: Figures, opening: str, link: str) -> dict[str, str]:
    """Those of the text that brings the proposals."""
    count = len(figures.options)
    quantity = {1: "preparei uma opção para", 2: "preparei 2 opções para"}.get(
        count, f"preparei {count} opções para"
    )
    letters = list(figures.letters)
    said = letters[0] if count == 1 else f"{', '.join(letters[:-1])} ou {letters[-1]}"
    late = (
        f"Atraso nas novas parcelas: multa de {percent(figures.policy.multa)} e juros de "
        f"{percent(figures.policy.mora_mes)} a.m. "
    )
    has_plan = any(not one.is_cash for one in figures.options)
    return {
        "primeiro_nome": first_name(figures.customer),
        "opcoes_para": quantity,
        "unidade": figures.place,
        "total_vencido": brl(figures.debt.total),
        "abertura": opening,
        "opcoes": "\n\n".join(option_line(one) for one in figures.options),
        "atraso": late if has_plan else "",
        **creditor_values(figures.creditor),
        "validade": day(figures.valid_until),
        "letras": said,
        "link": link,
    }


def payment_lines(option: Option) -> str:
    """What is to be paid when, in two or three lines."""
    payments = option.payments
    if option.is_cash or len(payments) == 1:
        return f"Pagamento: R$ {brl(payments[0].amount)} até {day(payments[0].due)}"
    lines = []
    if payments[0].number == 0:
        lines.append(f"Entrada: R$ {brl(payments[0].amount)} até {day(payments[0].due)}")
    rest = [one for one in payments if one.number]
    lines.append(f"Parcelas: {plan_words(option)}")
    lines.append(f"Primeira em {day(rest[0].due)} · última em {day(rest[-1].due)}")
    return "\n".join(lines)


def acceptance_values(
    figures: Figures, option: Option, number_of: str, at: datetime, link: str
) -> dict[str, str]:
    """Those of the text that confirms a choice."""
    begins = "da entrada" if option.proposal.entry and not option.is_cash else "combinado"
    return {
        "primeiro_nome": first_name(figures.customer),
        "data_hora": f"{at.astimezone(clock.COMPANY_ZONE):%d/%m/%Y %H:%M}",
        "opcao": option.letter,
        "unidade": figures.place,
        "pagamentos": payment_lines(option),
        "total": brl(option.proposal.total),
        "protocolo": number_of,
        "do_que": begins,
        "link": link,
        **creditor_values(figures.creditor),
        "validade": day(figures.valid_until),
    }


def instalment_name(number_of: int, count: int) -> str:
    """`a entrada`, `a parcela 3 de 12`, or the one payment."""
    if number_of == 0:
        return "a entrada" if count else "o pagamento"
    return "o pagamento" if count == 1 else f"a parcela {number_of} de {count}"


def payment_values(
    customer: str,
    company: str,
    agreement: str,
    payment: Payment,
    count: int,
    creditor: Creditor,
    link: str,
    until: date,
) -> dict[str, str]:
    """Those of reminders and notices about one payment of an agreement."""  # fmt: skip
    name = instalment_name(payment.number, count)
    return {
        "primeiro_nome": first_name(customer),
        "empresa": company,
        "protocolo": agreement,
        "parcela": name,
        "numero": str(payment.number),
        "total_parcelas": str(count),
        "valor": brl(payment.amount),
        "vencimento": day(payment.due),
        "dia_semana": WEEKDAYS[payment.due.weekday()],
        "data_limite": day(until),
        "link": link,
        **creditor_values(creditor),
    }


def unit_lines(places: Sequence[tuple[str, str]]) -> str:
    """`1) Parque dos Ipês · Bloco B, Apto 1204 · contrato 4521`; no amounts."""
    return "\n".join(
        f"{place}) {unit} · contrato {bill}" for place, (unit, bill) in enumerate(places, 1)
    )


def local_day(moment: datetime) -> date:
    """The company's own day of a moment."""
    return moment.astimezone(UNKNOWN.zone).date()
