"""Cut at each kind of event, a page repairs itself and then shows what a fresh one shows."""

from collections.abc import Callable

import pytest
import requests

from tests.live.conftest import Opens
from tests.live.scene import OTHER_PHONE, Scene
from tests.screens import Screen

pytestmark = pytest.mark.browser
Happening = Callable[[Scene], None]


def fails(scene: Scene) -> None:
    requests.post(f"{scene.vendor}/faults", json={"vendor": "zapi", "status": 429, "times": 4}, timeout=5)
    scene.replies("Não vai sair")
    scene.leaves()


STORY: dict[str, Happening] = {
    "a customer writes": lambda scene: scene.writes(),
    "a new customer writes": lambda scene: scene.writes("Olá", OTHER_PHONE),
    "a customer corrects a message": lambda scene: scene.edits(),
    "a reply is queued": lambda scene: scene.replies(),
    "it is sent": lambda scene: scene.leaves(),
    "it is delivered": lambda scene: scene.ticks("RECEIVED"),
    "it is read": lambda scene: scene.ticks("READ"),
    "another fails": fails,
    "a note": lambda scene: scene.note(),
    "taken over": lambda scene: scene.takes_over(scene.gisele),
    "transferred": lambda scene: scene.transfers(scene.cast.bruno),
    "the contact is edited": lambda scene: scene.renames(),
    "the contact is merged": lambda scene: scene.merges(),
    "the merge is undone": lambda scene: scene.separates(),
    "the channel is disconnected": lambda scene: scene.connection(False),
    "the channel is connected": lambda scene: scene.connection(True),
    "closed": lambda scene: scene.closes(),
    "reopened": lambda scene: scene.reopens(),
    "returned to the bot": lambda scene: scene.returns_to_bot(),
    "the bot answers": lambda scene: (scene.writes("quero falar com alguém"), scene.work()),
}


def test_the_desk_is_repaired_whatever_happened_meanwhile(scene: Scene, opens: Opens) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    field = bruno.page.locator(".composer-text")
    field.fill("meio escrito")
    field.evaluate("(field) => field.setSelectionRange(4, 4)")
    wrong = {}
    for name, happens in STORY.items():
        with bruno.cut():
            happens(scene)
        wrong[name] = bruno.differences()
        if bruno.focus() != [f"composer-text-{scene.id}", "meio escrito", 4]:
            wrong[name]["focus"] = str(bruno.focus())
    for name, what in wrong.items():
        for part, both in what.items():
            print("==", name, part, both)
    assert not any(wrong.values())
