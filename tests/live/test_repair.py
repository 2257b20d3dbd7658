"""Cut at each kind of event, a page repairs itself and then shows what a fresh one shows."""

import re
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import expect

from app.accounts import presence_store
from app.embedded import free_port
from tests.live.conftest import Opens
from tests.live.pages import dot
from tests.live.scene import OTHER_PHONE, Scene
from tests.processes import answers, eventually
from tests.running import Running
from tests.screens import Screen

pytestmark = pytest.mark.browser
Happening = Callable[[Scene], object]


def fails(scene: Scene) -> None:
    wish = {"vendor": "zapi", "call": "send-text", "status": 429, "times": 4}
    requests.post(f"{scene.vendor}/faults", json=wish, timeout=5)
    scene.replies("Não vai sair")
    scene.leaves()


def is_left_uncertain(scene: Scene) -> None:
    wish = {"vendor": "zapi", "call": "send-text", "status": 500, "times": 1}
    requests.post(f"{scene.vendor}/faults", json=wish, timeout=5)
    scene.replies("Saiu ou não?")
    scene.leaves()


def the_bot_answers(scene: Scene) -> None:
    scene.writes("Quero falar com uma pessoa")
    scene.work()


ACTS: dict[str, dict[str, Happening]] = {
    "what is said": {
        "a customer writes": lambda scene: scene.writes(),
        "it is read": lambda scene: scene.is_read(),
        "a new customer writes": lambda scene: scene.writes("Olá", OTHER_PHONE),
        "a customer corrects a message": lambda scene: scene.edits(),
        "a note is kept": lambda scene: scene.note(),
    },
    "how a reply fares": {
        "it is queued": lambda scene: scene.replies(),
        "it is sent": lambda scene: scene.leaves(),
        "it is delivered": lambda scene: scene.ticks("RECEIVED"),
        "the customer reads it": lambda scene: scene.ticks("READ"),
        "one is written for later": lambda scene: scene.schedules("Conseguiu pagar?"),
        "another fails": fails,
        "another is uncertain": is_left_uncertain,
    },
    "whose it is": {
        "somebody takes over": lambda scene: scene.takes_over(scene.gisele),
        "it is transferred": lambda scene: scene.transfers(scene.cast.bruno),
        "it is closed": lambda scene: scene.closes(),
        "it is reopened": lambda scene: scene.reopens(),
        "it is returned to the bot": lambda scene: scene.returns_to_bot(),
        "the bot answers and calls a person": the_bot_answers,
    },
    "around it": {
        "the contact is edited": lambda scene: scene.renames(),
        "contacts are merged": lambda scene: scene.merges(),
        "the merge is undone": lambda scene: scene.separates(),
        "the channel is disconnected": lambda scene: scene.connection(False),
        "the channel is connected": lambda scene: scene.connection(True),
        "somebody joins the staff": lambda scene: scene.hires(),
    },
}


@pytest.mark.parametrize("act", ACTS)
def test_the_desk_is_repaired_whatever_happened_meanwhile(
    act: str, scene: Scene, opens: Opens
) -> None:
    """Ana's page, on the other web process, is never cut: it lives from pushes alone."""
    bruno = opens("bruno", f"/conversas/{scene.id}")
    ana = opens("ana", f"/conversas/{scene.id}?aba=all&ordem=waiting", "second")
    bruno.page.get_by_label("Nota privada").check()
    field = bruno.page.locator(".composer-text")
    field.fill("meio escrito")
    field.evaluate("(field) => field.setSelectionRange(4, 4)")
    wrong = {}
    for name, happens in ACTS[act].items():
        with bruno.cut():
            happens(scene)
        wrong[f"Bruno: {name}"] = bruno.differences()
        assert bruno.focus() == [f"composer-text-{scene.id}", "meio escrito", 4], name
    wrong["Ana"] = ana.differences()
    assert {name: what for name, what in wrong.items() if what} == {}


def test_a_reply_that_is_half_written_comes_back_with_the_conversation(
    scene: Scene, opens: Opens
) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    field = bruno.page.locator(".composer-text")
    field.fill("meio escrito")
    scene.takes_over(scene.gisele)
    expect(field).to_have_value("")
    scene.transfers(scene.cast.bruno)
    expect(field).to_have_value("meio escrito")
    expect(bruno.page.get_by_label("Responder", exact=True)).to_be_checked()


