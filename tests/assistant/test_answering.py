"""The bot answers each question once, and never over a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.assistant import service as assistant
from app.assistant.models import BotState
from app.conversations import service
from app.extensions import db
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")
Work = Callable[..., int]


def test_it_greets_and_everything_it_says_is_in_the_thread(client: FlaskClient, work: Work) -> None:
    tell(client, received("oi"))
    work("assistant")

    [answer] = messages("out")
    assert (answer.author_kind, answer.status) == ("bot", "queued")
    assert answer.body.startswith("Olá, Marina!")


def test_however_often_the_job_runs_there_is_one_answer(client: FlaskClient, work: Work) -> None:
    tell(client, received("oi"))
    for _ in range(5):
        assistant.answer(conversation().id)
    work("assistant")

    assert len(messages("out")) == 1


def test_asked_for_a_person_it_hands_over_and_the_customer_waits(
    client: FlaskClient, work: Work
) -> None:
    tell(client, received("quero um atendente"))
    work("assistant")

    found = conversation()
    assert found.owner_kind == "nobody"
    assert found.waiting_since is not None
    assert messages("event")[-1].kind == "handed_over"


def test_an_answer_being_written_is_not_said_once_a_person_took_over(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client, received("oi"))
    talk = conversation().id
    compose = assistant.compose

    def slowly(*args: object) -> object:
        service.take_over(talk, person(cast.ana), 1)
        return compose(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(assistant, "compose", slowly)
    assistant.answer(talk)

    assert messages("out") == []
    assert conversation().owner_id == cast.ana


def test_what_it_wrote_and_nobody_sent_yet_is_withdrawn_when_a_person_takes_over(
    client: FlaskClient, work: Work, cast: Cast
) -> None:
    tell(client, received("oi"))
    work("assistant")
    service.take_over(conversation().id, person(cast.ana), 1)

    assert [m.status for m in messages("out")] == ["cancelled"]


def test_it_stays_silent_while_a_person_owns_the_talk(
    client: FlaskClient, work: Work, cast: Cast
) -> None:
    tell(client, received("oi"))
    service.take_over(conversation().id, person(cast.ana), 1)
    tell(client, received("alguém?"))
    work("assistant")

    assert messages("out") == []


def test_given_back_it_answers_the_next_message_only(
    client: FlaskClient, work: Work, cast: Cast
) -> None:
    tell(client, received("oi"))
    work("assistant")
    talk = conversation().id
    service.take_over(talk, person(cast.ana), 1)
    tell(client, received("isto é para a Ana"))
    service.return_to_bot(talk, person(cast.ana), 2)
    work("assistant")
    assert len(messages("out")) == 1

    tell(client, received("qual o horário?"))
    work("assistant")
    assert "8h às 18h" in messages("out")[-1].body


def test_a_lost_job_is_found_again(client: FlaskClient, work: Work) -> None:
    from app.extensions import redis_client

    tell(client, received("oi"))
    redis_client().flushall()
    work("assistant")
    assert messages("out") == []

    clock.shift(timedelta(seconds=10))
    assistant.redrive()
    work("assistant")
    assert len(messages("out")) == 1


def test_a_request_for_a_person_is_not_lost_under_what_follows_it(
    client: FlaskClient, work: Work
) -> None:
    tell(client, received("Quero falar com um atendente"))
    tell(client, received("ta ai?"))
    work("assistant")

    [answer] = messages("out")
    assert "chamar uma pessoa" in answer.body
    assert answer.answers_id == messages("in")[-1].id
    assert conversation().owner_kind == "nobody"


def test_what_was_said_to_a_person_is_not_weighed_with_what_the_bot_is_asked(
    client: FlaskClient, work: Work, cast: Cast
) -> None:
    tell(client, received("oi"))
    work("assistant")
    talk = conversation().id
    service.take_over(talk, person(cast.ana), 1)
    tell(client, received("quero falar com o gerente"))
    service.return_to_bot(talk, person(cast.ana), 2)
    tell(client, received("qual o horário?"))
    work("assistant")

    assert "8h às 18h" in messages("out")[-1].body
    assert conversation().owner_kind == "bot"


def placeholder_of(full: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in full.items() if k != "text"} | {"waitingMessage": True}


def test_a_placeholder_filled_before_the_job_ran_is_weighed_with_the_rest(
    client: FlaskClient, work: Work
) -> None:
    full = received("quero um atendente")
    tell(client, placeholder_of(full))
    tell(client, received("ta ai?"))
    tell(client, full)
    work("assistant")

    [answer] = messages("out")
    assert "chamar uma pessoa" in answer.body
    assert conversation().owner_kind == "nobody"


def test_a_placeholder_filled_after_a_later_message_was_answered_is_answered_once(
    client: FlaskClient, work: Work
) -> None:
    full = received("quero um atendente")
    tell(client, placeholder_of(full))
    tell(client, received("oi"))
    work("assistant")
    assert len(messages("out")) == 1

    tell(client, full)
    for _ in range(3):
        assistant.answer(conversation().id)
    work("assistant")
    assert "chamar uma pessoa" in messages("out")[-1].body
    assert len(messages("out")) == 2


def test_a_placeholder_alone_is_not_answered(client: FlaskClient, work: Work) -> None:
    tell(client, placeholder_of(received("oi")))
    work("assistant")
    assert messages("out") == []


def test_a_message_that_came_while_it_was_writing_is_answered_too(
    client: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client, received("oi"))
    compose = assistant.compose

    def slowly(*args: object) -> object:
        monkeypatch.setattr(assistant, "compose", compose)
        turn = compose(*args)  # type: ignore[arg-type]
        tell(client, received("qual o horário?"))
        return turn

    monkeypatch.setattr(assistant, "compose", slowly)
    work("assistant")
    assert ["assistente virtual" in m.body for m in messages("out")] == [True, False]
    assert "8h às 18h" in messages("out")[-1].body


def test_of_two_workers_writing_at_once_only_one_answers_each_message(
    client: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client, received("oi"))
    talk = conversation().id
    compose = assistant.compose

    def overtaken(*args: object) -> object:
        monkeypatch.setattr(assistant, "compose", compose)
        turn = compose(*args)  # type: ignore[arg-type]
        assistant.answer(talk)
        tell(client, received("qual o horário?"))
        return turn

    monkeypatch.setattr(assistant, "compose", overtaken)
    assistant.answer(talk)
    work("assistant")
    assert [m.answers_id for m in messages("out")] == [m.id for m in messages("in")]


def test_an_edit_of_what_was_answered_that_first_came_as_a_placeholder_is_not_answered_again(
    client: FlaskClient, work: Work
) -> None:
    said = received("oi")
    tell(client, said)
    work("assistant")
    edit = said | {"isEdit": True, "text": {"message": "oi, bom dia"}}
    tell(client, placeholder_of(edit))
    tell(client, edit)
    work("assistant")

    assert [m.body for m in messages("in")] == ["oi, bom dia"]
    assert len(messages("out")) == 1
    assert db.session.scalars(select(BotState.owed_ids)).one() == []
