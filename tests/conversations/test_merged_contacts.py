"""Two contacts become one: one conversation stays open, and each answer reaches whoever wrote."""

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.accounts.models import User
from app.contacts import service as contacts
from app.contacts.models import Contact, ContactIdentity, ContactMerge
from app.conversations import counters, service
from app.conversations.models import Conversation, InboxCounter, Message
from app.errors import Conflict
from app.extensions import db
from tests.cast import Cast
from tests.telling import person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")
MARINA, PAULO, LID = "5500900010001", "5500900010002", "77@lid"


def talks() -> list[Conversation]:
    """All conversations, oldest first, fresh from the database."""
    db.session.rollback()
    query = db.session.query(Conversation).order_by(Conversation.id)
    return list(query.populate_existing())


def statuses() -> list[str]:
    return [talk.status for talk in talks()]


def events(conversation_id: int) -> list[str]:
    query = db.session.query(Message).filter_by(conversation_id=conversation_id, direction="event")
    return [event.kind for event in query.order_by(Message.id)]


def address_of(talk: Conversation) -> str:
    return contacts.send_address(talk.contact_id, talk.channel_id, talk.identity_id)


def two_talks(client: FlaskClient) -> tuple[Conversation, Conversation]:
    tell(client, received("sou a Marina", phone=MARINA))
    tell(client, received("sou o Paulo", phone=PAULO))
    first, second = talks()
    return first, second


def merge(kept: Conversation, absorbed: Conversation, by: User) -> int:
    return contacts.merge(kept.contact_id, absorbed.contact_id, by).id


def assert_counters_are_true() -> None:
    counted = _totals()
    counters.settle()
    assert counted == _totals()


def _totals() -> dict[str, int]:
    db.session.rollback()
    return {counter.tab: counter.total for counter in db.session.query(InboxCounter)}


