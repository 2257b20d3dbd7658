"""A conversation goes to whose turn it is, or waits in line and is handed out when it can be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.company import service as company
from app.consultants import queries as roster
from app.consultants import service as consultants
from app.conversations import counters
from app.conversations import service as conversations
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding import queries, words
from app.forwarding import service as forwarding
from app.live import stale_regions
from app.protocols.models import Protocol
from jobs import live as jobs
from tests.browser_client import as_page
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.telling import Login, conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")
Work = Callable[..., int]


@pytest.fixture
def talk(app: Flask, client: FlaskClient, cast: Cast) -> int:
    """A conversation of Ana's; its id."""
    tell(client, received("Quero falar com um consultor"))
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.ana), found.owner_version)
        return found.id


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.ana))


def forward(app: Flask, browser: FlaskClient, talk: int, language: str = "pt-BR") -> str:
    with app.app_context():
        version = str(conversation().owner_version)
    fields = {"versao": version, "idioma": language}
    answer = browser.post(f"/conversas/{talk}/consultor", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_without_a_log_in_it_has_no_owner_and_the_bot_is_silent(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, consultant: Hires, work: Work
) -> None:
    consultant("Carla Dias")
    bar = forward(app, ana, talk)
    assert "Com Carla Dias" in bar
    assert "#00001" in bar
    assert "Por que este consultor?" in bar
    assert "única pessoa disponível" in bar
    tell(client, received("Obrigada"))
    work()
    with app.app_context():
        found = conversation()
        assert (found.owner_kind, found.owner_id) == ("outside", None)
        assert [m.body for m in messages("out") if m.author_kind == "system"] == [
            "Quem vai atender você é Carla Dias. Seu protocolo é #00001."
        ]
        assert messages("out")[-1].author_kind == "system"
        protocol = db.session.query(Protocol).one()
        assert (protocol.conversation_id, protocol.contact_id) == (found.id, found.contact_id)


def test_what_is_attended_outside_is_shown_so_and_alarms_nobody(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Carla Dias")
    forward(app, ana, talk)
    tell(client, received("Combinado, até amanhã"))
    everything = ana.get("/conversas?aba=all").text
    assert "Com Carla Dias, fora do painel" in everything
    assert "Com Carla Dias, fora do painel" in ana.get(f"/conversas/{talk}").text
    assert f"row-{talk}" in ana.get("/conversas?aba=all&dono=fora").text
    assert f"row-{talk}" not in ana.get("/conversas?aba=unassigned").text
    with app.app_context():
        found = conversation()
        assert (found.waiting_since, found.due_at) == (None, None)
        assert counters.totals(cast.ana)["unassigned"] == 0
        conversations.take_over(talk, person(cast.bruno), found.owner_version)
        assert conversation().consultant_id is None
        assert roster.open_of(talk) is None


def test_reopened_it_is_with_the_same_consultant_under_the_same_protocol(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    carla = consultant("Carla Dias")
    forward(app, ana, talk)
    with app.app_context():
        gisele = person(cast.gisele)
        conversations.close(talk, gisele, conversation().owner_version)
        assert roster.open_of(talk) is None
        protocol = db.session.query(Protocol).one()
        assert (protocol.status, protocol.number) == ("closed", 1)
    assert "Reabrir para Carla Dias" in ana.get(f"/conversas/{talk}").text
    with app.app_context():
        version = conversation().owner_version
        conversations.reopen(talk, person(cast.ana), version, for_last=True)
        assert roster.open_of(talk).consultant_id == carla
        assert conversation().owner_kind == "outside"
        assert db.session.query(Protocol).one().status == "in_progress"
        conversations.close(talk, person(cast.gisele), conversation().owner_version)
        consultants.set_online("teste", carla, online=False)
        version = conversation().owner_version
        conversations.reopen(talk, person(cast.ana), version, for_last=True)
        assert (conversation().owner_kind, roster.open_of(talk)) == ("nobody", None)


def test_who_takes_over_from_whoever_took_over_holds_the_hand_out_again(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    bruno = consultant("Bruno Lima", user_id=cast.bruno)
    forward(app, ana, talk)
    with app.app_context():
        conversations.take_over(talk, person(cast.gisele), conversation().owner_version)
        assert roster.open_of(talk) is None
        version = conversation().owner_version
        conversations.transfer(talk, person(cast.gisele), person(cast.bruno), "", version)
        assert roster.open_of(talk).consultant_id == bruno
        assert roster.busy() == {bruno: 1}


def bot_calls_the_turn(app: Flask, cast: Cast) -> None:
    with app.app_context():
        present = {name: str(value) for name, value in company.present(words.SECTION).items()}
        company.change(person(cast.gisele), "line", present | {"line_bot_calls": "turn"})


@pytest.mark.parametrize(("online", "ends"), [(True, "outside"), (False, "nobody")])
def test_the_bot_calls_whose_turn_it_is_where_the_company_wants_that(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    consultant: Hires,
    work: Work,
    online: bool,
    ends: str,
) -> None:
    consultant("Carla Dias", online=online)
    bot_calls_the_turn(app, cast)
    tell(client, received("Quero falar com um atendente"))
    work("assistant")
    with app.app_context():
        found = conversation()
        assert found.owner_kind == ends
        assert (queries.waiting_of(found.id) is None) == online
        first, second = (m for m in messages("out"))
        assert (first.author_kind, first.status) == ("bot", "queued")  # is not withdrawn
        assert ("#00001" if online else "número 1 da fila") in second.body


def test_where_nobody_speaks_their_language_the_bot_calls_whoever_is_first(
    app: Flask, client: FlaskClient, cast: Cast, consultant: Hires, work: Work
) -> None:
    consultant("Karen", languages=["en"])
    bot_calls_the_turn(app, cast)
    tell(client, received("Quero falar com um atendente"))
    work("assistant")
    with app.app_context():
        assert conversation().owner_kind == "nobody"
        assert queries.waiting_of(conversation().id) is None


def test_with_a_log_in_they_become_its_owner(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Bruno Lima", user_id=cast.bruno)
    forward(app, ana, talk)
    with app.app_context():
        assert conversation().owner_id == cast.bruno


def test_who_waits_is_handed_out_as_soon_as_somebody_is_online(
    app: Flask, ana: FlaskClient, talk: int, consultant: Hires, work: Work
) -> None:
    carla = consultant("Carla", online=False)
    bar = forward(app, ana, talk)
    assert "1º em pt-BR" in bar
    assert "Offline" in bar
    work()
    with app.app_context():
        assert roster.open_of(talk) is None
        consultants.set_online("teste", carla, online=True)
    work("live")
    with app.app_context():
        assert roster.open_of(talk).consultant_id == carla
        assert queries.waiting_of(talk) is None


def test_taking_it_over_ends_the_wait(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Carla", online=False)
    forward(app, ana, talk)
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.bruno), found.owner_version)
        assert queries.waiting_of(talk) is None


def later(app: Flask, minutes: float) -> None:
    """The clock stands so many minutes on, and the sweep comes by."""
    clock.shift(timedelta(minutes=minutes))
    with app.app_context():
        jobs.settle_line()


def system_said() -> list[str]:
    return [m.body for m in messages("out") if m.author_kind == "system"]


def test_the_line_is_first_in_first_out_for_each_language_and_tells_the_way(
    app: Flask, client: FlaskClient, ana: FlaskClient, cast: Cast, consultant: Hires, work: Work
) -> None:
    carla = consultant("Carla", online=False, capacity=1)
    consultant("Karen", online=False, languages=["en"])
    talks = []
    for number, language in enumerate(("pt-BR", "en", "pt-BR")):
        tell(client, received("Oi", f"550090001000{number + 1}"))
        with app.app_context():
            found = db.session.scalars(
                select(Conversation).order_by(Conversation.id.desc())
            ).first()
            assert found is not None
            talks.append(found.id)
            forwarding.forward(found.id, person(cast.ana), found.owner_version, language)
    first, english, second = talks
    with app.app_context():
        assert [(p.waiting.conversation_id, p.position) for p in queries.line()] == [
            (first, 1), (english, 1), (second, 2),
        ]  # fmt: skip
        assert "Você é o número 2 da fila" in system_said()[-1]
        consultants.set_online("teste", carla, online=True)
    work("live")
    with app.app_context():
        assert roster.open_of(first).consultant_id == carla
        assert roster.open_of(second) is None
        assert queries.waiting_of(second).considered == {"capacity": [carla], "language": [2]}
    later(app, 4)
    with app.app_context():
        assert "agora você é o número 1" in system_said()[-1]
        found = db.session.get_one(Conversation, first)
        conversations.close(first, person(cast.gisele), found.owner_version)
    work("live")  # a place is free
    with app.app_context():
        assert roster.open_of(second).consultant_id == carla
        assert queries.waiting_of(english) is not None


def test_who_does_not_answer_loses_it_to_the_front_of_the_line_under_the_same_number(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    bruno = consultant("Bruno Lima", user_id=cast.bruno)
    forward(app, ana, talk)
    tell(client, received("Alguém aí?"))
    later(app, 14)
    with app.app_context():
        assert conversation().owner_id == cast.bruno
    later(app, 16)
    with app.app_context():
        assert conversation().owner_kind == "nobody"
        assert queries.waiting_of(talk).refused == [bruno]
    later(app, 18)  # he is free, and does not get it again
    with app.app_context():
        assert roster.open_of(talk) is None
    carla = consultant("Carla")
    later(app, 19)
    with app.app_context():
        assert roster.open_of(talk).consultant_id == carla
        protocol = db.session.query(Protocol).one()
        assert (protocol.number, protocol.consultant_id) == (1, carla)
        assert "consultant_silent" in [m.kind for m in messages("event")]


def test_who_never_says_a_word_loses_it_as_well(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Bruno Lima", user_id=cast.bruno)
    with app.app_context():
        conversations.reply(talk, conversations.Author(person(cast.ana)), "Vou passar você adiante")
    forward(app, ana, talk)
    later(app, 16)
    with app.app_context():
        assert conversation().owner_kind == "nobody"
        assert queries.waiting_of(talk) is not None


def test_what_somebody_who_left_had_goes_on_to_the_next(
    app: Flask, ana: FlaskClient, talk: int, consultant: Hires, work: Work
) -> None:
    gone, stays = consultant("Carla"), consultant("Davi")
    forward(app, ana, talk)
    with app.app_context():
        consultants.leave("teste", gone)
    work("live")
    with app.app_context():
        assert roster.open_of(talk).consultant_id == stays


def test_undoing_frees_the_conversation_and_says_so(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, login_as: Login, consultant: Hires
) -> None:
    consultant("Bruno Lima", user_id=cast.bruno)
    forward(app, ana, talk)
    with app.app_context():
        last = roster.open_of(talk).id
    answer = as_page(login_as(cast.gisele)).post(
        f"/fila/entregas/{last}/desfazer", data={"motivo": "cliente errado"}
    )
    assert answer.status_code == 204
    with app.app_context():
        assert conversation().owner_kind == "nobody"
        assert roster.open_of(talk) is None
        assert db.session.query(Protocol).one().status == "cancelled"
    assert (
        "desfez a entrega; o protocolo #00001 foi cancelado" in ana.get(f"/conversas/{talk}").text
    )


def test_undoing_frees_a_place_for_whoever_waits(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, cast: Cast,
    consultant: Hires, work: Work,
) -> None:  # fmt: skip
    consultant("Carla Dias", capacity=1)
    forward(app, ana, talk)
    tell(client, received("Oi", "5500900010002"))
    with app.app_context():
        found = db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
        assert found is not None
        second = found.id
        forwarding.forward(second, person(cast.ana), found.owner_version)
        work("live")
        assert roster.open_of(second) is None
        forwarding.undo(roster.open_of(talk).id, person(cast.gisele), "cliente errado")
    work("live")
    with app.app_context():
        assert roster.open_of(second) is not None


def test_who_may_not_see_it_learns_nothing(
    app: Flask, talk: int, cast: Cast, login_as: Login, consultant: Hires
) -> None:
    consultant("Carla")
    outsider = as_page(login_as(cast.fabio))
    assert outsider.get(f"/conversas/{talk}/consultor").status_code == 404
    assert outsider.post(f"/conversas/{talk}/consultor").status_code == 403
    with app.app_context():
        shown = {f"forwarding:{talk}": ""}
        assert stale_regions(cast.fabio, {f"forwarding:{talk}": "x"}) == [f"forwarding:{talk}"]
        assert stale_regions(cast.ana, shown | {f"forwarding:{talk}": "/"}) == []
        with pytest.raises(Exception, match="Nenhum consultor fala"):
            forwarding.forward(talk, person(cast.ana), conversation().owner_version, "fr")
        bruno, version = person(cast.bruno), conversation().owner_version
        with pytest.raises(Exception, match="A conversa é de Ana"):
            forwarding.forward(talk, bruno, version, "pt-BR")
