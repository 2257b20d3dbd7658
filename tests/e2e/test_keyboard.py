"""Everything with the keyboard alone, and nothing by accident while one writes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.e2e.test_stories import phone_says

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def title_is(page: Page, name: str) -> None:
    expect(page.locator(".thread-name")).to_contain_text(name)


def test_one_key_for_each_act_and_a_bar_for_everything(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    expect(page.locator(".row-card")).to_have_count(1)
    phone_says(sandbox, "Oi", phone="5500900020002", name="Davi Monteiro")
    expect(page.locator(".row-card")).to_have_count(2)

    page.keyboard.press("j")
    title_is(page, "Davi Monteiro")
    page.keyboard.press("j")
    title_is(page, "Rosângela Prado")
    page.keyboard.press("k")
    title_is(page, "Davi Monteiro")
    page.keyboard.press("a")
    expect(page.get_by_text("Com você")).to_be_visible()
    page.locator("#thread-scroll").focus()
    page.keyboard.press("n")
    page.keyboard.type("jka? / nota")
    expect(page.locator(".composer-text")).to_have_value("jka? / nota")
    expect(page.locator(".composer.writes-note")).to_have_count(1)
    title_is(page, "Davi Monteiro")

    page.locator("#thread-scroll").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#thread-scroll")).to_be_focused()

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="O que você quer fazer ou encontrar")
    expect(box).to_be_focused()
    page.keyboard.type("adiar")
    expect(page.locator(".command-option[aria-selected=true]")).to_have_text("Adiar")
    box.fill("rosangela")
    expect(page.locator(".command-option", has_text="Rosângela Prado").first).to_be_visible()
    box.fill("conta")
    page.keyboard.press("Escape")
    expect(page.locator("#thread-scroll")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("respostas rap")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/respostas-rapidas"))