def test_the_talk_that_a_person_owns_stays_open(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    service.take_over(first.id, person(cast.ana), first.owner_version)
    merge(second, first, person(cast.gisele))

    assert statuses() == ["open", "closed"]
    assert events(second.id) == ["joined"]
    assert events(first.id) == ["took_over", "took_in"]
    assert_counters_are_true()


def test_of_two_that_nobody_owns_the_one_of_the_last_message_stays_open(
    client: FlaskClient, cast: Cast
) -> None:
    first, second = two_talks(client)
    tell(client, received("ainda aqui", phone=MARINA))
    merge(second, first, person(cast.gisele))

    assert statuses() == ["open", "closed"]


def test_the_line_says_which_conversation_it_was_joined_to(
    client: FlaskClient, cast: Cast, login_as: Any
) -> None:
    first, second = two_talks(client)
    merge(first, second, person(cast.gisele))

    page = login_as(cast.ana).get(f"/conversas/{first.id}").text
    assert f"juntada à conversa {second.id}" in page


def test_a_webhook_that_proves_two_to_be_one_leaves_one_open(client: FlaskClient) -> None:
    tell(client, received("do telefone", phone=MARINA))
    tell(client, received("sem telefone", phone=LID, chatLid=LID))
    assert statuses() == ["open", "open"]

    tell(client, received("sou a mesma", phone=MARINA, chatLid=LID))

    first, second = talks()
    assert (first.status, second.status) == ("closed", "open")
    assert (first.unread_count, second.unread_count) == (0, 2)
    assert_counters_are_true()


def test_what_is_written_next_goes_to_the_one_that_is_open(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    service.take_over(first.id, person(cast.ana), first.owner_version)
    merge(first, second, person(cast.gisele))
    for phone in (PAULO, MARINA):
        tell(client, received("e agora?", phone=phone))

    assert [talk.unread_count for talk in talks()] == [3, 0]


def test_who_waited_in_the_closed_one_waits_on(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    since = first.waiting_since
    merge(first, second, person(cast.gisele))

    assert [talk.waiting_since for talk in talks()] == [None, since]


def test_the_undo_opens_what_the_merge_closed(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    before = [(t.status, t.owner_kind, t.waiting_since, t.unread_count) for t in talks()]
    made = merge(first, second, person(cast.gisele))
    contacts.undo_merge(made, person(cast.gisele))

    after = [(t.status, t.owner_kind, t.waiting_since, t.unread_count) for t in talks()]
    assert after == before
    assert "parted" in events(first.id)
    assert_counters_are_true()


def test_who_may_not_work_any_more_gets_nothing_back(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    for talk, owner in ((first, cast.ana), (second, cast.bruno)):
        service.take_over(talk.id, person(owner), talk.owner_version)
    made = merge(first, second, person(cast.gisele))
    person(cast.ana).active = False
    db.session.commit()
    contacts.undo_merge(made, person(cast.gisele))

    assert [(t.status, t.owner_kind) for t in talks()] == [("open", "nobody"), ("open", "user")]


def test_answers_after_an_undone_merge_reach_whoever_wrote(client: FlaskClient, cast: Cast) -> None:
    first, second = two_talks(client)
    for talk in (first, second):
        service.close(talk.id, person(cast.gisele), talk.owner_version)
    made = merge(first, second, person(cast.gisele))
    tell(client, received("Paulo de novo", phone=PAULO))
    assert [address_of(t) for t in talks() if t.status == "open"] == [PAULO]

    contacts.undo_merge(made, person(cast.gisele))

    [talk] = [talk for talk in talks() if talk.status == "open"]
    assert address_of(talk) == PAULO
    paulo = db.session.query(ContactIdentity).filter_by(whatsapp_id=PAULO).one()
    assert talk.contact_id == paulo.contact_id


def test_a_talk_opened_since_goes_back_with_its_address(client: FlaskClient, cast: Cast) -> None:
    tell(client, received("sou a Marina", phone=MARINA))
    [first] = talks()
    with contacts.atomic():
        paulo = contacts.resolve(first.channel_id, PAULO, None, "Paulo").id
    made = contacts.merge(first.contact_id, paulo, person(cast.gisele)).id
    service.close(first.id, person(cast.gisele), first.owner_version)
    db.session.query(Conversation).update({"closed_at": None})
    db.session.commit()
    tell(client, received("oi", phone=PAULO))
    contacts.undo_merge(made, person(cast.gisele))

    assert [talk.contact_id for talk in talks()] == [first.contact_id, paulo]


def test_never_are_two_open_for_one_person(client: FlaskClient, cast: Cast, app: Any) -> None:
    """Whatever is written, merged, parted, closed and reopened, in whatever order."""

    class Desk(RuleBasedStateMachine):
        @rule(phone=st.sampled_from([MARINA, PAULO, "5500900010003", LID]))
        def write(self, phone: str) -> None:
            tell(client, received("oi", phone=phone))
            self.hold()

        @rule(one=st.integers(0, 3), other=st.integers(0, 3))
        def merge(self, one: int, other: int) -> None:
            known = [contact.id for contact in db.session.query(Contact).order_by(Contact.id)]
            if known:
                pair = known[one % len(known)], known[other % len(known)]
                self.attempt(contacts.merge, *pair, person(cast.gisele))

        @rule(which=st.integers(0, 3))
        def part(self, which: int) -> None:
            made = [merge.id for merge in db.session.query(ContactMerge)]
            if made:
                self.attempt(contacts.undo_merge, made[which % len(made)], person(cast.gisele))

        @rule(which=st.integers(0, 5))
        def close(self, which: int) -> None:
            self.act(service.close, which)

        @rule(which=st.integers(0, 5))
        def reopen(self, which: int) -> None:
            self.act(service.reopen, which)

        def act(self, verb: Any, which: int) -> None:
            known = talks()
            if known:
                talk = known[which % len(known)]
                self.attempt(verb, talk.id, person(cast.gisele), talk.owner_version)

        def attempt(self, verb: Any, *arguments: Any) -> None:
            try:
                verb(*arguments)
            except Conflict:
                db.session.rollback()
            self.hold()

        def hold(self) -> None:
            open_ones = [(t.contact_id, t.channel_id) for t in talks() if t.status == "open"]
            assert max(Counter(open_ones).values(), default=0) <= 1
            assert_counters_are_true()

        def teardown(self) -> None:
            db.session.rollback()
            for talk in talks():
                if talk.status == "open":
                    service.close(talk.id, person(cast.gisele), talk.owner_version)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
