"""Search in a browser: by keyboard from the box to the message in its thread, and on from it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.contacts.models import Contact
from app.conversations import queries
from app.conversations.models import Conversation, Message
from app.conversations.service.writing import quote_by
from app.extensions import db
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


@pytest.fixture
def talk(app: Flask, client: FlaskClient) -> int:
    """A long thread whose fortieth message speaks of an infiltration."""
    tell(client, received("a primeira"))
    with app.app_context():
        first = db.session.query(Message).one()
        db.session.add_all(
            Message(
                conversation_id=first.conversation_id, channel_id=first.channel_id, direction="in",
                author_kind="customer", created_at=first.created_at,
                body="apareceu uma infiltração" if n == 40 else f"linha {n}",
                sorted_at=queries._moment(queries.micros(first.sorted_at) - (200 - n) * 1_000_000),
            )
            for n in range(150)
        )  # fmt: skip
        db.session.commit()
        return db.session.query(Conversation.id).scalar()


def is_centred(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_in_viewport()
    box = page.get_by_text(text, exact=True).bounding_box()
    pane = page.locator("#thread-scroll").bounding_box()
    assert box
    assert pane
    middle = pane["y"] + pane["height"] / 2
    assert abs(box["y"] + box["height"] / 2 - middle) < 80


def test_from_the_box_to_the_message_and_on_to_the_end_of_its_thread(
    client: FlaskClient, visit: Visit, cast: Cast, talk: int
) -> None:
    page = visit(cast.ana, "/inicio")
    page.keyboard.press("/")
    expect(page.locator("#topline-search")).to_be_focused()
    page.keyboard.type("infiltracoes")
    expect(page.locator("#quick-answers")).to_contain_text("Procurar “infiltracoes”")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark")).to_have_text("infiltração")
    page.locator("#search-text").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit-link")).to_be_focused()
    page.keyboard.press("Enter")

    is_centred(page, "apareceu uma infiltração")
    expect(page.locator(".message.is-found")).to_contain_text("infiltração")
    expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
    pill = page.get_by_role("button", name="Ir para o fim")
    expect(pill).to_be_visible()

    # What comes meanwhile does not enter out of its place.
    tell(client, received("chegou agora"))
    expect(page.locator("#conversation-list")).to_contain_text("chegou agora")
    expect(page.locator("#thread")).not_to_contain_text("chegou agora")

    # Down and up: pages enter without moving what is read.
    page.locator("#thread-scroll").hover()
    before = page.locator(".message").count()
    page.get_by_text("linha 58", exact=True).scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    expect(page.get_by_text("linha 90", exact=True)).to_be_attached()
    assert page.locator(".message").count() > before

    pill.click()
    expect(page.locator("#thread").get_by_text("chegou agora")).to_be_in_viewport()
    expect(pill).to_be_hidden()
    tell(client, received("e mais esta"))
    expect(page.locator("#thread").get_by_text("e mais esta")).to_be_in_viewport()
    texts = page.locator("#thread .message-body").all_inner_texts()
    assert texts[-3:] == ["a primeira", "chegou agora", "e mais esta"]
    assert "mensagem=" not in page.url


def test_scrolling_down_reaches_the_end_with_what_came_meanwhile(
    client: FlaskClient, app: Flask, visit: Visit, cast: Cast, talk: int
) -> None:
    with app.app_context():
        wanted = db.session.query(Message.id).filter_by(body="linha 100").scalar()
    page = visit(cast.ana, f"/conversas/{talk}?mensagem={wanted}", width=390, height=844)
    is_centred(page, "linha 100")
    expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
    tell(client, received("chegou agora"))
    page.locator("#thread-scroll").hover()
    for _ in range(40):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(40)
        if page.locator("#thread").get_by_text("chegou agora").count():
            break
    expect(page.locator("#thread").get_by_text("chegou agora")).to_be_attached()
    expect(page.get_by_role("button", name="Ir para o fim")).to_be_hidden()
    numbers = page.locator("#thread .message-body").all_inner_texts()
    assert numbers[-4:] == ["linha 148", "linha 149", "a primeira", "chegou agora"]
    assert len(numbers) == len(set(numbers))


def test_a_quote_leads_to_a_message_that_was_far_above_the_page(
    app: Flask, visit: Visit, cast: Cast, talk: int
) -> None:
    with app.app_context():
        wanted = db.session.query(Message).filter_by(body="linha 3").one()
        answer = db.session.query(Message).filter_by(body="a primeira").one()
        contact = db.session.query(Contact).one()
        answer.payload = {"quote": quote_by(contact, wanted)}
        db.session.commit()
    page = visit(cast.ana, f"/conversas/{talk}")
    expect(page.locator("#thread").get_by_text("a primeira", exact=True)).to_be_in_viewport()
    assert page.locator(".message", has_text="linha 60").count() == 0
    page.locator("[data-show-quoted]").click()
    quoted = page.locator(".message.is-quoted")
    expect(quoted.get_by_text("linha 3", exact=True)).to_be_in_viewport(timeout=15_000)
    expect(quoted).to_be_focused()
