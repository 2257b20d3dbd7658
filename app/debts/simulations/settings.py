"""What the company says about itself in every offer (CDC art. 42-A)."""

from app.company import service as company
from app.company.fields import Section, Words, register
from app.extensions import current_settings
from app.words import N_


def _own_address() -> str:
    settings = current_settings()
    return settings.public_url or f"http://127.0.0.1:{settings.port}"


ELECTRONIC = Words(
    "debts_electronic_address",
    N_("Endereço eletrônico do credor"),
    "",
    N_("Um site ou e-mail: a lei quer este dado em cada oferta. Vazio, vale o endereço daqui."),
    initial=_own_address,
    longest=120,
)
SECTION = register(
    Section(
        "debts",
        N_("Negociação de dívidas"),
        N_("O que toda oferta diz do credor."),
        (ELECTRONIC,),
    )
)


def electronic_address() -> str:
    """Where the creditor is reached by electronic means."""
    return company.get(ELECTRONIC) or _own_address()
