"""What the customer is told, and what stands on paper: the company decides."""

from flask_babel import gettext as _

from app.company import service as company
from app.company.fields import Flag, Section, Words, register
from app.protocols import numbers
from app.protocols.models import Protocol
from app.words import N_, in_language

CHECK_DIGIT = Flag(
    "protocol_check_digit",
    N_("Imprimir o número com dígito verificador"),
    False,
    N_("Impresso, o protocolo #00001 sai como #00001-8: um algarismo trocado é notado na busca."),
)
TOLD = Words(
    "protocol_told",
    N_("Mensagem com o número"),
    "",
    N_("{protocolo} vira o número. Vazia, a mensagem vai no idioma do contato."),
    longest=1000,
)
CLOSES = Flag(
    "protocol_closes",
    N_("Fechar o protocolo quando a conversa é encerrada"),
    True,
    N_("Se a conversa for reaberta com quem a atendia, o protocolo volta a andamento."),
)
SECTION = register(
    Section(
        "protocols",
        N_("Protocolos"),
        N_("O número que acompanha cada atendimento entregue a um consultor."),
        (TOLD, CLOSES, CHECK_DIGIT),
    )
)


def printed(number: int) -> str:
    """The number as it stands on paper."""
    return numbers.printed(number, company.get(CHECK_DIGIT))


def told(protocol: Protocol, language: str) -> str:
    """What the customer is told of the number, in their language unless the company wrote it."""
    own = company.get(TOLD)
    if own:
        number = numbers.written(protocol.number)
        return own.replace("{protocolo}", number) if "{protocolo}" in own else f"{own} {number}"
    with in_language(language):
        return _(
            "O número do seu protocolo é %(number)s. Guarde-o para falar deste atendimento.",
            number=numbers.written(protocol.number),
        )
