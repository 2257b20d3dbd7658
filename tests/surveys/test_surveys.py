"""Asked once after a closing that deserves it; answers stay with it and open nothing."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.company import service as company
from app.contacts import merging
from app.contacts.models import Contact
from app.conversations import service
from app.conversations.models import Conversation
from app.conversations.service import Author
from app.extensions import db
from app.notifications.models import Notice
from app.surveys import service as surveys
from app.surveys import settings
from app.surveys.models import Survey
from app.teams import service as teams
from tests.browser_client import as_page
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import PHONE, Login, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]
OTHER = "5500900010002"
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=clock.COMPANY_ZONE)


def configure(app: Flask, cast: Cast, **values: str) -> None:
    """The company's section as it is by default, but for these."""
    with app.app_context():
        present = {key: str(value) for key, value in company.present(settings.SECTION).items()}
        given = present | {"survey": "1", "survey_wait": "0"} | values
        for key in [key for key, value in given.items() if value in ("False", "")]:
            del given[key]
        company.change(person(cast.gisele), settings.SECTION.key, given)


class Desk:
    """Customers write, Ana answers and closes, and the sweep comes by."""

    def __init__(self, app: Flask, client: FlaskClient, cast: Cast) -> None:
        self.app, self.client, self.cast = app, client, cast

    def attends(self, phone: str = PHONE, answers: bool = True, asks: bool = True) -> int:
        """A whole conversation; its id."""
        tell(self.client, received("Oi", phone))
        with self.app.app_context():
            talk = db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
            assert talk
            service.take_over(talk.id, person(self.cast.ana), talk.owner_version)
            if answers:
                service.reply(talk.id, Author(user=person(self.cast.ana)), "Pronto!")
            db.session.expire_all()
            version = service.locked(talk.id).owner_version
            db.session.rollback()
            service.close(talk.id, person(self.cast.ana), version)
            number = talk.id
        if asks:
            self.asks()
        return number

    def asks(self) -> None:
        with self.app.app_context():
            surveys.ask_due()

    def says(self, text: str, phone: str = PHONE, **fields: Any) -> dict[str, Any]:
        webhook = received(text, phone, **fields)
        tell(self.client, webhook)
        return webhook

    def survey(self, conversation_id: int = 1) -> Survey:
        with self.app.app_context():
            query = select(Survey).where(Survey.conversation_id == conversation_id)
            return db.session.scalars(query).one()

    def talks(self) -> list[Conversation]:
        with self.app.app_context():
            return list(db.session.scalars(select(Conversation).order_by(Conversation.id)))

    def said(self, rule: str = "survey") -> list[str]:
        with self.app.app_context():
            return [m.body for m in messages("out") if (m.payload or {}).get("rule") == rule]


@pytest.fixture
def desk(app: Flask, client: FlaskClient, cast: Cast) -> Desk:
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE))
    configure(app, cast)
    return Desk(app, client, cast)


def test_the_answer_stays_with_the_closed_conversation(desk: Desk) -> None:
    number = desk.attends()
    assert [text[:11] for text in desk.said()] == ["Como foi o "]
    desk.says("5️⃣")
    desk.says("A Ana foi muito atenciosa")
    survey, [talk] = desk.survey(), desk.talks()
    assert (survey.state, survey.score, survey.comment) == (
        "answered",
        5,
        "A Ana foi muito atenciosa",
    )
    assert (survey.person_id, talk.rating) == (desk.cast.ana, 5)
    assert (talk.status, talk.unread_count, talk.waiting_since) == ("closed", 0, None)
    assert desk.said()[1:] == ["Obrigado pela avaliação!"]
    with desk.app.app_context():
        assert [m.kind for m in messages("event")].count("survey_answered") == 1
        assert [m.body for m in messages("in")][1:] == ["5️⃣", "A Ana foi muito atenciosa"]
    desk.says("Preciso de outra coisa")
    assert [talk.status for talk in desk.talks()] == ["open"], "a request is a request"
    assert number == 1


@pytest.mark.parametrize("text", ["Obrigada!", "5 boletos", "Vocês abrem amanhã?", "10"])
def test_what_is_not_clearly_an_answer_opens_as_ever(desk: Desk, text: str) -> None:
    desk.attends()
    desk.says(text)
    [talk] = desk.talks()
    assert (talk.status, talk.unread_count) == ("open", 1)
    assert desk.survey().state == "asked"
    desk.says("5")
    assert desk.survey().state == "asked", "what is said in an open conversation is no answer"


