"""What the company tells customers on their way to a consultant; it edits the words."""

from app.company.fields import Choice, Flag, Section, Whole, Words, register
from app.forwarding import customer_words
from app.words import N_

HINT = N_(
    "Pode usar {posicao}, {espera} e {nome}. Vazia: nada é dito. O texto original é traduzido "
    "para o idioma do cliente; o seu vai como você escreveu."
)

ENTERED = Words(
    "line_entered",
    N_("Ao entrar na fila"),
    customer_words.ENTERED,
    HINT,
)
MOVED = Words(
    "line_moved",
    N_("Quando a fila anda"),
    customer_words.MOVED,
    N_("Só quando a posição cai pela metade ou chega a 1. Usa as mesmas palavras."),
)
QUIET_MINUTES = Whole(
    "line_quiet_minutes",
    N_("Não avisar de novo antes de"),
    3,
    least=1,
    most=120,
    unit=N_("minutos"),
)
TELLS_HANDED = Words(
    "line_handed",
    N_("Ao passar para o consultor"),
    customer_words.HANDED,
    N_("Pode usar {consultor}, {protocolo} e {nome}. Vazia: nada é dito."),
)
SILENT_RETURNS = Flag(
    "line_silent_returns",
    N_("Devolver à frente da fila quando o consultor não responde"),
    True,
)
SILENT_MINUTES = Whole(
    "line_silent_minutes",
    N_("Depois de"),
    15,
    N_("Conta desde que o cliente espera pela resposta. Quem não respondeu não recebe de novo "
       "a mesma conversa."),
    least=1,
    most=1440,
    unit=N_("minutos"),
)  # fmt: skip
BOT_CALLS = Choice(
    "line_bot_calls",
    N_("Quando o robô chama uma pessoa"),
    "people",
    N_("Ao consultor da vez vai quem fala um idioma que algum consultor fala; se ninguém estiver "
       "livre, entra na fila."),
    options={
        "people": N_("A conversa fica sem dono, para quem assumir primeiro"),
        "turn": N_("A conversa vai para o consultor da vez"),
    },
)  # fmt: skip
SECTION = register(
    Section(
        "line",
        N_("Fila dos consultores"),
        N_("Vale para as conversas encaminhadas a consultores."),
        (BOT_CALLS, ENTERED, MOVED, QUIET_MINUTES, TELLS_HANDED, SILENT_RETURNS, SILENT_MINUTES),
    )
)
