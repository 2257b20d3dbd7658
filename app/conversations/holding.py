"""How long what a person sends can be taken back: their own choice, or the company's."""

from app.accounts.models import User
from app.company import service as company
from app.company.fields import Section, Whole, register
from app.extensions import current_settings
from app.words import N_

UNDO_SECONDS = Whole(
    "undo_send_seconds",
    N_("Desfazer o envio de uma mensagem por"),
    5,
    N_(
        "Nesse tempo a mensagem espera para sair. Com 0 ela sai na hora. Cada pessoa pode escolher "
        "outro tempo na própria conta."
    ),
    least=0,
    most=30,
    unit=N_("segundos"),
    initial=lambda: current_settings().undo_send_seconds,
)
SECTION = register(Section("sending", N_("Envio de mensagens"), "", (UNDO_SECONDS,)))


def company_undo_seconds() -> int:
    """What holds for whoever chose nothing."""
    return company.get(UNDO_SECONDS)


def undo_seconds_of(person: User) -> int:
    """Seconds; 0 when messages leave at once."""
    chosen = person.undo_send_seconds
    return company_undo_seconds() if chosen is None else chosen
