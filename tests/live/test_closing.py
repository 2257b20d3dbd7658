"""Closing on open screens: a reason in two keystrokes, seen by whoever looks."""

import pytest
from playwright.sync_api import expect

from app.closing_reasons import service as reasons
from app.company import service as company
from tests.live.conftest import Opens
from tests.live.scene import Scene
from tests.telling import person


@pytest.mark.browser
def test_a_reason_is_chosen_by_its_number(scene: Scene, opens: Opens) -> None:
    with scene.app.app_context():
        gisele = person(scene.cast.gisele)
        for name in ("Resolvido", "Sem interesse"):
            reasons.create(gisele, name)
        company.change(gisele, "closing", {"closing_reason": "required", "reopen_days": "1"})
    bruno = opens("bruno", f"/conversas/{scene.id}")
    ana = opens("ana", f"/conversas/{scene.id}")
    bruno.page.locator(f"#close-{scene.id}").focus()
    bruno.page.keyboard.press("Enter")
    expect(bruno.page.get_by_text("Por que encerrar?")).to_be_visible()
    bruno.page.keyboard.press("2")
    for someone in (bruno, ana):
        expect(someone.page.locator("#thread")).to_contain_text(
            "Bruno Lima encerrou a conversa · Sem interesse"
        )
        expect(someone.page.locator(".owner-text")).to_contain_text("Encerrada · Sem interesse")
    expect(ana.page.get_by_role("button", name="Reabrir para Bruno Lima")).to_be_visible()
    assert ana.differences(".desk-foot", "#conversation-list", "#inbox-tabs") == {}
