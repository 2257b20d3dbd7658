"""What the answers say to customers, in Brazilian Portuguese. Pure: figures in, text out."""

from collections.abc import Sequence

from app.debts.engine.disclosure import cost_of, dated_cost_of
from app.debts.engine.legacy import LABEL, Estimate
from app.debts.engine.policies import Mode
from app.debts.engine.proposals import Frame, Proposal
from app.debts.engine.statement.analysis import Statement
from app.debts.engine.statement.lines import Status
from app.debts.engine.writing import brl, day, number, percent
from app.debts.lookups.terms import Creditor

NOT_FOUND = "Cliente não encontrado em nossa base de dados."
NO_DATA = "Nenhum dado encontrado para o cliente e unidade informados."
NO_UNITS = "Não encontramos unidades neste cadastro. Fale com a nossa equipe."
BLOCKED = (
    "Esta unidade precisa do atendimento da nossa equipe. Fale conosco por aqui ou pelos nossos "
    "canais oficiais."
)
NOTHING_LATE = "Não há parcela vencida nesta unidade. Está tudo em dia."
TOO_LITTLE = "O valor vencido é muito pequeno para um acordo. Fale com a nossa equipe."
COMING = (Status.SOON, Status.FUTURE)


def unit_name(project: str, unit: str, contract: str) -> str:
    """How a unit is called in the list: the project with it, since people have several."""
    return " · ".join(part for part in (project, unit) if part) or f"Contrato {contract}"


def listed(names: Sequence[str]) -> str:
    """One line a unit, numbered as it is chosen."""
    lines = "\n".join(f"{place}. {name} " for place, name in enumerate(names, 1))
    return f"Encontramos estas unidades no seu cadastro. Responda com o número dela:\n{lines}"


def chosen(name: str) -> str:
    """That a unit was chosen."""
    return f"Você selecionou a unidade: {name}"


def summary(name: str, statement: Statement, creditor: Creditor) -> str:
    """What is paid, overdue and coming."""
    late, coming, paid = statement.sum(Status.OVERDUE), statement.sum(*COMING), statement.paid
    lines = [
        f"Resumo de {name} em {day(statement.day)}:",
        "",
        f"Parcelas pagas: {paid.count} · R$ {brl(paid.amount)}",
        f"Vencidas: {late.count} · R$ {brl(late.amount)}{_oldest(statement)}",
    ]
    if late.count:
        overdue = statement.overdue
        lines += [
            f"• valor corrigido: R$ {brl(sum(one.principal for one in overdue))}",
            f"• multa: R$ {brl(sum(one.fine for one in overdue))}",
            f"• juros de mora: R$ {brl(sum(one.interest for one in overdue))}",
        ]
    lines.append(f"A vencer: {coming.count} · R$ {brl(coming.amount)}{_next(statement)}")
    lines.append(f"Saldo devedor: R$ {brl(statement.open_total)}")
    return "\n".join([*lines, *_signed(creditor)])


def _oldest(statement: Statement) -> str:
    first = min((one.instalment.due for one in statement.overdue), default=None)
    return f" (a mais antiga venceu em {day(first)})" if first else ""


def _next(statement: Statement) -> str:
    one = statement.next_due
    return f" (próxima em {day(one.instalment.due)}, R$ {brl(one.total)})" if one else ""


def _signed(creditor: Creditor) -> list[str]:
    """Every collection document names the creditor (CDC art. 42-A)."""
    known = [creditor.name, f"CNPJ {creditor.cnpj}" if creditor.cnpj else "", creditor.address]
    text = " · ".join(part for part in known if part)
    return ["", text] if text else []


def proposal(one: Proposal, place: int, frame: Frame, creditor: Creditor) -> str:
    """One of the three, with what the law wants said of it."""
    text = f"Opção {place}: {_terms(one, frame)}"
    if one.valid_until is not None:
        text += f" Válida até {day(one.valid_until)}; é só uma simulação até você aceitar."
    return "\n".join([text, *_signed(creditor)[1:]])


def _terms(one: Proposal, frame: Frame) -> str:
    saved = f" Desconto de R$ {brl(one.discount)} em multa e juros." if one.discount else ""
    if not one.lines:
        return f"à vista, R$ {brl(one.total)}.{saved}"
    entry = f"entrada de R$ {brl(one.entry)} + " if one.entry else ""
    spread = " somadas às próximas mensais" if one.terms.mode == Mode.SPREAD else ""
    return f"{entry}{_lines(one)}{spread}. Total R$ {brl(one.total)}.{_interest(one, frame)}{saved}"


def _lines(one: Proposal) -> str:
    count, first, last = len(one.lines), one.first or 0, one.last or 0
    if count == 1:
        return f"1 parcela de R$ {brl(first)}"
    if abs(first - last) < 1_00:  # an equal split's last one takes up the cents
        tail = "" if first == last else f" (a última de R$ {brl(last)})"
        return f"{count}x de R$ {brl(first)}{tail}"
    return f"{count} parcelas, de R$ {brl(first)} a R$ {brl(last)}"


def _interest(one: Proposal, frame: Frame) -> str:
    if not one.plan_interest:
        return " Sem juros. CET 0,00% ao ano."
    cost = number(dated_cost_of(one, frame) or cost_of(one).year)
    rate = percent(one.terms.rate)
    return f" Juros de {rate} ao mês sobre o principal ({one.terms.method}). CET {cost}% ao ano."


def indicated(one: Proposal, place: int, frame: Frame, monthly: int) -> str:
    """The one that fits what the customer said."""
    terms = _terms(one, frame)
    return f"Com R$ {brl(monthly)} por mês, a mais indicada é a opção {place}: {terms}"


def estimate(one: Estimate, place: int) -> str:
    """One of the replaced system's three, labelled."""
    cut = f" com {percent(one.discount)} de desconto" if one.discount else ""
    return (
        f"Opção {place}: {one.count}x de R$ {brl(one.instalment)}{cut}. "
        f"Total R$ {brl(one.total)}. {LABEL}"
    )


def indicated_estimate(one: Estimate, place: int, monthly: int) -> str:
    """The estimate that fits."""
    return (
        f"Com R$ {brl(monthly)} por mês, a mais indicada é a opção {place}: {one.count}x de "
        f"R$ {brl(one.instalment)}. {LABEL}"
    )
