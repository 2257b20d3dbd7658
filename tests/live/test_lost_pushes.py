"""Pushes that are lost, repeated or out of order leave the same screen in the end."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.embedded import EmbeddedRedis
from tests.live.conftest import Opens
from tests.live.scene import Scene
from tests.telling import received, tell

pytestmark = pytest.mark.browser
HOLD_BACK = """() => {
  window.held = [];
  guiche.socket.off("live");
  guiche.socket.on("live", (message) => window.held.push(message.html));
}"""


def hold_back(page: Page) -> None:
    """Pushes arrive, and are kept from the page."""
    page.evaluate(HOLD_BACK)


def let_through(page: Page, order: str) -> None:
    """Give the page what was held, once no more comes, as `order` (JavaScript) says."""
    count = -1
    while count < (count := page.evaluate("() => held.length")):
        page.wait_for_timeout(500)
    assert count > 10
    page.evaluate(f"() => {{ for (const html of {order}) guiche.apply(html); }}")


def much_happens(scene: Scene) -> None:
    scene.writes("um")
    scene.replies("dois")
    scene.leaves()
    scene.ticks("READ")
    scene.note("três")
    scene.takes_over(scene.gisele)


@pytest.mark.parametrize(
    "order", ["held.concat(held)", "held.slice().reverse()", "held.slice().sort()"]
)
def test_twice_or_in_another_order_they_show_the_same(
    order: str, scene: Scene, opens: Opens
) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    hold_back(bruno.page)
    much_happens(scene)
    let_through(bruno.page, order)
    assert bruno.differences() == {}


def test_a_push_lost_with_redis_is_repaired_by_the_next_sync(
    scene: Scene, opens: Opens, client: FlaskClient, redis_server: EmbeddedRedis
) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    bruno.page.evaluate("() => guiche.socket.on('disconnect', () => { window.wasCut = true; })")
    bruno.page.wait_for_timeout(300)  # it has compared itself with the server after it opened
    redis_server.stop()
    tell(client, received("Isto se perde"))
    redis_server.start()
    bruno.page.wait_for_timeout(300)
    lost = bruno.page.locator(".message", has_text="Isto se perde")
    expect(lost).to_have_count(0)
    bruno.syncs()
    expect(lost).to_have_count(1)
    assert bruno.differences() == {}
    assert not bruno.page.evaluate("() => Boolean(window.wasCut)")
