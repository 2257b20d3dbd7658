"""Deadlines and hours on open screens: they tick, turn late, and are followed without a reload."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from app import clock
from app.conversations import service
from app.conversations.models import Conversation
from app.deadlines import keeping, rounds
from app.deadlines import service as deadlines
from app.deadlines.policies import Policy
from app.extensions import db
from app.transactions import atomic
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import conversation, person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def leave_in_line(app: Flask, cast: Cast, waited: timedelta) -> int:
    """A customer who waits for so long; promised was an answer within a minute."""
    with app.app_context():
        deadlines.create(person(cast.gisele), Policy(first_minutes=1, warn_percent=50))
        rounds.run()
        with atomic():
            talk = service.locked(conversation().id)
            service.hand_to_people(talk, "pediu uma pessoa")
            talk.waiting_since = clock.now() - waited
        return db.session.query(Conversation.id).scalar()


def test_a_deadline_ticks_and_what_is_missed_stands_first_on_open_screens(
    visit: Visit, app: Flask, client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("preciso de uma pessoa"))
    talk = leave_in_line(app, cast, timedelta(seconds=56))
    tell(client, received("oi", phone="5500900010002"))
    page = visit(cast.ana, f"/conversas/{talk}?aba=all&ordem=due")
    page.locator("#live-dot[data-state=live]").wait_for()
    chip = page.locator(f"#row-{talk} .deadline")
    above = page.locator(f"#marks-{talk} .deadline")
    # By the browser's own clock, before anybody on the server looked.
    expect(chip).to_have_attribute("data-state", "late")
    expect(chip).to_contain_text("atrasada 1 min")
    expect(above).to_contain_text("Primeira resposta")
    with app.app_context():
        keeping.pass_due()
    expect(page.locator(f"#row-{talk}")).to_have_attribute("data-due", "2")
    expect(page.locator("#thread")).to_contain_text("Prazo perdido · Primeira resposta")
    expect(page.locator("#conversation-list .row-card").first).to_have_attribute(
        "data-id", str(talk)
    )
    with app.app_context():
        seen = conversation_of(talk).owner_version
        service.take_over(talk, person(cast.ana), seen)
        service.reply(talk, service.Author(user=person(cast.ana)), "oi, desculpe")
    expect(chip).to_have_count(0)
    expect(above).to_have_count(0)


def conversation_of(talk: int) -> Conversation:
    return db.session.get_one(Conversation, talk, populate_existing=True)


def test_hours_are_kept_by_keyboard_and_others_pages_follow(visit: Visit, cast: Cast) -> None:
    page = visit(cast.gisele, "/configuracoes/horarios/empresa/0")
    other = visit(cast.adriana, "/configuracoes/horarios")
    other.locator("#live-dot[data-state=live]").wait_for()
    page.get_by_label("Nestes dias e horas").check()
    monday = page.get_by_role("group", name="Segunda-feira")
    expect(monday.locator("input[type=time]")).to_have_count(4)
    monday.get_by_label("Segunda-feira, fecha às").last.fill("17:00")
    page.get_by_role("button", name="Copiar até sexta").click()
    page.get_by_role("button", name="Sábado: mais um período").press("Enter")
    saturday = page.get_by_role("group", name="Sábado")
    saturday.get_by_label("Sábado, abre às").fill("09:00")
    saturday.get_by_label("Sábado, fecha às").fill("12:00")
    page.get_by_role("button", name="Salvar horário").click()
    expect(page.locator("#hours-card")).to_contain_text("Salvo")
    expect(other.locator("#hours-places")).to_contain_text(
        "seg a sex 08:00–12:00, 13:00–17:00; sáb 09:00–12:00"
    )
