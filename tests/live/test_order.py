"""What one page says is heard in the order in which it says it."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.conversations import viewers
from tests.cast import Cast
from tests.live.conftest import Opens
from tests.live.scene import Scene

pytestmark = pytest.mark.browser

# Looks away, looks again and types at once; done when the server has heard the last of it.
TYPES_AT_ONCE = """(id) => new Promise((done) => {
  guiche.socket.emit("look", { conversation: null });
  guiche.socket.emit("look", { conversation: id });
  guiche.socket.emit("typing", true, done);
})"""


def test_who_types_as_soon_as_they_look_is_seen_typing(
    app: Flask, scene: Scene, cast: Cast, opens: Opens
) -> None:
    page = opens("ana", f"/conversas/{scene.id}").page
    for _ in range(25):
        page.evaluate(TYPES_AT_ONCE, scene.id)
        with app.app_context():
            assert viewers.present(scene.id).get(cast.ana) is True


COMES_AND_GOES = """(id) => {
  for (let turn = 0; turn < 6; turn += 1) {
    guiche.socket.emit("look", { conversation: null });
    guiche.socket.emit("look", { conversation: id });
  }
}"""
BOTH_ASK = """(id) => guiche.ask(document.querySelector(`[data-region="viewers:${id}"]`))"""


def test_who_types_is_seen_typing_while_others_come_and_go(scene: Scene, opens: Opens) -> None:
    ana = opens("ana", f"/conversas/{scene.id}").page
    bruno = opens("bruno", f"/conversas/{scene.id}").page
    gisele = opens("gisele", f"/conversas/{scene.id}").page
    expect(ana.locator(".viewer", has_text="Bruno Lima")).to_be_visible()
    for _ in range(12):
        gisele.evaluate(COMES_AND_GOES, scene.id)
        ana.evaluate(BOTH_ASK, scene.id)
        bruno.evaluate("() => { guiche.socket.emit('typing', true); }")
        typing = ana.locator(".viewer", has_text="Bruno Lima está escrevendo")
        expect(typing).to_be_visible(timeout=2000)
        bruno.evaluate("() => new Promise((done) => guiche.socket.emit('typing', false, done))")
        expect(typing).to_have_count(0, timeout=2000)
