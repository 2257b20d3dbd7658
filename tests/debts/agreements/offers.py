"""Offers for tests: figures as they are frozen, for a debt that a sentence describes."""

from datetime import date
from typing import Any

from app.debts.agreements.figures import Figures, Option
from app.debts.engine.charges import AppliedTerms
from app.debts.engine.debt import debt_of, overdue_line
from app.debts.engine.disclosure import Creditor, disclose
from app.debts.engine.offer import propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.proposals import Frame

CREDITOR = Creditor(
    "Parque dos Ipês Empreendimento Imobiliário SPE Ltda.",
    "11222333000181",
    "Rua das Acácias Exemplo, 100, sala 1204, Ribeirão Preto, SP, CEP 00000-000",
    "financeiro.cobranca@parquedosipes.exemplo.com.br",
)
ISSUED = date(2026, 11, 23)


def figures_of(*owed: tuple[int, int], **fields: Any) -> Figures:
    """The default policy's offer for instalments of (cents, days late), issued on a Monday."""
    terms = AppliedTerms(GUICHE.multa, GUICHE.mora_mes)
    lines = [
        overdue_line(cents, days, terms, instalment=f"{place}/48", due=ISSUED)
        for place, (cents, days) in enumerate(owed, 12)
    ]
    known = {"months_remaining": 30, "future_monthlies": 30, "current_instalment": 90_000}
    debt, frame = debt_of(lines, **known), Frame(ISSUED, 10)
    proposals = propose(debt, GUICHE, frame).proposals
    options = tuple(Option(one, disclose(one, GUICHE, CREDITOR, frame)) for one in proposals)
    until = proposals[0].valid_until
    assert until is not None
    given: dict[str, Any] = {
        "offer_id": 7,
        "content_hash": "ab" * 32,
        "customer": "MARIA APARECIDA DOS SANTOS OLIVEIRA",
        "unit": "Bloco B · Apto 1204",
        "project": "Parque dos Ipês",
        "bill": "4521",
        "creditor": CREDITOR,
        "issued": ISSUED,
        "valid_until": until,
        "debt": debt,
        "policy": GUICHE,
        "options": options,
    } | fields
    return Figures(**given)
