"""What a column of a portfolio's spreadsheet can mean, and what it probably means by its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.contacts.custom_fields.values import fold
from app.words import N_

CONTRACT, DUE, VALUE = "contract", "due", "value"
NEEDED = (CONTRACT, DUE, VALUE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a column can mean; `name` and `hint` are marked words."""

    key: str
    name: str
    names: tuple[str, ...]  # how the spreadsheets of others call it, folded


MEANINGS = (
    Meaning(CONTRACT, N_("Contrato"), (
        "contrato", "titulo", "numero do contrato", "n contrato", "id contrato", "contract",
        "billreceivableid", "receivablebillid", "billid", "cod contrato", "codigo do contrato",
    )),
    Meaning(DUE, N_("Vencimento"), (
        "vencimento", "data de vencimento", "data vencimento", "dt vencimento", "vence em",
        "duedate", "due date",
    )),
    Meaning(VALUE, N_("Valor original"), (
        "valor", "valor original", "valor da parcela", "valor parcela", "saldo", "saldo original",
        "originalvalue", "originalamount", "balanceamount", "value", "principal",
    )),
    Meaning("corrected", N_("Valor corrigido"), (
        "valor corrigido", "saldo corrigido", "correctedbalanceamount", "currentbalance",
        "valor atualizado",
    )),
    Meaning("kind", N_("Tipo da parcela"), (
        "tipo", "tipo da parcela", "condicao", "tipo de condicao", "conditiontype",
        "conditiontypeid", "paymentterm", "kind",
    )),
    Meaning("settled", N_("Já paga"), (
        "paga", "pago", "quitada", "situacao", "settled", "status", "ja paga",
    )),
    Meaning("index", N_("Índice"), (
        "indice", "indexador", "index", "indexername", "indice de correcao",
    )),
    Meaning("base", N_("Data-base"), (
        "data base", "database", "base", "mes base", "basedate", "installmentbasedate",
    )),
    Meaning("fine", N_("Multa (%)"), ("multa", "multa percentual", "finerate", "fine")),
    Meaning("interest", N_("Juros de mora (% ao mês)"), (
        "juros", "juros de mora", "mora", "juros ao mes", "juros de mora ao mes",
        "interestpercentage", "interest",
    )),
    Meaning("term", N_("Prazo do contrato (meses)"), (
        "prazo", "prazo meses", "prazo em meses", "meses", "term", "prazo do contrato meses",
        "prazo do contrato",
    )),
    Meaning("broken", N_("Acordos quebrados"), ("acordos quebrados", "quebras", "broken")),
    Meaning("income", N_("Renda declarada"), (
        "renda", "renda declarada", "renda mensal", "income",
    )),
)  # fmt: skip
BY_KEY = {one.key: one for one in MEANINGS}


def guess(header: Sequence[str]) -> list[str]:
    """What each column means, "" where its name says nothing; the first of two alike wins."""
    taken: set[str] = set()
    found = []
    for title in header:
        key = _meaning_of(title)
        found.append("" if key in taken else key)
        taken.add(key)
    return found


def _meaning_of(title: str) -> str:
    plain = " ".join(re.findall(r"[a-z0-9]+", fold(title).replace(".", "")))
    return next((one.key for one in MEANINGS if plain in one.names), "")
