"""Webhooks that come together are kept together, and nobody is held up by the company."""

import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select

from app.contacts.models import Contact
from app.conversations.models import Conversation
from app.extensions import db
from app.intake.convoy import AT_ONCE, Convoy
from app.intake.models import Receipt
from tests.intake.bodies import received
from tests.processes import eventually


def body(person, number):
    phone = f"55119812345{person:02d}"
    return received(f"{person}/{number}", phone=phone, messageId=f"WA-{person}-{number}")


def test_who_comes_while_others_are_under_way_goes_in_one_convoy():
    carried, gate = [], Event()

    def carry(calls):
        carried.append(sorted(calls))
        gate.wait(10)
        return [call * 2 for call in calls]

    convoy = Convoy(carry)
    with ThreadPoolExecutor(10) as pool:
        going = []
        for call in range(AT_ONCE):  # few are here: each at once
            going.append(pool.submit(convoy.go, call))
            assert eventually(lambda: len(carried) == len(going))
        going += [pool.submit(convoy.go, call) for call in range(AT_ONCE, 10)]
        assert eventually(lambda: len(convoy._waiting) == 10 - AT_ONCE)
        gate.set()
        assert [one.result(10) for one in going] == [2 * call for call in range(10)]
    assert len(carried) <= 2 * AT_ONCE


@pytest.fixture
def crowded():
    """A convoy that has lately carried crowds of ten, and what it carries from now on."""
    carried = []

    def carry(calls):
        carried.append(sorted(calls))
        return calls

    convoy = Convoy(carry, patience_seconds=0.2)
    convoy._crowd = 10.0
    return convoy, carried


def test_in_a_crowd_its_share_goes_together(crowded):
    convoy, carried = crowded
    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(convoy.go, range(5))) == list(range(5))
    assert carried == [list(range(5))]


def test_who_waits_for_a_crowd_that_is_gone_goes_after_a_moment_and_the_next_at_once(crowded):
    convoy, carried = crowded
    while convoy._crowd > AT_ONCE:
        assert convoy.go(0) == 0
    assert set(map(len, carried)) == {1}
    convoy._patience = 60
    assert convoy.go(2) == 2


def test_a_fault_leaves_nobody_waiting():
    gate, calls = Event(), []

    def carry(convoy):
        calls.append(convoy)
        gate.wait(10)
        raise ValueError("broken")

    convoy = Convoy(carry)
    with ThreadPoolExecutor(6) as pool:
        going = [pool.submit(convoy.go, call) for call in range(6)]
        assert eventually(lambda: len(convoy._waiting) == 6 - AT_ONCE)
        gate.set()
        ends = [one.exception(10) or one.result() for one in going]
    assert all(end is None or isinstance(end, ValueError) for end in ends)
    assert sorted(call for convoy in calls for call in convoy) == list(range(6))


def test_a_burst_of_people_who_are_known_is_kept_once_each(app, client, kept, messages):
    people = range(8)
    for person in people:
        client.post("/webhook/whatsapp", json=body(person, 0))

    def post(payload):
        return app.test_client().post("/webhook/whatsapp", json=payload).json

    burst = [body(person, number) for number in (1, 2, 2) for person in people]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(post, burst))
    assert answers == [{"status": "received"}] * len(burst)
    said = sorted(message.body for message in messages())
    assert said == sorted(f"{person}/{number}" for person in people for number in (0, 1, 2))
    assert {receipt.state for receipt in kept()} == {"processed"}
    assert len(kept()) == 24
    talks = db.session.scalars(select(Conversation)).all()
    assert [talk.unread_count for talk in talks] == [3] * 8


@pytest.mark.parametrize("held", [Contact, Conversation])
def test_who_has_to_wait_holds_nobody_up(app, client, kept, messages, held):
    for person in range(4):
        client.post("/webhook/whatsapp", json=body(person, 0))
    answered = []

    def post(person):
        app.test_client().post("/webhook/whatsapp", json=body(person, 1))
        answered.append(person)

    oldest = db.session.scalars(select(held).order_by(held.id).limit(1).with_for_update()).one()
    assert oldest.id
    going = [threading.Thread(target=post, args=(person,)) for person in range(4)]
    for one in going:
        one.start()
    assert eventually(lambda: sorted(answered) == [1, 2, 3])
    db.session.rollback()
    for one in going:
        one.join(10)
    assert len(messages()) == 8
    states = db.session.scalars(select(Receipt.state)).all()
    assert states == ["processed"] * 8
