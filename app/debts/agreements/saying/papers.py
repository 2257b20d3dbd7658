"""The papers: the proposals with their whole tables, and the term of an agreement, set by Typst.

Both are made from frozen content alone and carry its hash, so that a paper can be checked. What
people and the ERP wrote goes in as data: Typst never reads it as its own language.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from app import clock
from app.contacts.ids import cnpj as checked_cnpj
from app.contacts.ids import display_cnpj
from app.debts.agreements.figures import Figures, Option
from app.debts.agreements.saying.composing import METHODS, plan_words, yearly
from app.debts.engine.policies import Mode
from app.debts.engine.writing import brl, day, percent

FOLDER = Path(__file__).resolve().parents[4] / "templates" / "debts"
PAPER = FOLDER / "paper.typ"
# Texts to customers are in the company's language, whatever the screens speak.
TITLES = {"A": "À vista", "B": "Entrada e curto prazo", "C": "Longo prazo"}


def proposal_paper(figures: Figures, company: str, printed: datetime) -> bytes:
    """The proposals side by side and, behind them, each one's whole table."""
    return _set(
        {
            "title": "Propostas de regularização",
            "number": f"Proposta {figures.offer_id}",
            **_common(figures, company, printed),
            "options": [_option(one) for one in figures.options],
            "clauses": [
                ["Validade", f"Estas propostas valem até {day(figures.valid_until)}. São uma "
                             "simulação até que uma delas seja aceita."],
                *_rights(figures),
            ],
            "signers": [],
        }
    )  # fmt: skip


def term_paper(
    figures: Figures,
    option: Option,
    facts: dict[str, str],
    number_of: str,
    company: str,
    printed: datetime,
) -> bytes:
    """The term: what was chosen, how it was accepted, and the clauses.

    `facts` says who accepted, when and how, in words.
    """
    return _set(
        {
            "title": "Termo de acordo e confissão de dívida",
            "number": f"Acordo {number_of}",
            **_common(figures, company, printed),
            "options": [_option(option)],
            "acceptance": [[name, value] for name, value in facts.items()],
            "clauses": [*_clauses(figures, option), *_rights(figures)],
            "signers": [figures.creditor.name, figures.customer],
        }
    )


def _set(data: dict[str, Any]) -> bytes:
    given = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.compile(PAPER.read_bytes(), sys_inputs=given, ignore_system_fonts=True)


def _common(figures: Figures, company: str, printed: datetime) -> dict[str, Any]:
    creditor = figures.creditor
    cnpj = checked_cnpj(creditor.cnpj)
    local = printed.astimezone(clock.COMPANY_ZONE)
    return {
        "company": company,
        "fingerprint": figures.content_hash,
        "printed": f"Emitido em {local:%d/%m/%Y %H:%M} (horário de Brasília)",
        "acceptance": [],
        "facts": [
            ["Cliente", figures.customer],
            ["Unidade", figures.place],
            ["Contrato", figures.bill],
            ["Data-base", day(figures.issued)],
            ["Credora", creditor.name],
            ["CNPJ", display_cnpj(cnpj) if cnpj else creditor.cnpj],
            ["Endereço", creditor.address],
            ["Contato", creditor.electronic],
        ],
        "owed": [
            [
                line.instalment or "–", day(line.due) if line.due else "–",
                str(line.days) if line.days else "–",
                brl(line.principal), brl(line.fine), brl(line.interest), brl(line.total),
            ]
            for line in figures.debt.lines
        ],
        "owed_total": [
            brl(figures.debt.principal), brl(figures.debt.fine), brl(figures.debt.interest),
            brl(figures.debt.total),
        ],
        "policy": f"Política {figures.policy.label} · multa até {percent(figures.policy.multa)}, "
                  f"juros de mora até {percent(figures.policy.mora_mes)} a.m., "
                  "contados por dia corrido (dias ÷ 30)",
    }  # fmt: skip


