"""Files and recordings that leave: chosen, pasted, dropped, spoken, as two people see them."""

import base64
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from app.accounts.models import User
from app.extensions import db
from app.seed import samples
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import violations
from tests.e2e.test_media import PATIENT
from tests.e2e.test_stories import open_talk, phone_says, write
from tests.processes import eventually

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]

# A paste or a drop as the browser makes them: of real files.
GIVES = """([selector, type, name, mime, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: mime }));
  const target = document.querySelector(selector);
  const said = { bubbles: true, cancelable: true };
  target.dispatchEvent(type === "paste"
    ? new ClipboardEvent(type, { ...said, clipboardData: data })
    : new DragEvent(type, { ...said, dataTransfer: data }));
}"""


def give(page: Page, selector: str, kind: str, name: str, mime: str, content: bytes) -> None:
    encoded = base64.b64encode(content).decode()
    page.evaluate(GIVES, [selector, kind, name, mime, encoded])


def outbox(sandbox: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    return answer


def methods(sandbox: str) -> list[str]:
    """How each send of a person left; the robot's greetings come in between."""
    return [call["method"] for call in outbox(sandbox) if not call["text"].startswith("Olá, ")]


def mine(page: Page) -> Locator:
    return page.locator(".message.is-out.by-user:not([hidden])")


def ready(page: Page, count: int) -> None:
    expect(page.locator(".file-chip.is-ready")).to_have_count(count)


def two_at_a_talk(visit: Visit, cast: Cast, sandbox: str) -> tuple[Page, Page]:
    """Ana, whose conversation it is, and Bruno, who looks on."""
    ana, bruno = visit(cast.ana, "/conversas"), visit(cast.bruno, "/conversas")
    phone_says(sandbox, "Podem mandar a planta?")
    for page in (ana, bruno):
        open_talk(page)
    expect(ana.locator(".message.by-bot")).to_be_visible(timeout=PATIENT)
    ana.get_by_role("button", name="Assumir conversa").click()
    expect(ana.get_by_text("Com você")).to_be_visible(timeout=PATIENT)
    return ana, bruno


def test_files_are_chosen_pasted_dropped_and_leave_in_order_on_both_screens(
    app: Flask, visit: Visit, cast: Cast, sandbox: str, tmp_path: Path
) -> None:
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
    ana, bruno = two_at_a_talk(visit, cast, sandbox)
    contract, photo = tmp_path / "contrato de compra e venda assinado.pdf", tmp_path / "planta.jpg"
    contract.write_bytes(samples.pdf("Contrato"))
    photo.write_bytes(samples.picture(300, 200))
    chips = ana.locator(".file-chip")

    with ana.expect_file_chooser() as chooser:
        ana.get_by_role("button", name="Anexar arquivos").click()
    chooser.value.set_files([photo, contract])
    ready(ana, 2)
    expect(chips.nth(0).locator("img")).to_be_visible()
    expect(chips.nth(1)).to_contain_text(" B")
    expect(ana.locator(".composer-text")).to_be_focused()
    picture = samples.picture(120, 90)
    give(ana, ".composer-text", "paste", "image.jpg", "image/jpeg", picture)
    give(ana, "#thread-scroll", "dragenter", "teto.jpg", "image/jpeg", picture)
    expect(ana.locator(".thread-pane.takes-files")).to_be_visible()
    give(ana, "#thread-scroll", "drop", "teto.jpg", "image/jpeg", picture)
    expect(ana.locator(".takes-files")).to_have_count(0)
    ready(ana, 4)
    assert violations(ana) == []

    ana.route("**/anexos", refuse)
    give(ana, ".composer-text", "paste", "notas.txt", "text/plain", b"linha")
    failed = ana.locator(".file-chip.is-failed")
    expect(failed).to_contain_text("Não subiu")
    assert violations(ana) == []
    write(ana, "Seguem")
    expect(ana.locator(".toast-note")).to_contain_text("Espere os arquivos terminarem")
    ana.unroute("**/anexos", refuse)
    failed.get_by_role("button", name="Tentar de novo: notas.txt").click()
    ready(ana, 5)
    ana.reload()  # what is up is still there; what was on its way would say that it is not
    ready(ana, 5)
    ana.get_by_role("button", name="Tirar teto.jpg").click()
    ready(ana, 4)

    phone_says(sandbox, "Oi", "5500900020002", "Pedro Reis")
    open_talk(ana, "Pedro Reis")
    expect(chips).to_have_count(0)
    open_talk(ana)
    ready(ana, 4)
    expect(ana.locator(".composer-text")).to_have_value("Seguem")

    ana.locator(".composer-text").press("Enter")
    expect(chips).to_have_count(0)
    expect(mine(ana)).to_have_count(5)
    mine(ana).nth(3).get_by_role("button", name="Desfazer").click()
    expect(mine(ana)).to_have_count(4)
    expect(chips).to_contain_text(["notas.txt"])
    for page in (ana, bruno):
        expect(mine(page)).to_have_count(4)
        expect(mine(page).nth(0).locator(".media-picture img")).to_be_visible(timeout=PATIENT)
        expect(mine(page).nth(1)).to_contain_text("contrato de compra e venda assinado.pdf")
        expect(mine(page).nth(2).locator(".media-picture img")).to_be_visible(timeout=PATIENT)
        expect(mine(page).nth(3)).to_contain_text("Seguem")
        expect(mine(page).nth(3).locator(".ticks")).to_contain_text("Lida", timeout=PATIENT)
    assert methods(sandbox) == ["send-image", "send-document/pdf", "send-image", "send-text"]

    ana.get_by_role("button", name="Tirar notas.txt").click()
    write(ana, "só texto")
    expect(mine(bruno).last).to_contain_text("só texto")
    assert eventually(lambda: len(methods(sandbox)) == 5, 15), methods(sandbox)
    assert methods(sandbox)[4] == "send-text"


def refuse(route: Route) -> None:
    route.fulfill(status=503, body="")


def test_a_voice_is_recorded_heard_and_sent_and_escape_forgets_it(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    ana, bruno = two_at_a_talk(visit, cast, sandbox)
    record = ana.get_by_role("button", name="Gravar uma mensagem de voz")
    recorder = ana.locator(".recorder")
    record.click()
    expect(recorder).to_be_visible()
    expect(recorder.locator(".recorder-time")).to_have_text("0:01")
    ana.keyboard.press("Escape")
    expect(recorder).to_be_hidden()
    expect(ana.locator(".composer-text")).to_be_focused()

    ana.locator(".composer-text").fill("um texto começado")
    record.click()
    expect(recorder.locator(".recorder-time")).to_have_text("0:02")
    recorder.get_by_role("button", name="Pausar").click()
    expect(recorder.get_by_role("button", name="Continuar")).to_be_visible()
    assert violations(ana) == []
    recorder.get_by_role("button", name="Ouvir antes").click()
    heard = recorder.locator("audio")
    expect(heard).to_be_visible()
    expect(heard).to_have_js_property("error", None)
    assert eventually(lambda: heard.evaluate("audio => audio.currentTime") > 0.2, 10)
    assert violations(ana) == []
    recorder.get_by_role("button", name="Continuar").click()
    expect(heard).to_be_hidden()
    expect(recorder.locator(".recorder-time")).to_have_text("0:03")
    recorder.get_by_role("button", name="Enviar áudio").click()
    expect(recorder).to_be_hidden()

    for page in (ana, bruno):
        voice = mine(page).locator(".media-audio")
        expect(voice).to_have_count(1, timeout=PATIENT)
        expect(voice.locator(".media-wave svg").first).to_be_visible()
        expect(mine(page).locator(".ticks")).to_contain_text("Lida", timeout=PATIENT)
    expect(ana.locator(".composer-text")).to_have_value("um texto começado")
    assert methods(sandbox) == ["send-audio"]
    assert outbox(sandbox)[-1]["body"]["audio"].startswith("data:audio/ogg;base64,")