def test_a_late_answer_is_ordinary_and_so_is_a_late_comment(desk: Desk) -> None:
    desk.attends()
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(minutes=5))
    desk.says("4")
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(minutes=20))
    desk.says("Faltou avisar antes")
    assert (desk.survey().comment, desk.talks()[0].status) == ("", "open")

    desk.attends(OTHER)
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(hours=25))
    desk.says("4", OTHER)
    assert (desk.survey(2).state, desk.talks()[-1].status) == ("asked", "open")


def test_who_thinks_better_of_it_is_counted_once(desk: Desk) -> None:
    desk.attends()
    desk.says("2")
    desk.says("5")
    assert (desk.survey().score, desk.talks()[0].rating) == (5, 5)
    assert len(desk.said()) == 2, "thanked once"


def test_managers_hear_of_a_low_score_with_its_comment_until_it_is_a_better_one(
    app: Flask, desk: Desk, cast: Cast, login_as: Login
) -> None:
    def told() -> list[tuple[int, str]]:
        with app.app_context():
            notices = select(Notice).where(Notice.read_at.is_(None)).order_by(Notice.user_id)
            return [(one.user_id, one.detail) for one in db.session.scalars(notices)]

    desk.attends()
    desk.says("2")
    leading = sorted((cast.gisele, cast.adriana))
    assert told() == [(one, "") for one in leading], "not who attended, nor finance"
    desk.says("Demorou muito")
    assert told() == [(one, "Demorou muito") for one in leading]
    panel = as_page(login_as(cast.gisele)).get("/avisos/painel").text
    assert "deu nota 2 ao atendimento" in panel
    assert "2 vezes" not in panel
    desk.says("5")
    assert told() == []
    configure(app, cast, survey_low="0", survey_every_days="0")
    desk.attends(OTHER)
    desk.says("1", OTHER)
    assert told() == [], "this company wants to hear of none"


def test_a_webhook_five_times_at_once_is_one_answer(app: Flask, desk: Desk) -> None:
    desk.attends()
    webhook = received("5")
    clients = [app.test_client() for _ in range(5)]
    threads = [threading.Thread(target=tell, args=(each, webhook)) for each in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len([m for m in messages("in") if m.body == "5"]) == 1
        assert [m.kind for m in messages("event")].count("survey_answered") == 1
    assert (len(desk.talks()), len(desk.said())) == (1, 2)


def test_not_asked_where_no_person_answered_or_it_is_off(
    app: Flask, desk: Desk, cast: Cast
) -> None:
    desk.attends(answers=False)
    configure(app, cast, survey="")
    desk.attends(OTHER)
    with app.app_context():
        assert db.session.query(Survey).count() == 0
    assert desk.said() == []


def test_only_the_chosen_teams_and_reasons(app: Flask, desk: Desk, cast: Cast) -> None:
    with app.app_context():
        admin = person(cast.adriana)
        team = teams.create(admin, "Vendas", "teal", is_default=False).id
    configure(app, cast, survey_teams=str(team))
    desk.attends()
    with app.app_context():
        assert db.session.query(Survey).count() == 0
        assert company.get(settings.TEAMS) == str(team)


def test_who_reopens_in_time_cancels_it_and_the_next_closing_asks_once(desk: Desk) -> None:
    desk.attends(asks=False)
    desk.says("Ah, mais uma coisa")
    desk.asks()
    survey = desk.survey()
    assert (survey.state, desk.said()) == ("skipped", [])
    with desk.app.app_context():
        talk = service.locked(1)
        service.take_over(1, person(desk.cast.ana), talk.owner_version)
        service.close(1, person(desk.cast.ana), service.locked(1).owner_version)
    desk.asks()
    desk.asks()
    assert (desk.survey().state, len(desk.said())) == ("asked", 1)


def test_one_person_is_not_asked_again_for_a_while(app: Flask, desk: Desk, cast: Cast) -> None:
    desk.attends()
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(days=3))
    desk.attends()
    assert (desk.survey(2).state, len(desk.said())) == ("skipped", 1)
    configure(app, cast, survey_every_days="0")
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(days=6))
    desk.attends()
    assert desk.survey(3).state == "asked"


