"""Every page is clean under axe-core: light and dark, wide and phone, full and empty."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app import clock
from app.channels.models import Channel
from app.conversations import service
from app.conversations.models import Conversation
from app.conversations.service import Author
from app.deadlines import service as deadlines
from app.deadlines.policies import Policy
from app.extensions import db
from app.intake.models import Receipt
from app.quick_replies import service as quick_replies
from app.quick_replies.service import Wording
from app.scheduling import service as scheduling
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import Login, person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def pages_of(app: Flask, browser: FlaskClient) -> list[str]:
    """The address of every whole page without an argument that this person may open."""
    addresses = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    )
    own = [path for path in addresses if path not in {"/docs", "/redoc"}]  # the vendors' own pages
    return [path for path in own if "<!doctype html>" in browser.get(path).text[:200].lower()]


# The scheme changes nothing but colours: in the dark only the rules that look at them are asked.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
FAULTS = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], ...rules });
  return found.violations.map((fault) => `${fault.id}: ${fault.nodes[0].html.slice(0, 200)}`);
}"""
# What is judged is the other scheme, not the colours on their way to it.
AT_ONCE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


def violations(page: Page) -> list[str]:
    """What is wrong with what the page shows now, in the light and in the dark."""
    if page.locator("#live-dot").count():
        expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
    for part in page.locator("[hx-trigger=load]").all():
        expect(part).not_to_be_empty()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.evaluate(AT_ONCE)
    return _of_scheme(page, "light", {}) + _of_scheme(page, "dark", OF_COLOURS)


def _of_scheme(page: Page, scheme: Literal["light", "dark"], rules: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
    return [f"{page.url} {scheme} {fault}" for fault in page.evaluate(FAULTS, rules)]


def fill(app: Flask, client: FlaskClient, cast: Cast) -> tuple[int, int]:
    """A conversation with everything in it, a channel that is down; its id and a receipt's."""
    tell(client, received("Oi, bom dia!"))
    with app.app_context():
        talk = db.session.query(Conversation).one()
        promised = Policy(priority=0, resolution_minutes=600, pauses_waiting=False)
        deadlines.create(person(cast.adriana), promised)
        service.take_over(talk.id, person(cast.adriana), 1)
        service.add_note(talk.id, person(cast.adriana), "uma nota")
        ready = Wording("Chave Pix", "pix", "A chave é {{chave}}", "Pagamento", True)
        quick_replies.create(person(cast.adriana), ready)
        tomorrow = clock.now() + timedelta(days=1)
        scheduling.schedule(talk.id, person(cast.adriana), "Pagou?", tomorrow)
        missed = scheduling.schedule(talk.id, person(cast.adriana), "E aí?", tomorrow)
        missed.state, missed.reason = "missed", "A hora passou."
        message = service.reply(talk.id, Author(user=person(cast.adriana)), "resposta")
        message.status, message.error = "failed", "O número não existe no WhatsApp."
        channel = db.session.get_one(Channel, talk.channel_id)
        channel.state, channel.state_at = "disconnected", clock.now()
        db.session.commit()
        return talk.id, db.session.query(Receipt).first().id  # type: ignore[union-attr]


@pytest.mark.timeout(300)  # dozens of pages
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_clean(
    app: Flask,
    client: FlaskClient,
    visit: Visit,
    cast: Cast,
    login_as: Login,
    width: int,
) -> None:
    talk, receipt = fill(app, client, cast)
    page = visit(cast.adriana, "/", width=width, reduced_motion="reduce")
    base = page.url.partition("/inicio")[0]
    special = [
        f"/conversas/{talk}",
        "/contatos/1",
        f"/recebimentos/{receipt}",
        f"/equipe/{cast.ana}",
        "/canais/1",
        "/configuracoes/horarios/canal/1",
        "/agendadas?ver=nao-enviadas",
        "/busca?q=bom",
        "/busca?q=zebra&periodo=7d",
        "/nao-existe",
    ]
    faults = []
    pages = pages_of(app, login_as(cast.adriana))
    assert {"/conversas", "/equipe", "/canais", "/recebimentos", "/auditoria"} <= set(pages)
    for path in [*pages, *special]:
        page.goto(base + path)
        faults += violations(page)
    assert faults == []


def test_what_opens_over_the_list_is_clean(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast
) -> None:
    fill(app, client, cast)
    page = visit(cast.adriana, "/conversas", reduced_motion="reduce")
    faults = []
    for opener in page.locator("[data-opens-panel]").all():
        opener.click()
        expect(page.locator("#filter-panel")).to_be_visible()
        faults += violations(page)
        page.keyboard.press("Escape")
        expect(page.locator("#filter-panel")).to_be_hidden()
    page.locator(".row-link").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".row-check").first).to_be_checked()
    faults += violations(page)
    assert faults == []


def test_the_entrance_and_the_empty_pages_are_clean(visit: Visit, cast: Cast) -> None:
    faults = violations(visit(None, "/entrar"))
    for user_id, path in (
        (cast.ana, "/conversas"),
        (cast.ana, "/conversas?aba=mine"),
        (cast.fabio, "/inicio"),
        (cast.adriana, "/recebimentos"),
        (cast.adriana, "/tokens"),
    ):
        faults += violations(visit(user_id, path, reduced_motion="reduce"))
    assert faults == []


@pytest.mark.parametrize("width", [1440, 390])
def test_what_floats_is_clean(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast, width: int
) -> None:
    talk, _receipt = fill(app, client, cast)
    path = f"/conversas/{talk}"
    page = visit(cast.adriana, path, width=width, reduced_motion="reduce")
    page.locator("#bell-button").click()
    expect(page.locator("#bell-list")).to_be_visible()
    faults = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator(".command-option").first).to_be_visible()
    faults += violations(page)
    page.keyboard.press("Escape")
    page.locator(".thread-head").click()
    page.keyboard.press("?")
    expect(page.locator("#shortcut-sheet")).to_be_visible()
    assert faults + violations(page) == []