def test_a_note_that_is_half_written_stays_a_note(scene: Scene, opens: Opens) -> None:
    scene.takes_over(scene.gisele)
    bruno = opens("bruno", f"/conversas/{scene.id}")
    bruno.page.locator(".composer-text").press_sequentially("cuidado com")
    scene.transfers(scene.cast.bruno)
    expect(bruno.page.get_by_text("Com você")).to_be_visible()
    expect(bruno.page.locator(".composer-text")).to_have_value("cuidado com")
    expect(bruno.page.get_by_label("Nota privada")).to_be_checked()


def test_who_looks_and_who_types_is_repaired(
    scene: Scene, opens: Opens, cookies: dict[str, str]
) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    with Screen(scene.web, cookies["gisele"]) as gisele:
        with bruno.cut():
            gisele.look(scene.id)
        expect(bruno.page.get_by_text("Gisele Prado está vendo")).to_be_attached()
        with bruno.cut():
            gisele.types()
        expect(bruno.page.get_by_text("Gisele Prado está escrevendo")).to_be_attached()
        with bruno.cut():
            gisele.look(None)
        expect(bruno.page.locator(".viewer", has_text="Gisele")).to_have_count(0)
    assert bruno.differences() == {}


def test_who_stops_typing_is_no_longer_shown_as_typing(scene: Scene, opens: Opens) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    ana = opens("ana", f"/conversas/{scene.id}", "second")
    bruno.page.locator(".composer-text").press_sequentially("Já vejo")
    expect(ana.page.get_by_text("Bruno Lima está escrevendo")).to_be_attached()
    expect(ana.page.get_by_text("Bruno Lima está vendo")).to_be_attached()


def test_a_web_process_that_died_is_found_again(
    scene: Scene, opens: Opens, running: Running
) -> None:
    port = free_port()
    web = running.launch(["-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"], PORT=str(port))
    address = f"http://127.0.0.1:{port}"
    assert eventually(lambda: answers(f"{address}/healthz"), 20)
    bruno = opens("bruno", f"/conversas/{scene.id}", address)
    web.kill()
    expect(dot(bruno.page)).to_have_text(re.compile("Sem conexão desde"))
    scene.writes("Enquanto o servidor não respondia")
    web.start()
    expect(dot(bruno.page)).to_have_text("Ao vivo", timeout=20_000)
    assert bruno.differences() == {}
    web.stop()


def test_the_list_of_colleagues_is_that_of_the_moment_it_is_opened(
    scene: Scene, opens: Opens
) -> None:
    bruno = opens("bruno", f"/conversas/{scene.id}")
    scene.adriana.post(f"/equipe/{scene.cast.fabio}/papeis", roles="attendant")
    bruno.page.get_by_role("button", name="Transferir").first.click()
    expect(bruno.page.get_by_role("option", name="Fábio Nunes")).to_be_attached()


def test_the_dot_says_since_when_the_page_is_cut(scene: Scene, opens: Opens) -> None:
    bruno = opens("bruno", "/conversas")
    expect(dot(bruno.page)).to_have_text("Ao vivo")
    with bruno.cut():
        now = bruno.page.evaluate(
            "() => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })"
        )
        expect(dot(bruno.page)).to_have_text(f"Sem internet desde {now}")
    expect(dot(bruno.page)).to_have_text("Ao vivo")


ADMINISTRATION: dict[str, tuple[str, Happening]] = {
    "/equipe": ("#staff-list", lambda scene: scene.hires()),
    "/tokens": ("#token-list", lambda scene: scene.makes_a_token()),
    "/auditoria": ("#audit-list", lambda scene: scene.renames("Outro nome")),
    "/etiquetas": (
        "#label-list",
        lambda scene: scene.gisele.post("/etiquetas", nome="Urgente", cor="red"),
    ),
    "/canais": ("#channel-list", lambda scene: scene.connection(False)),
    "/recebimentos": ("#receipt-list", lambda scene: scene.writes("Mais uma")),
}


@pytest.mark.parametrize("path", ADMINISTRATION)
def test_pages_of_administration_are_repaired(path: str, scene: Scene, opens: Opens) -> None:
    part, happens = ADMINISTRATION[path]
    adriana = opens("adriana", path)
    before = adriana.page.locator(part).inner_html()
    with adriana.cut():
        happens(scene)
    assert adriana.differences(part) == {}
    assert adriana.page.locator(part).inner_html() != before


def test_the_dots_of_presence_are_repaired(scene: Scene, opens: Opens) -> None:
    adriana = opens("adriana", "/equipe")
    with adriana.cut(), scene.app.app_context():
        presence_store.note(scene.cast.ana, {"elsewhere": True})
    mark = f"[data-presence='{scene.cast.ana}']"
    expect(adriana.page.locator(mark)).to_have_attribute("data-state", "online")
    assert adriana.differences("[data-presence]") == {}
