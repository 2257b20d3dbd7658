"""Which arithmetic answers `/reparcelamento`: a setting of each company."""

from app.company import service as company
from app.company.fields import Choice, Section, register
from app.debts.engine import legacy
from app.extensions import current_settings
from app.words import N_

GUICHE = "guiche"

POLICY = Choice(
    "debt_contract_policy",
    N_("Propostas da API antiga (/reparcelamento)"),
    GUICHE,
    N_("O modo antigo desconta principal: responde só estimativas, que não são enviadas nem "
       "aceitas aqui dentro."),
    initial=lambda: current_settings().politica_reparcelamento,
    options={
        GUICHE: N_("Guichê: a política de renegociação em vigor"),
        legacy.NAME: N_("Legado: as contas do sistema antigo, como estimativa"),
    },
)  # fmt: skip
SECTION = register(
    Section(
        "debt_contract",
        N_("API de consulta e renegociação"),
        N_("O que os fluxos de conversa que já existem recebem como resposta."),
        (POLICY,),
    )
)


def is_legacy() -> bool:
    """Whether the replaced system's arithmetic is asked for."""
    return company.get(POLICY) == legacy.NAME
