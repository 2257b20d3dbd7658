"""One owner at a time; whoever acts names the version they saw, and only the owner sends."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts import service as staff
from app.conversations import counters, service
from app.conversations.service import Author
from app.errors import Conflict, Forbidden, GuicheError
from app.extensions import db
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")


@pytest.fixture
def talk(client: FlaskClient) -> int:
    """A conversation that the bot owns; its id."""
    tell(client, received("Oi"))
    return conversation().id


def test_taking_over_makes_it_mine_and_is_in_the_timeline(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)

    found = conversation()
    assert (found.owner_id, found.owner_version) == (cast.ana, 2)
    assert messages("event")[-1].kind == "took_over"


def test_of_two_who_take_it_at_once_one_wins_and_the_other_hears_who(
    app: Flask, talk: int, cast: Cast
) -> None:
    def take(user_id: int) -> str:
        with app.app_context():
            try:
                service.take_over(talk, person(user_id), 1)
            except Conflict as conflict:
                return conflict.message
            return "mine"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(take, [cast.ana, cast.bruno]))

    winner = person(conversation().owner_id or 0).name
    assert sorted(results)[1] == "mine"
    assert winner in sorted(results)[0]


def test_an_attendant_cannot_take_what_is_a_colleagues(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)

    with pytest.raises(Forbidden, match="Ana Souza"):
        service.take_over(talk, person(cast.bruno), 2)
    assert conversation().owner_id == cast.ana


def test_a_manager_can_take_anyones(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)
    service.take_over(talk, person(cast.gisele), 2)

    assert conversation().owner_id == cast.gisele


def test_only_the_owner_can_send(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)

    with pytest.raises(Conflict, match="Ana Souza"):
        service.reply(talk, Author(user=person(cast.bruno)), "oi")
    with pytest.raises(Conflict, match="robô"):
        service.reply(talk, Author(owner_version=1), "sou o robô")
    assert messages("out") == []


def test_even_a_manager_has_to_take_it_before_sending(talk: int, cast: Cast) -> None:
    with pytest.raises(Conflict, match="Assuma"):
        service.reply(talk, Author(user=person(cast.gisele)), "oi")


def test_a_transfer_carries_a_note_and_tells_whom(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)
    service.transfer(talk, person(cast.ana), person(cast.bruno), "Cliente antigo", 2)

    assert conversation().owner_id == cast.bruno
    assert messages("event")[-1].payload == {"to": "Bruno Lima"}
    assert messages("note")[-1].body == "Cliente antigo"


def test_nothing_is_transferred_to_someone_who_attends_nobody(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)

    with pytest.raises(GuicheError, match="Fábio"):
        service.transfer(talk, person(cast.ana), person(cast.fabio), "", 2)


def test_returned_to_the_bot_it_is_the_bots(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)
    service.return_to_bot(talk, person(cast.ana), 2)

    found = conversation()
    assert (found.owner_kind, found.waiting_since) == ("bot", None)


def test_a_closed_conversation_takes_no_message_until_it_is_reopened(talk: int, cast: Cast) -> None:
    ana = person(cast.ana)
    service.take_over(talk, ana, 1)
    service.close(talk, ana, 2)
    with pytest.raises(Conflict, match="encerrada"):
        service.reply(talk, Author(user=ana), "mais uma coisa")

    service.reopen(talk, ana, 3)
    service.reply(talk, Author(user=ana), "mais uma coisa")

    assert conversation().status == "open"
    assert [m.kind for m in messages("event")] == ["took_over", "closed", "reopened"]


def test_an_act_on_an_outdated_screen_is_refused(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)

    with pytest.raises(Conflict, match="mais rápido"):
        service.close(talk, person(cast.gisele), 1)


def test_the_tabs_count_what_is_true_after_every_move(talk: int, cast: Cast) -> None:
    ana = person(cast.ana)
    assert counters.totals(cast.ana) == {"mine": 0, "unassigned": 0, "bot": 1}
    service.take_over(talk, ana, 1)
    assert counters.totals(cast.ana) == {"mine": 1, "unassigned": 0, "bot": 0}
    service.transfer(talk, ana, None, "", 2)
    assert counters.totals(cast.ana) == {"mine": 0, "unassigned": 1, "bot": 0}
    service.close(talk, ana, 3)
    assert counters.totals(cast.ana) == {"mine": 0, "unassigned": 0, "bot": 0}


def test_a_drifted_counter_is_put_right(talk: int, cast: Cast) -> None:
    counters.moved(None, "nobody")
    db.session.commit()
    counters.settle()

    assert counters.totals(cast.ana) == {"mine": 0, "unassigned": 0, "bot": 1}


def test_what_somebody_who_left_still_owned_goes_back_to_the_line(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)
    staff.deactivate(person(cast.adriana), cast.ana)

    assert conversation().owner_kind == "nobody"
    assert messages("event")[-1].kind == "released"
    assert counters.totals(cast.ana)["unassigned"] == 1


def test_who_loses_the_role_loses_the_conversations(talk: int, cast: Cast) -> None:
    service.take_over(talk, person(cast.ana), 1)
    staff.change_roles(person(cast.adriana), cast.ana, ["finance"])

    assert conversation().owner_kind == "nobody"


def test_nobody_becomes_owner_whose_access_has_ended(talk: int, cast: Cast, app: Flask) -> None:
    ana = person(cast.ana)
    with app.app_context():
        staff.deactivate(person(cast.adriana), cast.ana)

    with pytest.raises(GuicheError, match="não atende"):
        service.take_over(talk, ana, 1)


def test_what_was_taken_in_the_moment_access_ended_is_found_by_the_sweep(
    talk: int, cast: Cast
) -> None:
    service.take_over(talk, person(cast.ana), 1)
    person(cast.ana).active = False
    db.session.commit()
    service.release_orphans()

    assert conversation().owner_kind == "nobody"


def test_deactivating_and_answering_at_once_is_no_deadlock(
    talk: int, cast: Cast, app: Flask
) -> None:
    service.take_over(talk, person(cast.ana), 1)

    def answer(number: int) -> None:
        with app.app_context(), contextlib.suppress(Conflict):
            service.reply(talk, Author(user=person(cast.ana)), f"resposta {number}")

    def deactivate() -> None:
        with app.app_context():
            staff.deactivate(person(cast.adriana), cast.ana)

    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(answer, number) for number in range(8)]
        end = pool.submit(deactivate)
    assert [one.exception() for one in [*answers, end]] == [None] * 9
    assert conversation().owner_kind == "nobody"


def test_a_closed_conversation_is_not_reopened_beside_an_open_one(
    talk: int, cast: Cast, client: FlaskClient
) -> None:
    service.close(talk, person(cast.gisele), 1)
    clock.shift(timedelta(days=3))
    tell(client, received("outro assunto"))

    with pytest.raises(Conflict, match="outra conversa aberta"):
        service.reopen(talk, person(cast.ana), 2)
