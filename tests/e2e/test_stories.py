"""What an attendant lives through, in a real browser with a real phone at the other end."""

import re

import pytest
import requests
from flask import Flask
from playwright.sync_api import Page, expect

from app.quick_replies import service as quick_replies
from app.quick_replies.service import Wording
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import person

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]
PHONE = "5500900020001"


def phone_says(sandbox: str, text: str, phone: str = PHONE, name: str = "Rosângela Prado") -> None:
    said = {"text": text, "name": name}
    requests.post(f"{sandbox}/phone/{phone}/messages", json=said, timeout=5).raise_for_status()


def phone_sends(sandbox: str, kind: str, text: str = "") -> None:
    said = {"kind": kind, "text": text, "name": "Rosângela Prado"}
    requests.post(f"{sandbox}/phone/{PHONE}/messages", json=said, timeout=10).raise_for_status()


def phone_shows(sandbox: str, phone: str = PHONE) -> list[tuple[str, str]]:
    rows = requests.get(f"{sandbox}/phone/{phone}/messages", timeout=5).json()
    return [(row["from"], row["text"]) for row in rows]


def open_talk(page: Page, name: str = "Rosângela Prado") -> None:
    page.locator(".row-link", has_text=name).click()
    expect(page.locator(".thread-name")).to_contain_text(name)


def write(page: Page, text: str) -> None:
    page.locator(".composer-text").fill(text)
    page.keyboard.press("Enter")


