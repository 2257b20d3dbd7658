"""Photographs, voices and what goes wrong with them, as an attendant meets them."""

from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]
PHONE = "5500900020001"
PATIENT = 60_000  # a worker looks into files in a process of its own; machines may be busy


def phone(sandbox: str, kind: str, text: str = "", **fields: Any) -> str:
    """The customer sends something; its id at the provider."""
    said = {"kind": kind, "text": text, "name": "Rosângela Prado", **fields}
    answer = requests.post(f"{sandbox}/phone/{PHONE}/messages", json=said, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["id"])


def open_talk(page: Page) -> None:
    page.locator(".row-link", has_text="Rosângela Prado").click()
    expect(page.locator(".thread-name")).to_contain_text("Rosângela Prado")


def test_photos_open_large_and_a_voice_goes_on_while_its_bubble_changes(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone(sandbox, "image", "a parede")
    phone(sandbox, "image", "o teto")
    voice = phone(sandbox, "audio")
    open_talk(page)
    pictures = page.locator(".media-picture")
    expect(pictures).to_have_count(2, timeout=PATIENT)
    expect(pictures.first.locator("img")).to_have_js_property("complete", True)

    pictures.first.focus()
    page.keyboard.press("Enter")
    box = page.locator("#lightbox")
    expect(box).to_be_visible()
    expect(box.get_by_text("1 de 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(box.get_by_text("2 de 2")).to_be_visible()
    expect(box.get_by_text("o teto")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(pictures.nth(1)).to_be_focused()

    phone(sandbox, "audio")
    players = page.locator(".media-audio")
    expect(players).to_have_count(2, timeout=PATIENT)
    players.first.get_by_role("button", name="Tocar").click()
    expect(players.first.locator("[data-time]")).to_have_text("0:01")
    phone(sandbox, "revoke", referenceMessageId=voice)
    expect(page.get_by_text("Mensagem apagada pelo cliente")).to_be_visible()
    expect(players.first).to_have_class("media-audio is-playing")
    expect(players.first.locator("[data-time]")).to_have_text("0:03")

    players.first.get_by_role("button", name="Velocidade").click()
    expect(players.nth(1).get_by_role("button", name="Velocidade")).to_have_text("1,5×")
    players.nth(1).get_by_role("button", name="Tocar").click()
    expect(players.nth(1)).to_have_class("media-audio is-playing")
    expect(players.first).to_have_class("media-audio")
    players.nth(1).locator("[data-seek]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(players.nth(1)).to_have_class("media-audio")
    expect(players.nth(1).locator("[data-seek]")).not_to_have_js_property("value", "0")
