"""Outside hours the customer is told so: once, in their language, and never over somebody."""

import pytest
from flask.testing import FlaskClient

from app.accounts import presence
from app.consultants import service as consultants
from app.contacts.consent import service as consent
from app.contacts.models import Contact
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding import service as forwarding
from app.hours import answering, service
from app.hours.known import COMPANY, Scope
from app.hours.service import Saying
from app.teams import service as teams
from app.transactions import atomic
from jobs import live as jobs
from tests.cast import Cast
from tests.hours.conftest import office_hours, set_clock
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "office")


def told() -> list[str]:
    return [m.body for m in messages("out") if m.author_kind == "system"]


def hand_over() -> None:
    with atomic():
        desk.hand_to_people(desk.locked(conversation().id), "pediu uma pessoa")


def say(scope: Scope, cast: Cast, **texts: dict[str, str]) -> None:
    line = 10 if "line" in texts else None
    service.save_texts(person(cast.gisele), scope, Saying("on", line, texts))


def test_who_writes_to_the_bot_at_night_talks_to_the_bot(client: FlaskClient) -> None:
    set_clock("2026-11-18 22:00")
    tell(client, received("oi"))
    assert told() == []


def test_who_is_handed_to_people_at_night_is_told_when_they_are_back(client: FlaskClient) -> None:
    set_clock("2026-11-18 22:00")
    tell(client, received("quero falar com uma pessoa"))
    hand_over()
    assert told() == [
        "Agora estamos fora do horário de atendimento. Sua mensagem ficou guardada e uma pessoa "
        "responde amanhã às 08:00."
    ]
    message = messages("out")[-1]
    assert (message.payload, message.status) == ({"rule": "hours"}, "queued")
    # They still wait: nobody has answered.
    assert conversation().waiting_since is not None
    assert conversation().answered_at is None


def test_who_waits_for_a_consultant_at_night_hears_of_the_place_in_the_morning(
    client: FlaskClient, cast: Cast
) -> None:
    consultants.create("teste", {"name": "Carla", "languages": ["pt-BR"]})
    set_clock("2026-11-18 22:00")
    tell(client, received("quero falar com um consultor"))
    found = conversation()
    forwarding.forward(found.id, person(cast.gisele), found.owner_version)
    jobs.settle_line()
    assert ["fora do horário" in text for text in told()] == [True]
    say(COMPANY, cast, line={"pt-BR": "Você está na fila."})
    set_clock("2026-11-19 08:20")
    answering.tell_waiting()
    jobs.settle_line()
    assert "Você é o número 1 da fila" in told()[-1]
    assert len(told()) == 2, "of the line they hear once"


def test_once_in_each_closed_time(client: FlaskClient) -> None:
    set_clock("2026-11-18 12:30")
    tell(client, received("oi"))
    hand_over()
    tell(client, received("alguém?"))
    assert len(told()) == 1
    assert "hoje às 13:00" in told()[0]
    set_clock("2026-11-18 15:00")
    tell(client, received("oi?"))
    assert len(told()) == 1
    set_clock("2026-11-18 19:00")
    tell(client, received("ninguém veio"))
    tell(client, received("ninguém mesmo"))
    assert len(told()) == 2


def test_within_hours_and_before_any_are_set_nothing_is_said(
    client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("oi"))
    hand_over()
    assert told() == []
    service.save_hours(person(cast.gisele), COMPANY, service.Wanted("always"))
    set_clock("2026-11-22 03:00")
    tell(client, received("oi"))
    assert told() == []


def test_never_while_its_owner_is_answering(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("oi"))
    desk.take_over(conversation().id, person(cast.ana), 1)
    set_clock("2026-11-18 18:30")
    presence.heard(cast.ana, "a socket", visible=True)
    tell(client, received("ainda aí?"))
    assert told() == []
    presence.departed(cast.ana, "a socket")
    desk.reply(conversation().id, desk.Author(user=person(cast.ana)), "já volto")
    tell(client, received("ok"))
    assert told() == []
    set_clock("2026-11-19 19:00")  # gone home, and has not answered since the doors closed
    tell(client, received("e hoje?"))
    assert len(told()) == 1


def test_who_wants_no_messages_gets_none(client: FlaskClient) -> None:
    set_clock("2026-11-18 22:00")
    tell(client, received("oi"))
    with atomic():
        consent.opt_out(db.session.query(Contact).one(), None, "staff", "", None, None)
        talk = db.session.query(Conversation).one()
        talk.last_inbound_at = None
    hand_over()
    assert told() == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "We are closed right now."),
        ("es", "Ahora estamos fuera del horario de atención."),
    ],
)
def test_in_the_customers_language(client: FlaskClient, language: str, words: str) -> None:
    set_clock("2026-11-20 22:00")
    tell(client, received("hello"))
    with atomic():
        db.session.query(Contact).one().language = language
    hand_over()
    assert told()[0].startswith(words)
    assert "23/11" in told()[0]
    assert "{{" not in told()[0]


def test_the_teams_words_come_before_the_companys(client: FlaskClient, cast: Cast) -> None:
    team = teams.create(person(cast.gisele), "Vendas", is_default=True)
    say(COMPANY, cast, away={"pt-BR": "Empresa fechada, {{primeiro_nome}}"})
    say(("team", team.id), cast, away={"pt-BR": "Vendas voltam {{proxima_abertura}}"})
    set_clock("2026-11-18 22:00")
    tell(client, received("oi"))
    hand_over()
    assert told() == ["Vendas voltam amanhã às 08:00"]
    office_hours(cast, ("team", team.id))
    service.save_texts(person(cast.gisele), ("team", team.id), Saying("off", None, {}))
    set_clock("2026-11-19 22:00")
    tell(client, received("oi"))
    assert len(told()) == 1


def test_who_waits_in_line_is_told_once_and_only_within_hours(
    client: FlaskClient, cast: Cast
) -> None:
    say(COMPANY, cast, line={"pt-BR": "Você está na fila."})
    tell(client, received("oi"))
    hand_over()
    answering.tell_waiting()
    assert told() == []
    set_clock("2026-11-18 10:11")
    answering.tell_waiting()
    answering.tell_waiting()
    assert told() == ["Você está na fila."]
    assert messages("out")[-1].payload == {"rule": "line"}
    desk.take_over(conversation().id, person(cast.ana), conversation().owner_version)
    desk.reply(conversation().id, desk.Author(user=person(cast.ana)), "oi!")
    set_clock("2026-11-18 11:00")
    answering.tell_waiting()
    assert len(told()) == 1