def test_an_attendants_whole_hour(app: Flask, visit: Visit, cast: Cast, sandbox: str) -> None:
    """Arrival, claim, photo, voice, ready text, note with a mention, transfer, snooze, end."""
    with app.app_context():
        words = Wording("Boas-vindas", "oi", "Bom dia, {{primeiro_nome}}! Aqui é a Ana.", "", True)
        quick_replies.create(person(cast.ana), words)
    ana, bruno = visit(cast.ana, "/conversas"), visit(cast.bruno, "/inicio")
    expect(ana.get_by_text("Nenhuma conversa aberta")).to_be_visible()
    phone_says(sandbox, "Oi, bom dia!")
    expect(ana.locator(".row-card")).to_have_count(1)
    open_talk(ana)
    expect(ana.locator(".message.by-bot .message-body")).to_contain_text("Olá, Rosângela!")

    ana.get_by_role("button", name="Assumir conversa").click()
    expect(ana.get_by_text("Com você")).to_be_visible()
    phone_sends(sandbox, "image", "a parede")
    phone_sends(sandbox, "audio")
    expect(ana.locator(".media-picture img")).to_have_js_property("complete", True, timeout=60_000)
    voice = ana.locator(".media-audio")
    voice.get_by_role("button", name="Tocar").click(timeout=60_000)
    expect(voice).to_have_class("media-audio is-playing")

    field = ana.locator(".composer-text")
    field.press_sequentially("/oi")
    expect(ana.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Bom dia, Rosângela! Aqui é a Ana.")
    field.press("Enter")
    mine = ana.locator(".message.is-out.by-user", has_text="Aqui é a Ana")
    expect(mine).to_have_count(1)
    expect(mine.locator(".ticks")).to_contain_text("Lida")
    assert phone_shows(sandbox).count(("company", "Bom dia, Rosângela! Aqui é a Ana.")) == 1

    ana.get_by_label("Nota privada").check()
    field.press_sequentially("@bruno l")
    expect(ana.get_by_role("option")).to_contain_text("Bruno Lima")
    field.press("Tab")
    field.press_sequentially("ela pede desconto")
    field.press("Enter")
    expect(ana.locator(".message.is-note .mention")).to_have_text("@Bruno Lima")
    told = bruno.locator(".toast-note", has_text="Ana Souza mencionou você")
    told.get_by_role("link").click()
    expect(bruno.locator(".mention.is-me")).to_have_text("@Bruno Lima")

    ana.get_by_role("button", name="Transferir").click()
    ana.get_by_label("Transferir para").select_option(value=str(cast.bruno))
    ana.get_by_label("Nota para quem recebe").fill("Cliente pede desconto")
    ana.locator(".transfer-form").get_by_role("button", name="Transferir").click()
    expect(bruno.get_by_text("Com você")).to_be_visible()
    expect(bruno.locator(".message.is-note").last).to_contain_text("Cliente pede desconto")
    expect(ana.locator(".owner-text")).to_contain_text("Com Bruno Lima")

    bruno.locator(".thread-acts").get_by_role("button", name="Adiar").click()
    bruno.get_by_label("Até o cliente responder").check()
    bruno.locator(".act-dialog").get_by_role("button", name="Adiar").click()
    expect(ana.locator(".snoozed-mark").first).to_be_visible()
    expect(ana.locator("#conversation-list .row-card")).to_have_count(0)
    phone_says(sandbox, "E o desconto?")
    expect(ana.locator("#conversation-list .row-card")).to_have_count(1)
    expect(bruno.locator(".snoozed-mark")).to_have_count(0)

    bruno.get_by_role("button", name="Encerrar", exact=True).click()
    reopens = bruno.get_by_role("button", name="Reabrir conversa")
    expect(reopens).to_be_visible()
    expect(ana.locator("#conversation-list .row-card")).to_have_count(0)
    reopens.click()
    expect(bruno.get_by_text("Com você")).to_be_visible()
    expect(ana.locator("#conversation-list .row-card")).to_have_count(1)


def test_two_look_at_one_conversation_and_each_sees_what_the_other_does(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    ana, bruno = visit(cast.ana, "/conversas"), visit(cast.bruno, "/conversas")
    phone_says(sandbox, "Olá")
    for page in (ana, bruno):
        open_talk(page)
    expect(bruno.locator(".viewer", has_text="Ana Souza")).to_be_visible()
    bruno.locator(".composer-text").fill("uma nota começada")
    expect(ana.locator(".viewer", has_text="Bruno Lima está escrevendo")).to_be_visible()

    ana.get_by_role("button", name="Assumir conversa").click()

    expect(bruno.locator(".owner-text")).to_contain_text("Com Ana Souza")
    expect(bruno.get_by_role("button", name="Assumir conversa")).to_have_count(0)
    expect(bruno.locator(".composer-text")).to_have_value("uma nota começada")
    expect(bruno.locator(".event", has_text="Ana Souza assumiu")).to_be_visible()
    expect(ana.locator("#count-mine")).to_have_text("1")

    bruno.locator(".composer-text").press("Enter")
    expect(ana.locator(".message.is-note")).to_contain_text("uma nota começada")


def test_the_loser_of_a_race_hears_who_was_faster(visit: Visit, cast: Cast, sandbox: str) -> None:
    ana, bruno = visit(cast.ana, "/conversas"), visit(cast.bruno, "/conversas")
    phone_says(sandbox, "Olá")
    for page in (ana, bruno):
        open_talk(page)
    bruno.evaluate("window.guiche.socket.disconnect()")
    ana.get_by_role("button", name="Assumir conversa").click()
    expect(ana.get_by_text("Com você")).to_be_visible()

    bruno.get_by_role("button", name="Assumir conversa").click()

    expect(bruno.locator(".toast-note")).to_contain_text("A conversa é de Ana Souza")


def test_what_i_began_to_write_is_there_on_another_screen(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    open_talk(page)
    page.get_by_role("button", name="Assumir conversa").click()
    expect(page.get_by_label("Responder", exact=True)).to_be_checked()
    with page.expect_response(re.compile("rascunho")):
        page.locator(".composer-text").fill("metade de uma")

    other = visit(
        cast.ana, page.url.partition("/conversas")[1] + page.url.rpartition("/conversas")[2]
    )
    expect(other.locator(".composer-text")).to_have_value("metade de uma")


def test_what_the_provider_refuses_says_why_and_can_be_sent_again(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    open_talk(page)
    page.get_by_role("button", name="Assumir conversa").click()
    expect(page.get_by_text("Com você")).to_be_visible()
    refuse = {"vendor": "zapi", "status": 429, "call": "send-"}
    requests.post(f"{sandbox}/faults", json=refuse, timeout=5).raise_for_status()

    write(page, "vai falhar")
    trouble = page.locator(".message-trouble", has_text="Falhou")
    expect(trouble).to_be_visible()
    requests.delete(f"{sandbox}/faults", timeout=5)
    trouble.get_by_role("button", name="Tentar de novo").click()

    expect(page.locator(".message.is-out.by-user .ticks")).to_contain_text("Lida")
    assert phone_shows(sandbox).count(("company", "vai falhar")) == 1


def test_a_disconnected_instance_shows_a_banner_and_holds_what_is_written(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    open_talk(page)
    page.get_by_role("button", name="Assumir conversa").click()
    expect(page.get_by_text("Com você")).to_be_visible()
    switch = f"{sandbox}/zapi/instances/INST-TEST/connection"
    requests.post(switch, json={"connected": False}, timeout=5).raise_for_status()
    expect(page.locator("#channel-banner")).to_contain_text("desconectad")

    write(page, "fica guardada")
    expect(page.locator(".message.is-out.by-user .ticks")).to_contain_text("Na fila")
    assert ("company", "fica guardada") not in phone_shows(sandbox)

    requests.post(switch, json={"connected": True}, timeout=5).raise_for_status()
    expect(page.locator("#channel-banner")).not_to_contain_text("desconectad")
    expect(page.locator(".message.is-out.by-user .ticks")).to_contain_text("Lida")


def test_a_cpf_is_masked_until_asked_for(visit: Visit, cast: Cast, sandbox: str) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    open_talk(page)
    page.get_by_role("button", name="Editar").click()
    page.get_by_label("CPF").fill("529.982.247-25")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("***.982.247-**")).to_be_visible()

    page.get_by_role("button", name="Mostrar", exact=True).click()
    expect(page.get_by_text("529.982.247-25")).to_be_visible()


def test_a_whole_talk_on_a_phone_sized_screen(visit: Visit, cast: Cast, sandbox: str) -> None:
    page = visit(cast.ana, "/conversas", width=390, height=844)
    phone_says(sandbox, "Olá")
    open_talk(page)
    expect(page.locator("#list-pane")).to_be_hidden()
    page.get_by_role("button", name="Assumir conversa").click()
    expect(page.get_by_text("Com você")).to_be_visible()
    page.get_by_role("button", name="Etiquetar").click()
    expect(page.get_by_role("dialog", name="Etiquetar")).to_be_visible()
    page.keyboard.press("Escape")
    write(page, "oi do celular")
    expect(page.locator(".message.is-out.by-user")).to_be_visible()
    page.get_by_role("link", name="Voltar para a lista").click()
    expect(page.locator("#list-pane")).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_the_keyboard_alone_is_enough(visit: Visit, cast: Cast, sandbox: str) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    page.locator(".row-link").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".thread-name")).to_be_visible()
    page.get_by_role("button", name="Assumir conversa").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Com você")).to_be_visible()
    page.locator(".composer-text").focus()
    page.keyboard.type("linha um")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("linha dois")
    page.keyboard.press("Enter")
    expect(page.locator(".message.is-out.by-user .message-body")).to_have_text(
        "linha um\nlinha dois"
    )


def test_what_could_not_be_sent_goes_back_to_its_own_conversation(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    phone_says(sandbox, "Oi", phone="5500900020002", name="Davi Monteiro")
    for name in ("Davi Monteiro", "Rosângela Prado"):
        open_talk(page, name)
        page.get_by_role("button", name="Assumir conversa").click()
        expect(page.get_by_text("Com você")).to_be_visible()
    page.route("**/mensagens", lambda route: route.fulfill(status=503, body=""))
    write(page, "só para a Rosângela")
    expect(page.locator(".composer-text")).to_have_value("só para a Rosângela")
    page.locator(".composer-text").press("Enter")
    open_talk(page, "Davi Monteiro")

    expect(page.locator(".toast-note").last).to_contain_text("A mensagem não saiu")
    expect(page.locator(".composer-text")).to_have_value("")
    page.unroute("**/mensagens")
    open_talk(page)
    expect(page.locator(".composer-text")).to_have_value("só para a Rosângela")
