"""What the company decides about its survey."""

from sqlalchemy import select

from app.closing_reasons.models import ClosingReason
from app.company.fields import Flag, Picks, Section, Whole, Words, register
from app.extensions import db
from app.teams import queries as teams
from app.words import N_


def _teams() -> list[tuple[str, str]]:
    return [(str(team.id), team.name) for team in teams.in_use()]


def _reasons() -> list[tuple[str, str]]:
    query = select(ClosingReason.id, ClosingReason.name).order_by(ClosingReason.name)
    return [(str(row.id), row.name) for row in db.session.execute(query)]


ENABLED = Flag(
    "survey",
    N_("Perguntar ao cliente como foi o atendimento"),
    False,
    N_(
        "Só depois de conversas que uma pessoa atendeu, uma vez por conversa, nas 24 horas desde a "
        "última mensagem do cliente, e nunca a quem pediu para não receber mensagens."
    ),
)
WAIT = Whole(
    "survey_wait",
    N_("Perguntar depois de"),
    1,
    N_("Quem reabre a conversa antes disso cancela a pergunta."),
    least=0,
    most=720,
    unit=N_("minutos do encerramento"),
)
FROM = Whole("survey_from", N_("Só a partir das"), 8, least=0, most=23, unit=N_("horas"))
UNTIL = Whole(
    "survey_until",
    N_("E até as"),
    20,
    N_("Fora deste horário a pergunta espera pelo próximo dia, se ainda couber nas 24 horas."),
    least=1,
    most=24,
    unit=N_("horas"),
)
ANSWER_HOURS = Whole(
    "survey_answer_hours",
    N_("A resposta vale por"),
    24,
    N_("Depois disso, o que o cliente escreve abre uma conversa, como sempre."),
    least=1,
    most=168,
    unit=N_("horas"),
)
COMMENT_MINUTES = Whole(
    "survey_comment_minutes",
    N_("Um comentário depois da nota vale por"),
    10,
    N_("Com 0 só conta a nota. Pedidos e perguntas abrem uma conversa mesmo dentro deste tempo."),
    least=0,
    most=60,
    unit=N_("minutos"),
)
EVERY_DAYS = Whole(
    "survey_every_days",
    N_("Perguntar à mesma pessoa só a cada"),
    30,
    N_("Com 0, depois de cada conversa."),
    least=0,
    most=365,
    unit=N_("dias"),
)
LOW = Whole(
    "survey_low",
    N_("Avisar os gestores de notas até"),
    2,
    N_("O aviso vem com o comentário e leva à conversa. Com 0 ninguém é avisado."),
    least=0,
    most=4,
)
TEAMS = Picks(
    "survey_teams",
    N_("Equipes"),
    "",
    N_("Nenhuma marcada: conversas de todas."),
    options_now=_teams,
)
REASONS = Picks(
    "survey_reasons",
    N_("Motivos de encerramento"),
    "",
    N_("Nenhum marcado: conversas encerradas por qualquer motivo, ou sem motivo."),
    options_now=_reasons,
)
# Said to customers in their own language: each is written in it, not translated.
QUESTIONS = {
    "pt-BR": Words(
        "survey_question_pt",
        N_("Pergunta em português"),
        "Como foi o nosso atendimento? Responda com um número de 1 (péssimo) a 5 (ótimo).\n"
        "Se quiser, conte o motivo em seguida.",
        N_("Vazia: não se pergunta neste idioma."),
    ),
    "en": Words(
        "survey_question_en",
        N_("Pergunta em inglês"),
        "How was our service? Please answer with a number from 1 (terrible) to 5 (excellent).\n"
        "If you like, tell us why in your next message.",
    ),
    "es": Words(
        "survey_question_es",
        N_("Pergunta em espanhol"),
        "¿Cómo fue nuestra atención? Responda con un número del 1 (pésima) al 5 (excelente).\n"
        "Si quiere, cuéntenos el motivo a continuación.",
    ),
}
THANKS = {
    "pt-BR": Words(
        "survey_thanks_pt",
        N_("Agradecimento em português"),
        "Obrigado pela avaliação!",
        N_("Vai depois da nota. Vazio: nada é respondido."),
    ),
    "en": Words("survey_thanks_en", N_("Agradecimento em inglês"), "Thank you for your feedback!"),
    "es": Words("survey_thanks_es", N_("Agradecimento em espanhol"), "¡Gracias por su evaluación!"),
}

SECTION = register(
    Section(
        "survey",
        N_("Pesquisa de satisfação"),
        N_("As respostas ficam na página Satisfação e na conversa que avaliam."),
        (
            *(ENABLED, WAIT, FROM, UNTIL, ANSWER_HOURS, COMMENT_MINUTES, EVERY_DAYS, LOW),
            *(TEAMS, REASONS, *QUESTIONS.values(), *THANKS.values()),
        ),
    )
)
