"""What is being read stays where it is."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.conversations.models import Message
from app.conversations.threads import append, locked
from app.transactions import atomic
from tests.live.conftest import Opens
from tests.live.scene import Scene

pytestmark = pytest.mark.browser
# Where each message stands below the top of the pane, by id.
PLACES = """() => {
  const top = document.getElementById("thread-scroll").getBoundingClientRect().top;
  return Object.fromEntries(Array.from(document.querySelectorAll("#thread > .message"),
    (message) => [message.id, Math.round(message.getBoundingClientRect().top - top)]));
}"""


@pytest.fixture
def long_talk(app: Flask, scene: Scene) -> Scene:
    """120 messages, of which a page shows the last 50."""
    with app.app_context(), atomic():
        conversation = locked(scene.id)
        for number in range(120):
            said = Message(direction="in", author_kind="customer", body=f"mensagem {number}")
            append(conversation, said)
    return scene


def scroll_to(page: Page, top: int) -> None:
    page.locator("#thread-scroll").evaluate(f"(pane) => {{ pane.scrollTop = {top}; }}")
    page.wait_for_timeout(100)


def test_who_has_scrolled_up_is_not_moved_by_a_new_message(long_talk: Scene, opens: Opens) -> None:
    page = opens("bruno", f"/conversas/{long_talk.id}").page
    page.wait_for_load_state("networkidle")
    scroll_to(page, 900)
    before = page.evaluate(PLACES)
    long_talk.writes("novidade")
    expect(page.locator("#new-pill")).to_have_text("1 mensagem nova")
    long_talk.writes("outra")
    expect(page.locator("#new-pill")).to_have_text("2 mensagens novas")
    after = page.evaluate(PLACES)
    assert {name: after[name] for name in before} == before
    page.locator("#new-pill").click()
    expect(page.locator("#new-pill")).to_be_hidden()
    expect(page.locator(".message", has_text="outra")).to_be_in_viewport()


def test_who_is_at_the_end_follows_it(long_talk: Scene, opens: Opens) -> None:
    page = opens("bruno", f"/conversas/{long_talk.id}").page
    page.wait_for_load_state("networkidle")
    long_talk.writes("novidade")
    expect(page.locator(".message", has_text="novidade")).to_be_in_viewport()
    expect(page.locator("#new-pill")).to_be_hidden()


def test_older_messages_enter_above_without_a_jump(long_talk: Scene, opens: Opens) -> None:
    page = opens("bruno", f"/conversas/{long_talk.id}").page
    page.wait_for_load_state("networkidle")
    shown = page.locator("#thread > .message")
    expect(shown).to_have_count(50)
    before = page.evaluate(PLACES)
    first = page.locator("#thread > .message").first.get_attribute("id")
    scroll_to(page, 0)
    expect(shown).to_have_count(100)
    page.wait_for_timeout(100)
    after, moved = page.evaluate(PLACES), before[first or ""]
    apart = [after[name] - (before[name] - moved) for name in before]
    assert max(apart) - min(apart) <= 1, "those that were shown keep their distances"
    assert 0 <= after[first or ""] < 200, "and stay in sight"
