"""Every answer of a period as CSV, without a cap: read by key while it is sent."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.exports.sheets import GULP, csv_text
from app.surveys import queries
from app.surveys.queries import Chosen, Given
from app.transactions import atomic


def csv_export(by: User, chosen: Chosen) -> Iterator[str]:
    """The answers, newest first. That they were taken is recorded first.

    Cells that a spreadsheet would run are neutralised.
    """
    with atomic():
        told = chosen.as_arguments()
        audit.record(by, "surveys.exported", "survey", "results", None, told)
    return csv_text(_rows(chosen))


def _rows(chosen: Chosen) -> Iterator[list[str]]:
    yield [
        _("Respondida em"), _("Nota"), _("Comentário"), _("Contato"), _("Atendente"),
        _("Equipe"), _("Perguntada em"), _("Conversa"),
    ]  # fmt: skip
    after, is_first = "", True
    while after or is_first:
        page = queries.answers(chosen, after, commented=False, size=GULP)
        yield from (_cells(given) for given in page.rows)
        after, is_first = page.after, False


def _cells(given: Given) -> list[str]:
    survey = given.survey
    return [
        _moment(survey.answered_at), str(survey.score), survey.comment, given.contact or "",
        survey.person.name if survey.person else "", survey.team.name if survey.team else "",
        _moment(survey.asked_at), str(given.conversation_id),
    ]  # fmt: skip


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(clock.COMPANY_ZONE):%d/%m/%Y %H:%M}" if value else ""
