"""What one page says is heard in the order in which it says it."""

import pytest
from flask import Flask

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
