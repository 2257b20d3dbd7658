"""What the company asks for when conversations end, and what becomes of those that went quiet."""

from app.company.fields import Choice, Flag, Section, Whole, Words, register
from app.words import N_

REASON = Choice(
    "closing_reason",
    N_("Motivo ao encerrar"),
    "off",
    N_("Sem motivos cadastrados, nada é pedido."),
    options={
        "off": N_("Não pedir"),
        "optional": N_("Pedir, mas deixar encerrar sem"),
        "required": N_("Exigir"),
    },
)
REOPEN_DAYS = Whole(
    "reopen_days",
    N_("Quem volta a escrever continua a mesma conversa por"),
    1,
    N_(
        "Ela reabre com a mesma pessoa, se estiver online e ainda atender; senão, na fila. "
        "Depois disso, ou com 0, começa uma conversa nova."
    ),
    least=0,
    most=90,
    unit=N_("dias"),
)
ENDING = register(
    Section(
        "closing",
        N_("Encerrar e reabrir"),
        N_("Os motivos ficam na página Motivos de encerramento, acima."),
        (REASON, REOPEN_DAYS),
    )
)

SILENCE_CLOSES = Flag(
    "silence_closes", N_("Encerrar sozinha a conversa em que o cliente não responde"), False
)
SILENCE_HOURS = Whole(
    "silence_hours",
    N_("Depois de"),
    24,
    N_("Conta desde a nossa última mensagem. Nunca quando é o cliente que espera por nós."),
    least=1,
    most=720,
    unit=N_("horas sem resposta"),
)
SILENCE_MESSAGE = Words(
    "silence_message",
    N_("Mensagem ao encerrar"),
    N_(
        "Como não tivemos resposta, vamos encerrar este atendimento por aqui. "
        "Se precisar, é só escrever de novo."
    ),
    N_("Vai em nome do sistema. Vazia: encerra sem dizer nada."),
)
SILENCE_WARNING_HOURS = Whole(
    "silence_warning_hours",
    N_("Avisar antes"),
    0,
    N_("Com 0 não há aviso. Precisa ser menos que o prazo acima."),
    least=0,
    most=719,
    unit=N_("horas antes"),
)
SILENCE_WARNING = Words(
    "silence_warning",
    N_("Mensagem do aviso"),
    N_(
        "Você ainda precisa de ajuda? Se não tivermos resposta, vamos encerrar este "
        "atendimento em breve."
    ),
)
SILENCE = register(
    Section(
        "silence",
        N_("Conversas em silêncio"),
        N_(
            "Quem já estava em silêncio um dia além do prazo é encerrado sem mensagem: ligar esta "
            "opção não escreve a clientes antigos."
        ),
        (SILENCE_CLOSES, SILENCE_HOURS, SILENCE_MESSAGE, SILENCE_WARNING_HOURS, SILENCE_WARNING),
    )
)
