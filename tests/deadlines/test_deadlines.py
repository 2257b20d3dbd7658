"""By when a person answers and a conversation ends: shown, ordered, warned of and kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.conversations import filters, queries
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.conversations.presenting import event_text
from app.conversations.service import Author, marks
from app.conversations.service.replies import say
from app.conversations.service.taking_back import take_back
from app.conversations.service.writing import Extras
from app.deadlines import keeping, policies, presenting, rounds, service
from app.deadlines.clocks import LATE, NEAR, ON_TIME
from app.deadlines.policies import Policy
from app.errors import GuicheError
from app.extensions import db
from app.notifications.models import Notice
from app.teams import service as teams
from app.transactions import atomic
from tests.cast import Cast
from tests.counting import counted_queries
from tests.hours.conftest import office_hours, set_clock
from tests.telling import Login, conversation, csrf, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")
PAGE = "/configuracoes/prazos"


@pytest.fixture(autouse=True)
def wednesday(context: None) -> None:
    set_clock("2026-11-18 10:00")


def promise(cast: Cast, **targets: Any) -> int:
    row = service.create(person(cast.gisele), Policy(**{"first_minutes": 10} | targets))
    rounds.run()
    return row.id


def hand_over() -> None:
    with atomic():
        desk.hand_to_people(desk.locked(conversation().id), "pediu uma pessoa")


def in_line(client: FlaskClient, phone: str = "5500900010001") -> int:
    tell(client, received("preciso de uma pessoa", phone=phone))
    talk_id = db.session.scalars(select(Conversation.id).order_by(Conversation.id.desc())).first()
    assert talk_id is not None
    with atomic():
        desk.hand_to_people(desk.locked(talk_id), "pediu uma pessoa")
    return talk_id


def missed() -> list[str]:
    return [(m.payload or {})["clock"] for m in messages("event") if m.kind == "deadline_missed"]


def told(user_id: int) -> list[str]:
    db.session.rollback()
    query = select(Notice.kind).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return sorted(db.session.scalars(query))


def minutes_left() -> float | None:
    due = conversation().due_at
    return None if due is None else round((due - clock.now()).total_seconds() / 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.COMPANY_ZONE)


def test_without_a_promise_nothing_runs_and_nothing_is_asked(client: FlaskClient) -> None:
    in_line(client)
    assert minutes_left() is None
    keeping.pass_due()
    assert missed() == []


def test_the_bots_answers_are_no_answer_and_its_time_is_not_ours(
    client: FlaskClient, cast: Cast
) -> None:
    promise(cast)
    tell(client, received("oi"))
    assert minutes_left() is None
    talk = conversation()
    desk.reply(talk.id, Author(owner_version=talk.owner_version), "Olá! Sou o robô.")
    tell(client, received("quero uma pessoa"))
    hand_over()
    assert (minutes_left(), conversation().response_kind) == (10, "first")
    with atomic():
        say(desk.locked(talk.id), "Você está na fila.", "line")
    assert minutes_left() == 10
    desk.take_over(talk.id, person(cast.ana), conversation().owner_version)
    assert minutes_left() == 10
    desk.reply(talk.id, Author(user=person(cast.ana)), "oi, sou a Ana")
    assert minutes_left() is None


def test_it_is_warned_of_then_missed_once_on_record_and_to_who_may_take_it(
    client: FlaskClient, cast: Cast
) -> None:
    promise(cast)
    in_line(client)
    set_clock("2026-11-18 10:08:01")
    keeping.pass_due()
    keeping.pass_due()
    assert (conversation().due_state, told(cast.ana)) == (NEAR, ["due_soon"])
    assert told(cast.fabio) == []
    set_clock("2026-11-18 10:10:01")
    keeping.pass_due()
    keeping.pass_due()
    assert (conversation().due_state, missed()) == (LATE, ["first"])
    assert told(cast.ana) == told(cast.bruno) == ["late"]
    assert event_text(messages("event")[-1]) == (
        "Prazo perdido · Primeira resposta: venceu em 18/11/2026 10:10"
    )
    talk = conversation()
    desk.take_over(talk.id, person(cast.ana), talk.owner_version)
    assert (told(cast.ana), told(cast.bruno)) == (["late"], [])
    desk.reply(talk.id, Author(user=person(cast.ana)), "desculpe a demora")
    assert (conversation().due_state, told(cast.ana)) == (ON_TIME, [])
    assert missed() == ["first"]


def test_of_what_nobody_has_only_its_team_is_told(client: FlaskClient, cast: Cast) -> None:
    sales = teams.create(person(cast.gisele), "Vendas", is_default=True)
    teams.set_members(person(cast.gisele), sales.id, [cast.ana])
    promise(cast)
    in_line(client)
    set_clock("2026-11-18 10:11")
    keeping.pass_due()
    assert (told(cast.ana), told(cast.gisele)) == (["late"], ["late"])
    assert (told(cast.bruno), told(cast.fabio)) == ([], [])


def test_an_answer_that_came_late_before_anybody_looked_is_on_record(
    client: FlaskClient, cast: Cast
) -> None:
    promise(cast)
    talk = in_line(client)
    desk.take_over(talk, person(cast.ana), conversation().owner_version)
    set_clock("2026-11-18 10:11")
    desk.reply(talk, Author(user=person(cast.ana)), "oi")
    assert missed() == ["first"]
    assert told(cast.ana) == []


def test_the_next_answer_has_its_own_promise(client: FlaskClient, cast: Cast) -> None:
    promise(cast, next_minutes=30)
    talk = in_line(client)
    desk.take_over(talk, person(cast.ana), conversation().owner_version)
    desk.reply(talk, Author(user=person(cast.ana)), "oi")
    tell(client, received("e o boleto?"))
    assert (minutes_left(), conversation().response_kind) == (30, "next")
    tell(client, received("?"))
    assert minutes_left() == 30


def test_minutes_are_those_of_the_hours(client: FlaskClient, cast: Cast) -> None:
    office_hours(cast)
    promise(cast, first_minutes=60)
    set_clock("2026-11-18 11:30")
    in_line(client)
    assert conversation().due_at == at("2026-11-18 13:30")
    service.edit(person(cast.gisele), 1, Policy(first_minutes=60, in_hours=False))
    rounds.run()
    assert conversation().due_at == at("2026-11-18 12:30")


def test_priority_and_team_decide_and_the_first_that_fits_holds(
    client: FlaskClient, cast: Cast
) -> None:
    sales = teams.create(person(cast.gisele), "Vendas")
    promise(cast, priority=4, first_minutes=5)
    promise(cast, team_id=sales.id, first_minutes=20)
    promise(cast, first_minutes=60)
    talk = in_line(client)
    assert minutes_left() == 60
    marks.prioritise(talk, person(cast.ana), 4)
    assert minutes_left() == 5
    marks.prioritise(talk, person(cast.ana), 0)
    desk.transfer(talk, person(cast.gisele), None, "", conversation().owner_version, team=sales)
    assert minutes_left() == 20
    service.switch(person(cast.gisele), 2, active=False)
    rounds.run()
    assert minutes_left() == 60
    service.move_up(person(cast.gisele), 3)
    assert [row.id for row in policies.everything()] == [1, 3, 2]


def test_a_new_promise_calls_nobody_for_what_was_late_before(
    client: FlaskClient, cast: Cast
) -> None:
    in_line(client)
    set_clock("2026-11-18 12:00")
    promise(cast)
    keeping.pass_due()
    assert (conversation().due_state, missed(), told(cast.ana)) == (LATE, ["first"], [])


def test_resolution_stands_still_while_the_customer_or_a_snooze_is_waited_for(
    client: FlaskClient, cast: Cast
) -> None:
    promise(cast, first_minutes=None, resolution_minutes=60)
    talk, ana = in_line(client), person(cast.ana)
    desk.take_over(talk, ana, conversation().owner_version)
    set_clock("2026-11-18 10:20")
    desk.reply(talk, Author(user=ana), "qual o CPF?")
    assert (minutes_left(), conversation().resolution_spent) == (None, 1200)
    set_clock("2026-11-18 15:00")
    tell(client, received("529"))
    assert minutes_left() == 40
    set_clock("2026-11-18 15:10")
    desk.snooze(talk, ana, clock.now() + timedelta(hours=5), conversation().owner_version)
    assert minutes_left() is None
    set_clock("2026-11-18 16:00")
    desk.wake(talk, ana)
    assert minutes_left() == 30
    set_clock("2026-11-18 16:31")
    keeping.pass_due()
    assert missed() == ["resolution"]
    desk.close(talk, ana, conversation().owner_version)
    assert (minutes_left(), conversation().due_state, told(cast.ana)) == (None, ON_TIME, [])


def test_without_pauses_it_runs_on(client: FlaskClient, cast: Cast) -> None:
    promise(cast, resolution_minutes=60, pauses_waiting=False, first_minutes=None)
    talk, ana = in_line(client), person(cast.ana)
    desk.take_over(talk, ana, conversation().owner_version)
    set_clock("2026-11-18 10:20")
    desk.reply(talk, Author(user=ana), "um instante")
    assert minutes_left() == 40


def test_who_comes_back_is_promised_a_first_answer_again(client: FlaskClient, cast: Cast) -> None:
    promise(cast, resolution_minutes=60)
    talk, ana = in_line(client), person(cast.ana)
    desk.take_over(talk, ana, conversation().owner_version)
    set_clock("2026-11-18 10:05")
    desk.reply(talk, Author(user=ana), "pronto")
    desk.close(talk, ana, conversation().owner_version)
    set_clock("2026-11-18 12:00")
    tell(client, received("voltei"))
    assert (conversation().id, conversation().response_kind) == (talk, "first")
    assert minutes_left() == 10
    assert conversation().resolution_due_at == at("2026-11-18 13:00")


def test_what_is_taken_back_was_no_answer(client: FlaskClient, cast: Cast) -> None:
    promise(cast)
    talk, ana = in_line(client), person(cast.ana)
    desk.take_over(talk, ana, conversation().owner_version)
    said = desk.reply(talk, Author(user=ana), "oi", extras=Extras(hold_seconds=5))
    assert minutes_left() is None
    take_back(talk, said.id, ana)
    assert (minutes_left(), conversation().response_kind) == (10, "first")


def test_the_list_by_deadline_begins_with_the_latest_and_pages(
    client: FlaskClient, cast: Cast
) -> None:
    promise(cast)
    tell(client, received("com o robô", phone="5500900010009"))
    last = in_line(client, "5500900010003")
    set_clock("2026-11-18 09:40")
    first = in_line(client, "5500900010002")
    set_clock("2026-11-18 10:00")
    keeping.pass_due()
    ana = person(cast.ana)
    with counted_queries() as seen:
        page = queries.page(ana, "all", "due", size=1)
    assert [row.id for row in page.rows] == [first]
    assert seen.total <= 2
    after = queries.row_key(page.rows[0], "due")
    rest = queries.page(ana, "all", "due", after)
    assert [row.id for row in rest.rows] == [last, 1]
    late = filters.parse([("prazo", "atrasado")])
    assert [row.id for row in queries.page(ana, "all", "newest", filters=late).rows] == [first]
    assert filters.read(late.written()) == late


def test_an_inbound_message_costs_no_statement_more(client: FlaskClient, cast: Cast) -> None:
    def statements() -> int:
        with counted_queries() as seen:
            tell(client, received("mais uma"))
        return seen.total

    talk = in_line(client)
    desk.take_over(talk, person(cast.ana), conversation().owner_version)
    statements()
    before = statements()
    promise(cast, first_minutes=600, resolution_minutes=6000)
    statements()
    assert statements() == before


def test_a_row_says_it_in_words_and_ticks_by_itself(
    client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    promise(cast)
    talk = in_line(client)
    page = login_as(cast.ana).get(f"/conversas/{talk}?aba=all&ordem=due").text
    assert "10 min para o prazo" in page
    assert "Primeira resposta" in page
    assert 'data-warn="' in page
    set_clock("2026-11-18 10:25:30")
    page = login_as(cast.ana).get("/conversas?aba=all&ordem=due&prazo=perto").text
    assert "perto de vencer" in page
    times = login_as(cast.ana).get(f"/conversas/{talk}/tempos").text
    assert "25 min" in times


def test_a_manager_promises_on_the_page_and_sees_what_cannot_be(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    assert "Nenhum prazo ainda" in gisele.get(PAGE).text
    form = {"first": "15 min", "resolution": "1h30", "in_hours": "1", "warn_percent": "75"}
    answer = gisele.post(PAGE, data=form, headers=csrf(gisele))
    assert "primeira resposta em 15 min · resolução em 1 h 30 min" in answer.text
    answer = gisele.post(PAGE, data=form | {"first": "logo"}, headers=csrf(gisele))
    assert "Escreva o prazo como" in answer.text
    assert 'value="logo"' in answer.text
    answer = gisele.post(f"{PAGE}/1/uso", data={"active": "0"}, headers=csrf(gisele))
    assert "desligado" in answer.text


@pytest.mark.parametrize(
    ("typed", "minutes"), [("15", 15), ("15 min", 15), ("4 h", 240), ("1h30", 90), ("", None)]
)
def test_targets_as_people_type_them(typed: str, minutes: int | None) -> None:
    assert presenting.typed_minutes(typed) == minutes
    if minutes:
        assert presenting.typed_minutes(presenting.minutes_text(minutes)) == minutes


def test_what_nobody_means_is_refused(cast: Cast) -> None:
    for wrong in (Policy(), Policy(first_minutes=10, warn_percent=0), Policy(first_minutes=10**7)):
        with pytest.raises(GuicheError):
            service.create(person(cast.gisele), wrong)
