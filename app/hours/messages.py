"""What customers are told by itself about hours: whose words, in which language, filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.extensions import current_settings
from app.hours import known
from app.hours.known import Hours, Rule
from app.hours.wording import opening_text, week_text
from app.quick_replies.variables import BLANK, Variable, blanks
from app.words import N_, in_language, said

LANGUAGES = {"pt-BR": N_("Português"), "en": N_("Inglês"), "es": N_("Espanhol")}
AWAY, LINE = "away", "line"
DEFAULTS = {
    AWAY: N_(
        "Agora estamos fora do horário de atendimento. Sua mensagem ficou guardada e uma pessoa "
        "responde {{proxima_abertura}}."
    ),
    LINE: N_(
        "Ainda não há ninguém livre, mas você continua na fila e será atendido por aqui. "
        "Obrigado pela paciência!"
    ),
}
LONGEST = 1000


def variables() -> list[Variable]:
    """What a text may leave open."""
    return [
        Variable(
            "proxima_abertura",
            _("quando o atendimento volta"),
            _("amanhã às %(time)s", time="08:00"),
        ),
        Variable("primeiro_nome", _("primeiro nome do cliente"), "Marina"),
        Variable("horario", _("os horários da semana"), _("seg a sex 08:00–18:00")),
        Variable("empresa", _("nome da empresa"), "Guichê"),
    ]


def unknown_blanks(text: str) -> list[str]:
    """The variables in a text that nothing fills."""
    names = {one.name for one in variables()}
    return [name for name in blanks(text) if name not in names]


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds after asking every scope: see `models.BusinessHours`."""

    away: bool
    line_minutes: int  # 0: never


def choices(team_id: int | None, channel_id: int | None) -> Choices:
    """Whether anything is said at all."""
    rules = known.rules_of(team_id, channel_id)
    away = next((one.away for one in rules if one.away != "inherit"), "on")
    minutes = next((one.line_minutes for one in rules if one.line_minutes is not None), 0)
    return Choices(away == "on", minutes)


def words_for(kind: str, language: str, rules: Iterable[Rule]) -> str:
    """The text of the first scope that has one in this language, else the product's own."""
    own = next((text for one in rules if (text := _of(one, kind, language))), None)
    if own is not None:
        return own
    with in_language(language):
        return said(DEFAULTS[kind])


def _of(rule: Rule, kind: str, language: str) -> str:
    return (rule.texts.get(kind) or {}).get(language, "")


def filled(text: str, hours: Hours, name: str, language: str, now: datetime) -> str:
    """A text with its variables, in the customer's language."""
    first = name.split()[0] if name and name[0].isalpha() else ""
    with in_language(language):
        values = {
            "proxima_abertura": opening_text(hours.calendar, now) if hours.calendar else _("logo"),
            "primeiro_nome": first,
            "horario": week_text(hours.calendar.week) if hours.calendar else _("todos os dias"),
            "empresa": current_settings().company_name,
        }
    return BLANK.sub(lambda blank: values.get(blank[1], blank[0]), text).strip()


def language_of(language: str) -> str:
    """One of ours, whatever a contact's row says."""
    return language if language in LANGUAGES else "pt-BR"
