"""The telephone in a real browser."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sandbox.samples import sample
from tests.browser import launch_options
from tests.sandbox.outside import PHONE, Sandbox

pytestmark = pytest.mark.browser
Visit = Callable[[Browser], None]


@pytest.fixture
def visit() -> Iterator[Callable[[Visit], None]]:
    """Runs a function with a Chromium, in a thread of its own.

    Playwright allows one instance a thread, and this thread may hold another test's.
    """

    def run(steps: Visit) -> None:
        with sync_playwright() as playwright:
            options: dict[str, Any] = launch_options()
            browser = playwright.chromium.launch(**options)
            steps(browser)
            browser.close()

    with ThreadPoolExecutor(1) as pool:
        yield lambda steps: pool.submit(run, steps).result()


def opened(browser: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A page at `address`, and what its console said."""
    page = browser.new_context(locale="pt-BR", **options).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    return page, said


def test_a_conversation_needs_no_reload(sandbox: Sandbox, visit: Callable[[Visit], None]) -> None:
    def steps(browser: Browser) -> None:
        page, said = opened(browser, f"{sandbox.url}/phone/{PHONE}")
        box = page.get_by_label("Mensagem de Marina Alves")
        box.fill("Bom dia")
        box.press("Shift+Enter")
        box.press_sequentially("tudo bem?")
        box.press("Enter")
        expect(page.locator(".message.customer .words")).to_have_text("Bom dia\ntudo bem?")
        expect(page.get_by_role("img", name="enviada")).to_be_visible()
        box.fill("<b>ainda escrevendo</b>")
        sandbox.send_text("<i>Olá!</i>")
        expect(page.locator(".message.company .words")).to_have_text("<i>Olá!</i>")
        expect(page.get_by_role("img", name="lida")).to_be_visible()
        picture = base64.b64encode(sample("image")).decode()
        sent = {"phone": PHONE, "image": f"data:image/jpeg;base64,{picture}"}
        assert sandbox.call("POST", "send-image", sent).ok
        shown = page.locator(".message.company img.media")
        expect(shown).to_be_visible()
        expect(shown).not_to_have_js_property("naturalWidth", 0)
        expect(box).to_have_value("<b>ainda escrevendo</b>")
        expect(box).to_be_focused()
        assert said == []

    visit(steps)


def test_the_panel_breaks_sends_and_the_connection(
    sandbox: Sandbox, visit: Callable[[Visit], None]
) -> None:
    def steps(browser: Browser) -> None:
        page, _ = opened(browser, f"{sandbox.url}/phone/{PHONE}")
        page.get_by_role("button", name="Falhar: 500").click()
        expect(page.locator("#faults")).to_have_text("responde 500, 1×")
        assert sandbox.call("GET", "status").status_code == 200
        body = {"phone": PHONE, "message": "oi"}
        assert sandbox.call("POST", "send-text", body).status_code == 500
        page.get_by_role("button", name="Desconectar").click()
        expect(page.locator("#connection")).to_have_text("Desconectada")
        page.get_by_role("button", name="Conectar", exact=True).click()
        expect(page.locator("#connection")).to_have_text("Conectada")
        page.get_by_label("Nome que a empresa vê").fill("Outra Pessoa")
        page.get_by_label("Nome que a empresa vê").press("Tab")
        expect(page.locator("#empty")).to_contain_text("Outra Pessoa")

    visit(steps)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_at_both_sizes(
    sandbox: Sandbox, visit: Callable[[Visit], None], scheme: str
) -> None:
    sandbox.say("Meu boleto não chegou")
    sandbox.send_text("Vou ver")
    sandbox.settle()

    def steps(browser: Browser) -> None:
        for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
            for path in ("/", f"/phone/{PHONE}"):
                page, said = opened(
                    browser,
                    sandbox.url + path,
                    viewport=size,
                    color_scheme=scheme,
                    reduced_motion="reduce",
                )
                if path != "/":
                    page.locator(".message").nth(1).wait_for()
                found = Axe().run(page).response["violations"]
                assert [violation["id"] for violation in found] == []
                width = page.evaluate("() => document.documentElement.scrollWidth")
                assert width <= size["width"]
                assert said == []

    visit(steps)
