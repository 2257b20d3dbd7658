"""Everyone is told what concerns them, once, and nobody else is; it is read where it was seen."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.channels import service as channels
from app.channels.models import Channel
from app.conversations import service, settling
from app.conversations.models import Conversation, OutboxEntry
from app.conversations.service import Author, Extras
from app.extensions import db
from app.integrations.base import IntegrationError, Outcome
from app.notifications import service as notifications
from app.notifications.models import Notice
from app.scheduling import service as scheduling
from app.teams import service as teams
from tests.cast import Cast
from tests.counting import counted_queries
from tests.notifications.conftest import Bell
from tests.telling import Login, conversation, person, received, tell

OTHER = "5500900020002"


def seen(talk: int) -> int:
    db.session.rollback()
    return db.session.get_one(Conversation, talk, populate_existing=True).owner_version


def give(talk: int, by: int, to: int | None) -> None:
    service.transfer(talk, person(by), person(to) if to else None, "", seen(talk))


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Notice).count()


def test_who_is_given_a_conversation_is_told_by_whom_and_nobody_else(
    app: Flask, ana: Bell, bruno: Bell, gisele: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        give(talk, cast.bruno, cast.ana)

    assert "Novo: Bruno Lima passou Marina para você" in ana.lines()
    assert [bell.counts()[0] for bell in (ana, bruno, gisele)] == [1, 0, 0]


def test_opening_the_conversation_reads_what_the_bell_says_of_it(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        give(talk, cast.bruno, cast.ana)
    bruno.page.post("/avisos/leitura", data={"conversa": talk})
    assert ana.counts()[0] == 1, "nobody reads for somebody else"
    assert ana.page.post("/avisos/leitura", data={"conversa": talk}).status_code == 204
    assert ana.counts()[0] == 0
    assert "Bruno Lima passou Marina para você" in ana.lines(), "it stays in the list, as read"


def test_the_same_cause_again_is_counted_and_over_when_somebody_else_has_it(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        service.take_over(talk, person(cast.gisele), seen(talk))
        give(talk, cast.gisele, cast.bruno)
    assert bruno.counts()[0] == 1, "the loss is over, the gift is news"
    with app.app_context():
        service.take_over(talk, person(cast.gisele), seen(talk))
    assert "Novo: Gisele Prado assumiu a conversa com Marina" in bruno.lines()
    assert bruno.counts()[0] == 1, "the gift is over"
    assert ana.counts()[0] == 0


def test_ten_messages_in_mine_are_one_line_with_a_number_and_no_row(
    app: Flask, client: FlaskClient, ana: Bell, bruno: Bell, talk: int
) -> None:
    for number in range(10):
        tell(client, received(f"Linha {number}"))
    assert bruno.lines() == ["Novo: Marina: 10 mensagens novas"]
    assert (bruno.counts(), ana.counts()) == ((0, 1, 0), (0, 0, 0))
    assert stored(app) == 0

    bruno.page.post(f"/conversas/{talk}/leitura")
    assert bruno.counts() == (0, 0, 0)


def test_what_waits_without_an_owner_is_in_every_bell_until_anybody_claims_it(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        give(talk, cast.bruno, None)
    assert [bell.counts() for bell in (ana, bruno)] == [(0, 0, 1)] * 2
    assert "Marina espera sem dono" in ana.page.get("/avisos/painel").text
    assert stored(app) == 0, "a row for everybody would be many"
    with app.app_context():
        service.take_over(talk, person(cast.ana), seen(talk))
    assert [bell.counts()[2] for bell in (ana, bruno)] == [0, 0]


def test_silence_holds_until_the_owner_changes_and_for_one_person_only(
    app: Flask, client: FlaskClient, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        give(talk, cast.bruno, None)
    ana.page.post("/avisos/silencio")
    tell(client, received("Alguém?"))
    assert (ana.counts()[2], bruno.counts()[2]) == (0, 1)
    assert "data-silenced=" in ana.state(), "the page must know what it may not count again"

    with app.app_context():
        service.take_over(talk, person(cast.bruno), seen(talk))
        give(talk, cast.bruno, None)
    assert ana.counts()[2] == 1


def test_nothing_of_another_teams_conversations_is_told(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        team = teams.create(person(cast.gisele), "Vendas")
        teams.set_members(person(cast.gisele), team.id, [cast.bruno])
        service.transfer(talk, person(cast.bruno), None, "", seen(talk), team)
    assert (ana.counts()[2], bruno.counts()[2]) == (0, 1)


def test_outsiders_have_a_bell_in_which_nothing_of_the_desk_is_told(
    cast: Cast, talk: int, login_as: Login
) -> None:
    page = login_as(cast.fabio)
    assert 'id="bell"' in page.get("/inicio").text
    state = page.get("/avisos/sino").text
    assert "data-conversation" not in state.replace('data-conversation=""', "")
    assert "Marina" not in state + page.get("/avisos/painel").text


def test_what_did_not_leave_is_told_to_its_author_until_it_is_sent_again(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        sent = service.reply(talk, Author(user=person(cast.bruno)), "Segue o boleto")
        entry = db.session.query(OutboxEntry).one()
        entry.state, sent.status = "sending", "sending"
        db.session.commit()
        settling.record_failure(entry.id, IntegrationError("Sem resposta.", Outcome.UNKNOWN))

    assert bruno.lines() == ["Novo: 1 mensagem sua para Marina não saiu"]
    assert f"#message-{sent.id}" in bruno.state()
    assert ana.counts() == (0, 0, 0)
    with app.app_context():
        service.resend(sent.id, person(cast.bruno))
    assert bruno.counts()[0] == 0


def test_a_mention_leads_to_the_note(app: Flask, ana: Bell, talk: int, cast: Cast) -> None:
    with app.app_context():
        text, extras = "@Ana Souza veja o contrato", Extras(mentions=(cast.ana,))
        note = service.add_note(talk, person(cast.bruno), text, extras=extras)
    assert ana.lines() == ["Novo: Bruno Lima mencionou você na conversa com Marina"]
    assert f'href="/conversas/{talk}#message-{note.id}"' in ana.page.get("/avisos/painel").text


def test_a_snooze_that_ends_and_a_message_that_missed_its_time_are_told(
    app: Flask, ana: Bell, bruno: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        bruno_himself, now = person(cast.bruno), clock.now()
        scheduling.schedule(talk, bruno_himself, "Bom dia!", now + timedelta(minutes=5))
        service.snooze(talk, bruno_himself, now + timedelta(hours=1), seen(talk))
        clock.shift(timedelta(hours=1, seconds=1))
        service.wake_due()
        scheduling.send_due()
    assert set(bruno.lines()) >= {
        "Novo: A conversa com Marina voltou",
        "Novo: A mensagem agendada para Marina não saiu",
    }
    assert ana.counts()[0] == 0


def test_managers_hear_of_a_channel_that_is_down_until_it_is_back(
    app: Flask, ana: Bell, gisele: Bell, channel: int
) -> None:
    with app.app_context():
        line = db.session.get_one(Channel, channel)
        channels.note_state(line, False, "Sem sessão.", clock.now())
        channels.note_state(line, False, "Celular sem bateria.", clock.now())
    assert gisele.lines() == ["Novo: O canal WhatsApp está desconectado"]
    assert ana.counts()[0] == 0
    with app.app_context():
        line = db.session.get_one(Channel, channel)
        channels.note_state(line, True, None, clock.now())
    assert gisele.counts()[0] == 0


def test_reading_all_leaves_nothing(
    app: Flask, client: FlaskClient, ana: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        give(talk, cast.bruno, cast.ana)
    tell(client, received("Oi", phone=OTHER))
    with app.app_context():
        other = max(row.id for row in db.session.query(Conversation))
        service.take_over(other, person(cast.bruno), seen(other))
        give(other, cast.bruno, None)
    assert ana.counts() == (1, 1, 1)
    ana.page.post("/avisos/leitura")
    assert ana.counts() == (0, 0, 0)


def test_older_ones_follow_page_by_page_and_the_oldest_are_forgotten(
    app: Flask, ana: Bell, talk: int, cast: Cast
) -> None:
    with app.app_context():
        for number in range(45):
            db.session.add(
                Notice(user_id=cast.ana, kind="given", cause=f"given:{number}", by=f"B{number:02}",
                       conversation_id=talk, updated_at=clock.now() - timedelta(days=number))
            )  # fmt: skip
        db.session.commit()
    found, html = [], ana.page.get("/avisos/painel").text
    while True:
        found += [f"B{number:02}" for number in range(45) if f"B{number:02} passou" in html]
        if "antes=" not in html:
            break
        html = ana.page.get(
            "/avisos/anteriores?antes=" + html.split("antes=")[1].split('"')[0]
        ).text
    assert found == [f"B{number:02}" for number in range(45)]
    assert ana.page.get("/avisos/anteriores?antes=ontem").status_code == 404

    with app.app_context():
        notifications.forget_old()
        assert db.session.query(Notice).count() == 30


def test_a_message_in_an_owned_conversation_costs_the_webhook_nothing(
    app: Flask, client: FlaskClient, talk: int
) -> None:
    tell(client, received("aquece"))
    with app.app_context(), counted_queries() as counted:
        tell(client, received("mais uma"))
        assert not [one for one in counted.statements if "notice" in one]
        assert conversation().unread_count == 2


@pytest.mark.parametrize("path", ["/avisos/sino", "/avisos/painel"])
def test_the_bell_asks_a_fixed_number_of_times(
    app: Flask, client: FlaskClient, ana: Bell, talk: int, cast: Cast, path: str
) -> None:
    with app.app_context():
        give(talk, cast.bruno, cast.ana)
        engine = db.engine
    ana.page.get(path)
    with counted_queries(engine) as few:
        ana.page.get(path)
    for number in range(3):
        tell(client, received("Oi", phone=f"550090002000{number}"))
    with app.app_context():
        for other in db.session.query(Conversation).filter(Conversation.id != talk).all():
            service.take_over(other.id, person(cast.bruno), other.owner_version)
            give(other.id, cast.bruno, cast.ana if other.id % 2 else None)
    with counted_queries(engine) as many:
        ana.page.get(path)
    assert few.total == many.total <= 9, many.statements