def _option(option: Option) -> dict[str, Any]:
    one, shown = option.proposal, option.shown
    cost = shown.dated_cost if shown.dated_cost is not None else shown.cost.year
    facts = [
        ["Total", f"R$ {brl(one.total)}"],
        ["Desconto na multa", f"R$ {brl(one.fine_discount)}"],
        ["Desconto nos juros de mora", f"R$ {brl(one.interest_discount)}"],
    ]
    if one.principal_discount:
        facts.append(["Desconto no principal", f"R$ {brl(one.principal_discount)}"])
    if option.is_cash:
        facts.append(["Pagamento", f"R$ {brl(one.total)}, até {_day(one.valid_until)}"])
    else:
        if one.entry:
            facts.append(["Entrada", f"R$ {brl(one.entry)}, até {_day(one.valid_until)}"])
            facts.append(
                ["A entrada paga",
                 f"juros R$ {brl(one.entry_to_interest)}, multa R$ {brl(one.entry_to_fine)}, "
                 f"principal R$ {brl(one.entry_to_principal)}"]
            )  # fmt: skip
        facts.append(["Parcelas", plan_words(option)])
        facts.append(["Valor parcelado", f"R$ {brl(one.financed)}"])
        facts.append(["Juros do parcelamento", _interest(option)])
        facts.append(["Total à vista e a prazo",
                      f"R$ {brl(one.base)} sem juros; R$ {brl(one.total)} a prazo"])  # fmt: skip
    facts.append(["Custo efetivo total (CET)", f"{cost:.2f}".replace(".", ",") + "% a.a."])
    return {
        "letter": one.letter,
        "title": _title(option),
        "facts": facts,
        "lines": [
            [
                str(line.k), _day(line.due), brl(line.principal), brl(line.charges),
                brl(line.interest + line.grace_interest), brl(line.payment), brl(line.balance),
            ]
            for line in one.lines
        ],
        "sums": [
            brl(sum(line.principal for line in one.lines)),
            brl(sum(line.charges for line in one.lines)),
            brl(sum(line.interest + line.grace_interest for line in one.lines)),
            brl(sum(line.payment for line in one.lines)),
        ],
        "check": f"Entrada R$ {brl(one.entry)} + parcelas "
                 f"R$ {brl(sum(line.payment for line in one.lines))} = R$ {brl(one.total)}",
    }  # fmt: skip


def _title(option: Option) -> str:
    if option.proposal.terms.mode == Mode.SPREAD:
        return "Somada às próximas parcelas"
    if option.proposal.terms.mode == Mode.SINGLE:
        return "Um pagamento em 30 dias"
    return TITLES.get(option.letter, "Proposta")


def _interest(option: Option) -> str:
    if not option.proposal.plan_interest:
        return "sem juros"
    shown = option.shown
    method = METHODS[option.proposal.terms.method]
    return (
        f"{percent(shown.month_rate)} a.m. ({yearly(option)} a.a.), só sobre o principal, "
        f"método {method}: R$ {brl(option.proposal.plan_interest)} no total"
    )


def _day(value: Any) -> str:
    return day(value) if value else "–"


def _rights(figures: Figures) -> list[list[str]]:
    """CDC arts. 52 and 54-B, said on both papers."""
    return [
        ["Antecipação", "Você pode quitar antes, no todo ou em parte, com redução proporcional dos "
                        "juros e demais acréscimos (CDC, art. 52, § 2º)."],
        ["Atraso nas novas parcelas", f"Multa de {percent(figures.policy.multa)} sobre a parcela e "
                                      f"juros de {percent(figures.policy.mora_mes)} ao mês, "
                                      "proporcionais aos dias, sem capitalização."],
        ["Pagamento", f"Antes de pagar, confira o beneficiário: {figures.creditor.name}, "
                      f"CNPJ {figures.creditor.cnpj}."],
    ]  # fmt: skip


def _clauses(figures: Figures, option: Option) -> list[list[str]]:
    correction = (
        "As parcelas são fixas, sem índice."
        if len(option.proposal.lines) <= 12
        else "Correção futura anual, pelo índice do contrato."
    )
    return [
        ["Objeto", "O cliente reconhece as parcelas acima e as partes ajustam a forma de pagá-las. "
                   "As demais parcelas do contrato continuam como estão."],
        ["Início", "O acordo só passa a valer com o pagamento da entrada, ou do pagamento único. "
                   "Até lá o contrato e seus encargos continuam como estão."],
        ["Novação", "Este acordo não constitui novação: as garantias e as demais condições do "
                    "contrato são mantidas."],
        ["Correção", correction],
        ["Quebra", "A parcela não paga em 10 dias corridos depois do último dia para pagá-la, com "
                   "aviso, desfaz o acordo: voltam as parcelas originais, descontado o que foi "
                   "pago na ordem das datas, e perdem-se os descontos."],
        ["Credor e contrato", "Um credor e um contrato por acordo."],
    ]  # fmt: skip
