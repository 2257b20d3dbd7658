"""Online, away, offline: from the pages' heartbeats, announced once, rebuilt when forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.accounts import presence, presence_store
from app.extensions import redis_client
from app.live import stale_regions
from tests.accounts.browsing import Screen
from tests.cast import Cast
from tests.running import Running

LogIn = Callable[[int], FlaskClient]

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What was announced, in order."""
    heard: list[tuple[int, str]] = []
    monkeypatch.setattr(
        presence.live, "presence_changed", lambda user_id, state: heard.append((user_id, state))
    )
    return heard


def after(seconds: float) -> None:
    clock.shift(timedelta(seconds=seconds))


def test_nobody_has_been_seen_yet(cast: Cast) -> None:
    assert presence.state_of([cast.ana, cast.bruno]) == {cast.ana: "offline", cast.bruno: "offline"}


def test_a_visible_page_is_online_and_hidden_ones_are_away(
    cast: Cast, announced: list[tuple[int, str]]
) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    presence.heard(cast.ana, "tab-2", visible=False)
    presence.heard(cast.ana, "tab-1", visible=False)
    presence.heard(cast.ana, "tab-2", visible=True)
    assert announced == [(cast.ana, "online"), (cast.ana, "away"), (cast.ana, "online")]


def test_offline_comes_a_minute_after_the_last_tab_went_and_not_before(
    cast: Cast, announced: list[tuple[int, str]]
) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    after(30)
    presence.departed(cast.ana, "tab-1")
    after(30 + 59.5)
    presence.settle()
    assert announced == [(cast.ana, "online")]
    after(30 + 60.1)
    presence.settle()
    presence.settle()
    assert announced == [(cast.ana, "online"), (cast.ana, "offline")]


def test_going_to_another_page_announces_nothing(
    cast: Cast, announced: list[tuple[int, str]]
) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    presence.departed(cast.ana, "tab-1")
    after(2)
    presence.arrived(cast.ana, "tab-2")
    presence.heard(cast.ana, "tab-2", visible=True)
    after(50)
    presence.heard(cast.ana, "tab-2", visible=True)
    after(70)
    presence.settle()
    assert announced == [(cast.ana, "online")]


def test_closing_the_visible_tab_leaves_a_hidden_one_away(
    cast: Cast, announced: list[tuple[int, str]]
) -> None:
    presence.heard(cast.ana, "seen", visible=True)
    presence.heard(cast.ana, "hidden", visible=False)
    presence.departed(cast.ana, "seen")
    assert announced == [(cast.ana, "online"), (cast.ana, "away")]


def test_a_socket_whose_process_died_is_forgotten_after_a_minute(cast: Cast) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    after(59)
    assert presence.state_of([cast.ana]) == {cast.ana: "online"}
    after(61)
    assert presence.state_of([cast.ana]) == {cast.ana: "offline"}


def test_an_emptied_redis_fills_again_and_who_left_meanwhile_is_announced(
    cast: Cast, announced: list[tuple[int, str]]
) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    presence.heard(cast.bruno, "tab-2", visible=True)
    redis_client().flushall()
    presence.settle()
    announced.clear()
    after(10)
    presence.keep({cast.ana: {"tab-1": True}})
    presence.settle()
    assert announced == [(cast.ana, "online")]
    after(61)
    presence.keep({cast.ana: {"tab-1": True}})
    presence.settle()
    assert (cast.bruno, "offline") in announced
    assert (cast.ana, "offline") not in announced


def test_a_tab_that_just_went_is_not_written_again(cast: Cast) -> None:
    presence.heard(cast.ana, "tab-1", visible=True)
    presence.departed(cast.ana, "tab-1")
    after(30)
    presence.keep({cast.ana: {"tab-1": True}})
    after(61)
    assert presence.state_of([cast.ana]) == {cast.ana: "offline"}


def test_a_page_that_missed_an_announcement_learns_of_it(cast: Cast) -> None:
    everyone = (cast.ana, cast.bruno, cast.gisele, cast.fabio, cast.adriana)
    shown = {"presence:all": ",".join(f"{user_id}:offline" for user_id in sorted(everyone))}
    assert stale_regions(cast.bruno, shown) == []
    presence_store.note(cast.ana, {"tab-1": True})
    assert stale_regions(cast.bruno, shown) == ["presence:all"]
    assert stale_regions(cast.ana, {"my-presence:me": "online"}) == []
    assert stale_regions(cast.fabio, shown) == ["presence:all"]


def test_colleagues_see_it_on_their_screens_and_finance_does_not(
    running: Running, cast: Cast, login_as: LogIn
) -> None:
    web = running.web()
    with (
        Screen(web, login_as(cast.bruno)) as colleague,
        Screen(web, login_as(cast.fabio)) as outsider,
        Screen(web, login_as(cast.ana)) as own,
    ):
        own.sync()
        mark = f'data-presence="{cast.ana}" data-state="online"'
        assert colleague.saw(mark)
        assert own.saw("my-presence")
        own.sync(visible=False)
        assert colleague.saw(f'data-presence="{cast.ana}" data-state="away"')
        assert not outsider.saw(mark, 0.3)
