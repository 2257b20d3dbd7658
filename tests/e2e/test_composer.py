"""What an attendant writes with, in a real browser: ready texts, quotes, undo, notes, schedules."""

import re

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import User
from app.extensions import db
from app.quick_replies import service as quick_replies
from app.quick_replies.service import Wording
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import violations
from tests.e2e.test_stories import PHONE, open_talk, phone_says, phone_shows
from tests.telling import person

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def a_talk(page: Page, sandbox: str, text: str = "Oi") -> None:
    """Somebody writes, and the conversation is this page's person's."""
    phone_says(sandbox, text)
    open_talk(page)
    page.get_by_role("button", name="Assumir conversa").click()
    expect(page.get_by_text("Com você")).to_be_visible()


def test_a_ready_text_is_filled_quoted_sent_and_taken_back(
    app: Flask, visit: Visit, cast: Cast, sandbox: str
) -> None:
    with app.app_context():
        body = "{{Saudacao}}, {{primeiro_nome}}! Protocolo {{protocolo}}."
        ana = person(cast.ana)
        quick_replies.create(ana, Wording("Boas-vindas", "oi", body, "", False))
        quick_replies.create(ana, Wording("Chave Pix", "pix", "A chave é 123", "", True))
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
    page = visit(cast.ana, "/conversas")
    a_talk(page, sandbox, "Qual é o meu protocolo?")
    field = page.locator(".composer-text")
    page.locator(".message.is-in").hover()
    page.get_by_role("button", name="Responder a esta mensagem").click()
    expect(page.locator(".composer-quote")).to_contain_text("Qual é o meu protocolo?")

    field.press_sequentially("/chave")
    expect(page.get_by_role("option")).to_have_count(1)
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("")
    field.press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(2)
    assert violations(page) == []
    field.press_sequentially("bóas")
    expect(page.get_by_role("option")).to_contain_text("Rosângela! Protocolo {{protocolo}}")
    field.press("Enter")
    expect(page.locator(".composer-blanks")).to_contain_text("{{protocolo}}")
    field.press("Enter")
    expect(page.locator(".message.is-out.by-user")).to_have_count(0)
    page.keyboard.type("T-1001")
    expect(field).to_have_value(
        re.compile(r"^(Bom dia|Boa tarde|Boa noite), Rosângela! Protocolo T-1001\.$")
    )
    expect(page.locator(".composer-blanks")).to_be_hidden()
    field.press("Enter")

    mine = page.locator(".message.is-out.by-user")
    expect(mine.locator(".quote")).to_contain_text("Qual é o meu protocolo?")
    mine.get_by_role("button", name="Desfazer").click()
    expect(mine).to_have_count(0)
    expect(field).to_have_value(re.compile("T-1001"))
    expect(page.locator(".composer-quote")).to_contain_text("Qual é o meu protocolo?")
    field.press("Enter")
    expect(mine.locator(".ticks")).to_contain_text("Lida", timeout=20_000)
    assert [who for who, text in phone_shows(sandbox) if "T-1001" in text] == ["company"]

    # Its menu, by mouse and by keyboard: a reaction to what she said, an edit, a deletion.
    theirs = page.locator(".message.is-in")
    theirs.hover()
    theirs.locator("[data-message-menu]").click()
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(theirs.locator(".reaction.is-ours:not(.is-pending)")).to_contain_text("❤️")
    field.press("ArrowUp")
    edited = page.locator("#edit-message-text")
    expect(edited).to_have_value(re.compile("T-1001"))
    assert violations(page) == []
    edited.fill("Protocolo T-1002")
    edited.press("Enter")
    expect(page.locator("#edit-message")).to_be_hidden()
    expect(mine.locator(".message-body")).to_have_text("Protocolo T-1002")
    expect(mine.locator(".edits")).to_contain_text("T-1001")
    assert ("company", "Protocolo T-1002") in phone_shows(sandbox)
    mine.hover()
    mine.locator("[data-message-menu]").click()
    page.get_by_role("menuitem", name="Apagar para todos").click()
    expect(mine.get_by_role("button", name="Desfazer")).to_be_visible()
    expect(mine.locator(".revoked")).to_contain_text("Apagada para todos por Ana", timeout=20_000)


