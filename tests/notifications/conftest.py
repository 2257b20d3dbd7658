"""Bells, read as their pages read them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.conversations import service as conversations
from app.extensions import db
from app.notifications import queries
from tests.browser_client import as_page
from tests.cast import Cast
from tests.telling import Login, conversation, person, received, tell

ENTRY = re.compile(
    r'<span class="notice-text">(.*?)</span>(?=\s*(?:<span class="notice-detail|</span))', re.S
)


@dataclass
class Bell:
    """One person's bell: `page` is their browser."""

    app: Flask
    user_id: int
    page: FlaskClient

    def state(self) -> str:
        """What the page counts by; insists that its version is the one the sync compares with."""
        html = self.page.get("/avisos/sino").text
        with self.app.app_context():
            wanted = db.session.scalar(queries.version(db.session.get_one(User, self.user_id)))
        assert f'data-version="{wanted}"' in html
        return html

    def counts(self) -> tuple[int, int, int]:
        """Unread notices, my conversations with unread messages, conversations without an owner."""
        html = self.state()
        return html.count("data-notice="), html.count("data-wrote="), html.count("data-unclaimed=")

    def lines(self) -> list[str]:
        """The panel, newest first; what is unread begins with "Novo: "."""
        html = self.page.get("/avisos/painel").text
        return [
            " ".join(unescape(re.sub("<.*?>", "", line)).split()) for line in ENTRY.findall(html)
        ]


@pytest.fixture
def bell_of(app: Flask, login_as: Login) -> Callable[[int], Bell]:
    """`bell_of(cast.ana)`."""
    return lambda user_id: Bell(app, user_id, as_page(login_as(user_id)))


@pytest.fixture
def ana(bell_of: Callable[[int], Bell], cast: Cast) -> Bell:
    return bell_of(cast.ana)


@pytest.fixture
def bruno(bell_of: Callable[[int], Bell], cast: Cast) -> Bell:
    return bell_of(cast.bruno)


@pytest.fixture
def gisele(bell_of: Callable[[int], Bell], cast: Cast) -> Bell:
    return bell_of(cast.gisele)


@pytest.fixture
def talk(app: Flask, client: FlaskClient, channel: int, cast: Cast) -> int:
    """A conversation of Bruno's, read by him."""
    tell(client, received("Oi"))
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.bruno), found.owner_version)
        conversations.mark_read(found.id, person(cast.bruno))
        return found.id
