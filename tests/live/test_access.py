"""Who loses access stops receiving at once, and the page goes."""

import re

import pytest
from playwright.sync_api import expect

from tests.live.conftest import Opens
from tests.live.scene import Scene

pytestmark = pytest.mark.browser


def test_without_the_role_the_desk_is_left(scene: Scene, opens: Opens) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    scene.adriana.post(f"/equipe/{scene.cast.bruno}/papeis", roles="finance")
    expect(bruno.page.locator("#desk")).to_have_count(0)
    expect(bruno.page.get_by_text("Marina")).to_have_count(0)


def test_the_list_is_emptied_too(scene: Scene, opens: Opens) -> None:
    ana = opens("ana", "/conversas")
    expect(ana.page.locator(".row-card")).to_have_count(1)
    scene.adriana.post(f"/equipe/{scene.cast.ana}/papeis", roles="finance")
    expect(ana.page.get_by_text("Marina")).to_have_count(0)
    scene.writes("Não é para a Ana")
    ana.page.wait_for_timeout(300)
    expect(ana.page.get_by_text("Marina")).to_have_count(0)


def test_a_deactivated_person_is_shown_the_door(scene: Scene, opens: Opens) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    scene.adriana.post(f"/equipe/{scene.cast.bruno}/desativacao")
    expect(bruno.page).to_have_url(re.compile("/entrar"))
