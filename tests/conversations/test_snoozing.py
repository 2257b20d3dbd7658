"""A conversation put off leaves the open tabs, keeps its owner, and comes back exactly once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.conversations import counters, queries, service
from app.conversations.models import Conversation, InboxCounter
from app.conversations.presenting import event_text, row_tabs
from app.conversations.service import snoozing
from app.errors import Conflict, Forbidden, GuicheError
from app.extensions import db
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")
HOUR = timedelta(hours=1)


@pytest.fixture
def talk(client: FlaskClient, cast: Cast) -> int:
    """A conversation that is Ana's."""
    tell(client, received("oi"))
    service.take_over(conversation().id, person(cast.ana), 1)
    return conversation().id


def put_off(talk: int, by: int, until: timedelta | None = HOUR) -> dict[str, object]:
    moment = clock.now() + until if until else None
    db.session.rollback()
    seen = db.session.get_one(Conversation, talk, populate_existing=True).owner_version
    done = service.snooze(talk, person(by), moment, seen)
    assert done
    return done


def tabs_of(user_id: int) -> dict[str, list[int]]:
    return {
        tab: [row.id for row in queries.page(person(user_id), tab, "newest").rows]
        for tab in queries.TABS
    }


def counts() -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(select(InboxCounter.tab, InboxCounter.total)).all()
    return {tab: total for tab, total in rows if total}


def test_it_leaves_the_open_tabs_and_keeps_its_owner(talk: int, cast: Cast) -> None:
    put_off(talk, cast.ana)

    assert tabs_of(cast.ana) == {
        "mine": [], "unassigned": [], "bot": [], "all": [], "snoozed": [talk], "closed": [],
    }  # fmt: skip
    assert conversation().owner_id == cast.ana
    assert counts() == {}
    assert "Ana Souza adiou até" in event_text(messages("event")[-1])


def test_it_comes_back_at_its_time_on_top_and_unread_once(
    talk: int, cast: Cast, client: FlaskClient
) -> None:
    tell(client, received("outra", phone="5500900000002"))
    service.mark_read(talk, person(cast.ana))
    put_off(talk, cast.ana)
    snoozing.wake_due()
    assert tabs_of(cast.ana)["snoozed"] == [talk]

    clock.shift(HOUR + timedelta(seconds=1))
    snoozing.wake_due()
    snoozing.wake_due()

    assert tabs_of(cast.ana)["all"][0] == talk
    assert tabs_of(cast.ana)["mine"] == [talk]
    assert counts() == {f"user:{cast.ana}": 1, "bot": 1}
    kinds = [message.kind for message in messages("event")]
    assert kinds.count("woken_by_time") == 1


def test_two_sweeps_at_once_bring_it_back_once(app: Flask, talk: int, cast: Cast) -> None:
    put_off(talk, cast.ana)
    clock.shift(HOUR + timedelta(seconds=1))
    together = Barrier(2)

    def sweep() -> None:
        with app.app_context():
            together.wait(5)
            snoozing.wake_due()

    threads = [Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [m.kind for m in messages("event")].count("woken_by_time") == 1
    assert counts() == {f"user:{cast.ana}": 1}


@pytest.mark.parametrize("until", [None, HOUR])
def test_the_customer_ends_every_snooze(
    talk: int, cast: Cast, client: FlaskClient, until: timedelta | None
) -> None:
    put_off(talk, cast.ana, until)
    tell(client, received("voltei"))

    talking = conversation()
    assert (talking.snoozed_at, talking.owner_id) == (None, cast.ana)
    assert row_tabs(talking).startswith(f"all mine-{cast.ana}")
    assert counts() == {f"user:{cast.ana}": 1}
    assert event_text(messages("event")[-1]) == "Voltou para a lista: o cliente respondeu"


def test_without_a_time_no_sweep_brings_it_back(talk: int, cast: Cast) -> None:
    put_off(talk, cast.ana, None)
    clock.shift(timedelta(days=30))
    snoozing.wake_due()
    assert conversation().snoozed_at is not None


def test_who_gets_it_or_closes_it_ends_the_snooze(talk: int, cast: Cast) -> None:
    put_off(talk, cast.ana)
    service.transfer(talk, person(cast.ana), person(cast.bruno), "", 2)
    assert conversation().snoozed_at is None
    assert counts() == {f"user:{cast.bruno}": 1}

    put_off(talk, cast.bruno)
    service.close(talk, person(cast.bruno), 3)
    assert conversation().snoozed_at is None
    assert counts() == {}


def test_only_who_may_act_on_it_puts_it_off(talk: int, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        put_off(talk, cast.bruno)
    with pytest.raises(Conflict):
        service.snooze(talk, person(cast.ana), None, 1)
    with pytest.raises(GuicheError):
        put_off(talk, cast.ana, -HOUR)
    with pytest.raises(GuicheError):
        put_off(talk, cast.ana, timedelta(days=800))
    put_off(talk, cast.gisele)


def test_what_the_bot_has_is_not_put_off(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("oi"))
    with pytest.raises(Conflict, match="robô"):
        put_off(conversation().id, cast.ana)


def test_undo_restores_the_snooze_of_before_or_says_that_it_came_back(
    talk: int, cast: Cast, client: FlaskClient
) -> None:
    ana = person(cast.ana)
    first = put_off(talk, cast.ana)
    until = conversation().snoozed_until
    second = put_off(talk, cast.ana, None)
    snoozing.undo_snooze(talk, ana, second)
    assert conversation().snoozed_until == until

    snoozing.undo_snooze(talk, ana, first)
    assert conversation().snoozed_at is None
    assert counts() == {f"user:{cast.ana}": 1}

    third = put_off(talk, cast.ana)
    tell(client, received("voltei"))
    with pytest.raises(Conflict):
        snoozing.undo_snooze(talk, ana, third)


def test_the_hourly_count_agrees(talk: int, cast: Cast) -> None:
    put_off(talk, cast.ana)
    before = counts()
    counters.settle()
    assert counts() == before
