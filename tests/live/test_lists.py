"""A list that is narrowed, and acts on several: live on two screens, repaired after a cut."""

import pytest
from playwright.sync_api import expect

from app.labels import service as labels
from tests.live.conftest import Opens
from tests.live.scene import OTHER_PHONE, Scene
from tests.running import Running
from tests.screens import Screen
from tests.telling import person

pytestmark = pytest.mark.browser
LIST = ("#conversation-list", ".list-empty", ".thread-marks")


def test_filtered_lists_follow_what_others_do_and_are_repaired(scene: Scene, opens: Opens) -> None:
    scene.gisele.post("/etiquetas", nome="VIP", cor="teal")
    scene.gisele.post("/etiquetas", nome="Boleto", cor="amber")
    bruno = opens("bruno", f"/conversas/{scene.id}?aba=all&ordem=newest&etiqueta=1")
    ana = opens("ana", "/conversas?aba=all&ordem=priority&texto=Marina", "second")
    row = f"#row-{scene.id}"
    expect(bruno.page.locator(row)).to_have_count(0)

    def act(act: str, **fields: str) -> None:
        seen = f"{scene.id}:{scene._seen()}"
        scene.gisele.post(f"/conversas/acoes/{act}", ids=seen, **fields)

    act("label", por="1")
    expect(bruno.page.locator(row)).to_contain_text("VIP")
    expect(bruno.page.locator(".thread-marks")).to_contain_text("VIP")
    scene.gisele.post("/etiquetas/1", nome="Muito VIP", cor="red")
    expect(bruno.page.locator(row)).to_contain_text("Muito VIP")
    expect(ana.page.locator(row)).to_contain_text("Muito VIP")

    wrong = {}
    for name, happens in {
        "it becomes urgent": lambda: act("priority", prioridade="urgent"),
        "another label": lambda: act("label", por="2"),
        "it is put off": lambda: act("snooze", ate="resposta"),
        "the customer answers": lambda: scene.writes("Voltei"),
        "the label is taken off": lambda: act("label", tirar="1"),
        "somebody else writes": lambda: scene.writes("Oi", OTHER_PHONE),
    }.items():
        with bruno.cut():
            happens()
        wrong[f"Bruno: {name}"] = bruno.differences(*LIST)
        ana.syncs()
        wrong[f"Ana: {name}"] = ana.differences(*LIST)
    assert {name: what for name, what in wrong.items() if what} == {}


def test_what_is_chosen_with_the_keyboard_is_done_and_undone(scene: Scene, opens: Opens) -> None:
    with scene.app.app_context():
        labels.create(person(scene.cast.gisele), "VIP", "teal")
    scene.writes("Oi", OTHER_PHONE)
    gisele = opens("gisele", "/conversas?aba=all&ordem=newest").page
    gisele.locator(".row-link").first.focus()
    gisele.keyboard.press("x")
    gisele.keyboard.press("Shift+ArrowDown")
    expect(gisele.locator("#bulk-count")).to_have_text("2 selecionadas")

    gisele.locator("#bulk-label").press("Enter")
    expect(gisele.locator("#act-dialog")).to_be_visible()
    gisele.keyboard.type("vip")
    gisele.keyboard.press("Enter")
    gisele.keyboard.press("Enter")
    expect(gisele.locator(".row-card .label-chip")).to_have_count(2)
    expect(gisele.locator("#bulk-bar")).to_be_hidden()

    gisele.locator(".batch-undo").press("Enter")
    expect(gisele.locator(".batch-toast")).to_contain_text("Desfeito.")
    expect(gisele.locator(".row-card .label-chip")).to_have_count(0)


def test_an_outsider_hears_nothing_of_labels_and_batches(
    scene: Scene, running: Running, cookies: dict[str, str]
) -> None:
    with (
        Screen(running.web("second"), cookies["fabio"]) as fabio,
        Screen(running.web("second"), cookies["ana"]) as ana,
    ):
        scene.gisele.post("/etiquetas", nome="VIP", cor="teal")
        ids = f"{scene.id}:{scene._seen()}"
        scene.gisele.post("/conversas/acoes/label", ids=ids, por="1")
        scene.gisele.post("/conversas/visoes", nome="De todos", consulta="aba=all", para_todos="1")
        assert ana.saw(f'id="row-{scene.id}"', "VIP")
        assert ana.was_touched("views:me")
        assert not any("batch-" in one for one in ana.heard())
        fabio.sync()
        assert [one for one in fabio.heard() if "my-presence" not in one] == []
