"""Undoing a send: held for a moment, taken back by its author alone, or on its way: never both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.models import User
from app.conversations import outbox, service
from app.extensions import db
from tests.browser_client import as_page
from tests.cast import Cast
from tests.conversations.sending import sent
from tests.telling import Login, conversation, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]
Work = Callable[..., int]


@pytest.fixture
def talk(app: Flask, client: FlaskClient, cast: Cast) -> int:
    """A conversation of Ana's, who can take back what she sends for five seconds; its id."""
    tell(client, received("Oi"))
    with app.app_context():
        found = conversation()
        service.take_over(found.id, person(cast.ana), found.owner_version)
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
        return found.id


def write(browser: FlaskClient, talk: int, text: str = "Segue o boleto", **fields: str) -> int:
    answer = browser.post(f"/conversas/{talk}/mensagens", data={"texto": text, **fields})
    assert answer.status_code == 200, answer.text
    return int(answer.text.split('id="message-')[1].split('"')[0])


def take_back(browser: FlaskClient, talk: int, message: int) -> tuple[int, str]:
    answer = browser.delete(f"/conversas/{talk}/mensagens/{message}/envio")
    return answer.status_code, answer.text


def later(app: Flask, work: Work, seconds: float) -> None:
    """The clock goes on and the sweep comes by."""
    clock.shift(timedelta(seconds=seconds))
    with app.app_context():
        outbox.redrive()
    work("outbound")


def test_a_message_is_held_and_then_leaves_once(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, work: Work
) -> None:
    write(ana, talk)
    work("outbound")
    later(app, work, 4)
    assert sent(sandbox) == []

    later(app, work, 6)
    later(app, work, 12)
    assert sent(sandbox) == ["Segue o boleto"]


def test_what_is_taken_back_never_leaves_and_the_customer_waits_again(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, work: Work
) -> None:
    with app.app_context():
        waited = conversation().waiting_since
    message = write(ana, talk, chave="k1")
    with app.app_context():
        assert conversation().waiting_since is None
    status, text = take_back(ana, talk, message)
    assert (status, "Segue o boleto" in text) == (200, True)
    later(app, work, 10)

    assert sent(sandbox) == []
    with app.app_context():
        found = conversation()
        assert (found.waiting_since, found.last_message_preview) == (waited, "Oi")
    page = ana.get(f"/conversas/{talk}").text
    assert page.count("Segue o boleto") == 1, "in the composer, as a draft"


def test_it_is_too_late_once_it_is_on_its_way(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, work: Work
) -> None:
    message = write(ana, talk)
    later(app, work, 6)
    status, text = take_back(ana, talk, message)

    assert (status, "já saiu" in text) == (409, True)
    with app.app_context():
        assert messages("out")[0].status == "sent"


def test_only_its_author_takes_it_back(
    talk: int, ana: FlaskClient, cast: Cast, login_as: Login
) -> None:
    message = write(ana, talk)
    for other, refused in ((cast.bruno, 404), (cast.gisele, 404), (cast.fabio, 403)):
        assert take_back(as_page(login_as(other)), talk, message)[0] == refused
    assert take_back(ana, talk, message)[0] == 200
    assert take_back(ana, talk, message)[0] == 409


def test_what_is_written_after_it_waits_for_it(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, cast: Cast, work: Work
) -> None:
    write(ana, talk, "primeiro")
    with app.app_context():
        service.reply(talk, service.Author(user=person(cast.ana)), "segundo")
    work("outbound")
    assert sent(sandbox) == []
    later(app, work, 6)
    assert sent(sandbox) == ["primeiro", "segundo"]


def test_of_a_sender_and_an_undo_in_one_instant_one_wins(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, channel: int
) -> None:
    def deliver() -> None:
        with app.app_context():
            outbox.deliver_channel(channel)

    for turn in range(4):
        message = write(ana, talk, f"corrida {turn}")
        clock.shift(timedelta(seconds=6 * (turn + 1)))
        with ThreadPoolExecutor(2) as pool:
            sending = pool.submit(deliver)
            status, _ = take_back(ana, talk, message)
            sending.result()
        was_sent = f"corrida {turn}" in sent(sandbox)
        assert status == (409 if was_sent else 200)
        with app.app_context():
            assert messages("out")[-1].status == ("sent" if was_sent else "cancelled")


def test_the_company_chooses_how_long_and_each_person_may_choose_otherwise(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = None
        db.session.commit()
    adriana = as_page(login_as(cast.adriana))
    page = adriana.get("/configuracoes/sending").text
    assert f'value="{app.config["SETTINGS"].undo_send_seconds}"' in page, "the environment's"
    saved = adriana.post("/configuracoes/sending", data={"undo_send_seconds": "12"})
    assert "Salvo" in saved.text
    assert "12 segundos" in ana.get("/conta").text
    assert take_back(ana, talk, write(ana, talk))[0] == 200
    too_long = adriana.post("/configuracoes/sending", data={"undo_send_seconds": "31"})
    assert "vai de 0 a 30" in too_long.text
    adriana.post("/configuracoes/sending", data={"undo_send_seconds": "0"})
    assert take_back(ana, talk, write(ana, talk, "outra"))[0] == 409
