"""The kinds of things that people are told about, and what they ask for when nobody chose."""

from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.words import N_

WAYS = ("bell", "sound", "desktop")


@dataclass(frozen=True, slots=True)
class Kind:
    """One cause. `tone` is how it sounds: a call to come, a tap on the shoulder, or an alarm."""

    key: str
    label: str  # marked with N_; pages say it
    icon: str
    tone: str
    permission: Permission = Permission.CONVERSATIONS_WORK
    says: str = ""  # marked, filled with `by`: what features above say of theirs
    quiet: tuple[str, ...] = ()  # the ways that are off until somebody asks for them


# "unclaimed" and "wrote" are no rows: they are read off the conversations themselves.
UNCLAIMED, WROTE = "unclaimed", "wrote"
GIVEN, TAKEN, MENTION, WOKEN = "given", "taken", "mention", "woken"
FAILED, UNDONE, UNSENT, CHANNEL = "failed", "undone", "unsent", "channel"
APPROVAL, DECIDED = "approval", "decided"
DUE_SOON, LATE, RATED_LOW = "due_soon", "late", "rated_low"

KINDS = (
    Kind(UNCLAIMED, N_("Conversa esperando sem dono"), "user-off", "call"),
    Kind(WROTE, N_("Cliente escreveu numa conversa minha"), "message-circle", "tap"),
    Kind(GIVEN, N_("Passaram uma conversa para mim"), "arrows-exchange", "call"),
    Kind(MENTION, N_("Mencionaram meu nome numa nota"), "at", "call"),
    Kind(WOKEN, N_("Conversa adiada voltou"), "clock", "tap"),
    Kind(DUE_SOON, N_("Prazo perto de vencer"), "alarm", "tap", quiet=("desktop",)),
    Kind(LATE, N_("Prazo perdido"), "alert-triangle", "alarm"),
    Kind(TAKEN, N_("Assumiram uma conversa minha"), "user-check", "tap", quiet=("sound",)),
    Kind(FAILED, N_("Mensagem minha não saiu"), "alert-circle", "alarm"),
    Kind(UNDONE, N_("Reação, edição ou exclusão minha não foi feita"), "alert-circle", "alarm"),
    Kind(UNSENT, N_("Mensagem agendada não saiu"), "calendar-time", "alarm"),
    Kind(
        RATED_LOW,
        N_("Cliente deu nota baixa"),
        "star",
        "tap",
        Permission.CONVERSATIONS_VIEW_ALL,
        quiet=("desktop",),
    ),
    Kind(CHANNEL, N_("Canal desconectado"), "plug", "alarm", Permission.CHANNELS_VIEW),
    Kind(
        APPROVAL,
        N_("Uma oferta de acordo espera minha aprovação"),
        "user-check",
        "call",
        Permission.DEBTS_VIEW,
        N_("%(by)s pede a sua aprovação"),
    ),
    Kind(
        DECIDED,
        N_("Decidiram uma oferta de acordo minha"),
        "checks",
        "tap",
        Permission.DEBTS_VIEW,
        N_("%(by)s decidiu a sua oferta"),
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}


def kinds_for(person: User) -> list[Kind]:
    """What can concern this person."""
    return [kind for kind in KINDS if person.can(kind.permission)]
