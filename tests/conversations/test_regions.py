"""What a page shows is compared with the database in one query."""

import pytest
from flask.testing import FlaskClient

from app.conversations import live, queries, service  # noqa: F401 - the readers register at import
from app.extensions import db
from app.live import stale_regions
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import conversation, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")


def shown_by(user_id: int) -> dict[str, str]:
    """The regions of an inbox with the one conversation open, as a fresh page shows them."""
    talk = conversation()
    return {
        "inbox:all:newest": f"{talk.id}:{talk.version}",
        "inbox-counts:me": "0/0/1/1/0",
        f"conversation:{talk.id}": str(talk.version),
        f"desk:{talk.id}": str(talk.owner_version),
        f"contact:{talk.contact_id}": "1",
    }


def test_a_fresh_page_is_not_stale_and_costs_one_query(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("oi"))
    shown = shown_by(cast.ana)
    viewer = person(cast.ana)  # as the socket's handler holds it
    with counted_queries() as seen:
        assert stale_regions(viewer.id, shown) == []
    assert seen.total == 1, seen.statements


def test_each_change_makes_just_what_shows_it_stale(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("oi"))
    shown = shown_by(cast.ana)
    talk = conversation().id
    service.add_note(talk, person(cast.bruno), "nota")
    assert set(stale_regions(cast.ana, shown)) == {"inbox:all:newest", f"conversation:{talk}"}

    shown = shown_by(cast.ana)
    service.take_over(talk, person(cast.ana), 1)
    assert set(stale_regions(cast.ana, shown)) == {
        "inbox:all:newest",
        "inbox-counts:me",
        f"conversation:{talk}",
        f"desk:{talk}",
    }


def test_a_row_that_is_missing_on_the_screen_makes_the_list_stale(
    client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("oi"))
    shown = {"inbox:all:newest": shown_by(cast.ana)["inbox:all:newest"]}
    tell(client, received("oi", phone="5500900000002"))

    assert stale_regions(cast.ana, shown) == ["inbox:all:newest"]


def test_a_page_that_says_there_is_more_is_compared_as_far_as_it_goes(
    client: FlaskClient, cast: Cast
) -> None:
    for number in range(3):
        tell(client, received("oi", phone=f"550090000000{number}"))
    rows = queries.page(person(cast.ana), "all", "newest", size=2).rows
    version = ",".join(f"{row.id}:{row.version}" for row in rows) + "+"

    assert stale_regions(cast.ana, {"inbox:all:newest": version}) == []


def test_for_an_outsider_everything_is_stale_and_nothing_is_told(
    client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("oi"))
    shown = shown_by(cast.ana)
    del shown["inbox-counts:me"]
    db.session.expire_all()

    assert set(stale_regions(cast.fabio, shown)) == set(shown)