def test_it_waits_for_a_polite_hour_within_the_24_hours(desk: Desk) -> None:
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(hours=10))
    desk.attends()
    survey = desk.survey()
    assert survey.state == "waiting"
    assert survey.due_at.astimezone(clock.COMPANY_ZONE).hour == 8
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(hours=21))
    desk.asks()
    assert desk.survey().state == "asked"

    desk.attends(OTHER, asks=False)
    clock.shift(NOON - datetime.now(clock.COMPANY_ZONE) + timedelta(hours=46))
    desk.asks()
    assert "24 horas" in (desk.survey(2).reason or "")


def test_who_wants_no_messages_is_not_asked(desk: Desk) -> None:
    desk.says("PARAR")
    desk.attends()
    assert (desk.survey().state, desk.said()) == ("skipped", [])


def test_it_is_asked_in_the_language_of_the_contact(app: Flask, desk: Desk) -> None:
    desk.says("Hola")
    with app.app_context():
        db.session.query(Contact).one().language = "es"
        db.session.commit()
    desk.attends()
    desk.says("muy bueno")
    assert [text[:8] for text in desk.said()] == ["¿Cómo fu", "¡Gracias"]


def test_a_merge_counts_nothing_twice(app: Flask, desk: Desk, login_as: Login) -> None:
    desk.attends()
    desk.attends(OTHER)
    desk.says("5")
    desk.says("3", OTHER)
    with app.app_context():
        kept, absorbed = db.session.scalars(select(Contact.id).order_by(Contact.id)).all()
        merging.merge(kept, absorbed, person(desk.cast.gisele))
    page = as_page(login_as(desk.cast.gisele)).get("/satisfacao").text
    assert '<span class="survey-number">4,0</span>' in page
    assert "de 2 responderam" in page


@pytest.fixture
def results(desk: Desk, login_as: Login) -> FlaskClient:
    """Four asked, three answered, two with a comment."""
    for number, answer in enumerate(["5", "4", "1\nDemorou demais", ""]):
        phone = f"550090001000{number}"
        desk.attends(phone)
        if answer:
            desk.says(answer, phone)
    desk.says("=HYPERLINK(1)", "5500900010000")
    return as_page(login_as(desk.cast.gisele))


def test_managers_see_the_numbers_and_the_comments(results: FlaskClient, desk: Desk) -> None:
    with desk.app.app_context(), counted_queries() as queries:
        page = results.get("/satisfacao").text
    assert queries.total <= 6
    assert '<span class="survey-number">3,3</span>' in page
    assert "de 4 responderam (75%)" in page
    assert "67% das notas são 4 ou 5" in page
    assert "Ana Souza" in page
    assert "Demorou demais" in page
    assert "Demorou demais" not in results.get("/satisfacao?nota=5").text
    assert "Nenhuma pesquisa" in results.get("/satisfacao?de=2020-01-01&ate=2020-01-31").text
    assert "Nenhuma pesquisa" in results.get("/satisfacao?pessoa=999999").text
    assert results.get("/satisfacao?de=x&pessoa=y&nota=9").status_code == 200
    comments = results.get("/satisfacao/comentarios").text
    assert comments.count('class="survey-comment"') == 2


def test_the_csv_runs_no_formula_and_is_on_record(
    results: FlaskClient, desk: Desk, login_as: Login
) -> None:
    sheet = results.post("/satisfacao/exportacao", data={}).text
    assert sheet.count("\r\n") == 4
    assert ";'=HYPERLINK(1);" in sheet
    adriana = login_as(desk.cast.adriana)
    assert "Exportou as respostas da pesquisa" in adriana.get("/auditoria").text
    assert login_as(desk.cast.ana).get("/satisfacao").status_code == 404


def test_the_conversation_says_what_was_answered(results: FlaskClient) -> None:
    pane = results.get("/conversas/1/pesquisa").text
    assert "Ótimo" in pane
    assert "=HYPERLINK(1)" in pane
    thread = results.get("/conversas/1").text
    assert "O cliente avaliou o atendimento: 5 de 5" in thread
    assert "Resposta da pesquisa de satisfação" in thread
    rows = results.get("/conversas/lista/linhas?aba=closed&nota=1&nota=4").text
    assert [f'id="row-{n}"' in rows for n in (1, 2, 3, 4)] == [False, True, True, False]