def test_an_emoji_a_mention_and_a_message_for_later_on_two_screens(
    app: Flask, visit: Visit, cast: Cast, sandbox: str
) -> None:
    ana, bruno = visit(cast.ana, "/conversas"), visit(cast.bruno, "/agendadas")
    a_talk(ana, sandbox)
    field = ana.locator(".composer-text")
    ana.get_by_role("button", name="Escolher um emoji").click()
    ana.get_by_role("searchbox", name="Procurar emoji").fill("coracao vermelho")
    expect(ana.locator(".emoji")).not_to_have_count(0)
    assert violations(ana) == []
    ana.keyboard.press("ArrowDown")
    ana.keyboard.press("Enter")
    expect(field).to_have_value("❤️")
    expect(field).to_be_focused()

    ana.get_by_label("Nota privada").check()
    field.fill("")
    field.press_sequentially("@bruno l")
    expect(ana.get_by_role("option")).to_contain_text("Bruno Lima")
    field.press("Tab")
    field.press_sequentially("pode ver?")
    field.press("Enter")
    expect(ana.locator(".message.is-note .mention")).to_have_text("@Bruno Lima")
    expect(bruno.locator(".toast-note")).to_contain_text("Ana Souza mencionou você")

    bruno.locator(".toast-note a").click()
    expect(bruno.locator(".mention.is-me")).to_have_text("@Bruno Lima")
    ana.get_by_label("Responder", exact=True).check()
    field.fill("Conseguiu pagar?")
    ana.get_by_role("button", name="Agendar o envio").click()
    ana.get_by_role("button", name="Amanhã às 9:00").click()
    assert violations(ana) == []
    ana.get_by_role("button", name="Agendar", exact=True).click()
    for page in (ana, bruno):
        expect(page.locator(".scheduled-row")).to_contain_text("Conseguiu pagar?")
    expect(field).to_have_value("")
    expect(bruno.get_by_role("button", name="Enviar agora")).to_have_count(0)
    line = ana.locator(".scheduled-line")
    assert ana.locator(".scheduled-bar").bounding_box()["height"] < 40  # type: ignore[index]
    line.focus()
    line.press("Enter")
    ana.get_by_role("button", name="Enviar agora").click()
    for page in (ana, bruno):
        expect(page.locator(".message.is-out.by-user")).to_contain_text("Conseguiu pagar?")
        expect(page.locator(".scheduled-row")).to_have_count(0)


def test_closing_is_taken_back_and_a_reply_half_written_stays_a_reply(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    a_talk(page, sandbox)
    field = page.locator(".composer-text")
    field.fill("Já lhe mando o bol")
    page.get_by_role("button", name="Encerrar", exact=True).click()
    expect(page.locator(".owner-text")).to_contain_text("Encerrada")
    expect(field).to_have_value("")
    expect(page.locator(".batch-undo")).to_be_visible()
    page.locator("#thread-scroll").focus()
    page.keyboard.press("z")
    expect(page.locator(".owner-text")).to_contain_text("Com você")
    expect(field).to_have_value("Já lhe mando o bol")
    expect(page.locator(".composer.writes-note")).to_have_count(0)
    expect(page.locator(".event").last).to_contain_text("encerramento")


def test_who_writes_is_told_that_somebody_else_answered(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    a_talk(page, sandbox)
    field = page.locator(".composer-text")
    field.fill("Eu também")
    typed = {"text": "Já resolvi"}
    requests.post(f"{sandbox}/phone/{PHONE}/company-messages", json=typed, timeout=5)
    warning = page.locator(".composer-warning")
    expect(warning).to_contain_text("Alguém, pelo celular, respondeu enquanto você escrevia")
    field.press("Enter")
    expect(warning).to_contain_text("Enviar mesmo assim?")
    expect(page.locator(".message.is-out.by-user")).to_have_count(0)
    field.press("Enter")
    expect(page.locator(".message.is-out.by-user")).to_contain_text("Eu também")
    expect(warning).to_be_hidden()
