"""Who writes again within some days comes back to whoever attended them, if they are there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts import presence
from app.accounts import service as staff
from app.conversations import service
from app.conversations.models import Conversation
from app.conversations.presenting import event_text
from app.extensions import db
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("context")
Decides = Callable[..., None]


@pytest.fixture
def closed(talk: int, cast: Cast) -> int:
    """Ana attended it and closed it; its id."""
    service.take_over(talk, person(cast.ana), 1)
    service.close(talk, person(cast.ana), 2)
    return talk


def last_event() -> str:
    return event_text(messages("event")[-1])


def test_back_to_the_same_person_who_is_online(
    closed: int, client: FlaskClient, cast: Cast
) -> None:
    presence.arrived(cast.ana, "her-screen")
    tell(client, received("Só mais uma coisa"))
    found = conversation()
    assert (found.status, found.owner_id) == ("open", cast.ana)
    assert last_event().endswith("com Ana Souza, que a atendia")
    assert found.unread_count


def test_to_the_line_when_that_person_is_away(closed: int, client: FlaskClient) -> None:
    tell(client, received("Só mais uma coisa"))
    found = conversation()
    assert (found.status, found.owner_kind) == ("open", "nobody")
    assert last_event().endswith("na fila: Ana Souza, que a atendia, não está online")


def test_to_the_line_when_that_person_attends_no_more(
    closed: int, client: FlaskClient, cast: Cast
) -> None:
    presence.arrived(cast.ana, "her-screen")
    staff.change_roles(person(cast.adriana), cast.ana, ["finance"])
    tell(client, received("Só mais uma coisa"))
    assert conversation().owner_kind == "nobody"
    assert last_event().endswith("na fila: Ana Souza, que a atendia, não atende mais")


@pytest.mark.parametrize(
    ("days", "hours", "conversations"),
    [("1", 23, 1), ("1", 25, 2), ("3", 71, 1), ("3", 73, 2), ("0", 0, 2)],
)
def test_for_as_long_as_the_company_says(
    closed: int, client: FlaskClient, decides: Decides, days: str, hours: int, conversations: int
) -> None:
    decides("closing", reopen_days=days)
    clock.shift(timedelta(hours=hours))
    tell(client, received("Voltei"))
    assert db.session.scalar(select(func.count()).select_from(Conversation)) == conversations


def test_a_colleague_can_reopen_it_for_whoever_had_it(closed: int, cast: Cast) -> None:
    presence.arrived(cast.ana, "her-screen")
    service.reopen(closed, person(cast.bruno), 3, for_last=True)
    assert conversation().owner_id == cast.ana
    assert last_event() == "Bruno Lima reabriu a conversa com Ana Souza, que a atendia"
    service.close(closed, person(cast.ana), 4)
    service.reopen(closed, person(cast.bruno), 5)
    assert conversation().owner_id == cast.bruno
    assert last_event() == "Bruno Lima reabriu a conversa"
