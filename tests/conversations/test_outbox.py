"""Sending over real HTTP to the sandbox: ticks, retries, what may have left, and what is held."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from flask.testing import FlaskClient

from app import clock
from app.channels.models import Channel
from app.contacts.models import ContactIdentity
from app.conversations import outbox, service, settling
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import Author
from app.extensions import db
from app.integrations.base import Accepted
from tests.cast import Cast
from tests.conversations.sending import sent
from tests.telling import (
    PHONE,
    conversation,
    messages,
    person,
    received,
    secret_address,
    status_of,
    tell,
)

pytestmark = [pytest.mark.usefixtures("channel", "context")]
Work = Callable[..., int]


@pytest.fixture
def talk(client: FlaskClient, cast: Cast) -> int:
    """A conversation of Ana's; its id."""
    tell(client, received("Oi"))
    found = conversation()
    service.take_over(found.id, person(cast.ana), found.owner_version)
    return found.id


def fault(sandbox: str, **what: object) -> None:
    requests.post(
        f"{sandbox}/faults", json={"vendor": "zapi", **what}, timeout=5
    ).raise_for_status()


def say(talk: int, user_id: int, text: str = "Bom dia!") -> Message:
    return service.reply(talk, Author(user=person(user_id)), text)


def last() -> Message:
    return messages("out")[-1]


def test_a_reply_leaves_once_and_its_ticks_move_up(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    say(talk, cast.ana)
    assert last().status == "queued"
    work("outbound")
    assert (sent(sandbox), last().status) == (["Bom dia!"], "sent")

    provider_id = last().provider_id or ""
    tell(client, status_of(provider_id, "READ"))
    assert last().status == "read"
    tell(client, status_of(provider_id, "RECEIVED"))
    assert last().status == "read", "ticks never move down"


def test_replies_leave_in_the_order_they_were_written(
    sandbox: str, talk: int, cast: Cast, work: Work
) -> None:
    for number in range(5):
        say(talk, cast.ana, f"mensagem {number}")
    work("outbound")

    assert sent(sandbox) == [f"mensagem {number}" for number in range(5)]


def test_what_was_refused_is_tried_again_and_leaves_once(
    sandbox: str, talk: int, cast: Cast, work: Work
) -> None:
    fault(sandbox, status=429, times=3)
    say(talk, cast.ana)
    work("outbound")

    assert (sent(sandbox), last().status) == (["Bom dia!"], "sent")


def test_refused_four_times_it_fails_with_the_reason_and_a_person_can_retry(
    sandbox: str, talk: int, cast: Cast, work: Work
) -> None:
    fault(sandbox, status=429, times=9)
    say(talk, cast.ana)
    work("outbound")

    assert (sent(sandbox), last().status) == ([], "failed")
    assert last().error
    requests.delete(f"{sandbox}/faults", timeout=5)
    service.resend(last().id, person(cast.ana))
    work("outbound")
    assert (sent(sandbox), last().status) == (["Bom dia!"], "sent")


def test_after_a_server_error_nothing_is_sent_twice_by_itself(
    sandbox: str, talk: int, cast: Cast, work: Work
) -> None:
    fault(sandbox, status=500, times=1)
    say(talk, cast.ana)
    work("outbound")
    outbox.redrive()
    work("outbound")

    assert (sent(sandbox), last().status) == ([], "uncertain")


def test_an_answer_that_was_lost_is_settled_by_the_delivery_report(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    fault(sandbox, drop=True, times=1)
    say(talk, cast.ana)
    work("outbound")
    assert (sent(sandbox), last().status) == (["Bom dia!"], "uncertain")

    report = {
        "type": "DeliveryCallback",
        "instanceId": "INST-TEST",
        "phone": PHONE,
        "zaapId": "ZAAP-9",
        "messageId": "WA-9",
    }
    tell(client, report)
    assert (last().status, last().provider_id) == ("sent", "WA-9")


def test_an_answer_that_was_lost_is_settled_by_the_echo(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    fault(sandbox, drop=True, times=1)
    say(talk, cast.ana)
    work("outbound")
    tell(client, received("Bom dia!", messageId="WA-9", fromMe=True, fromApi=True))

    assert len(messages("out")) == 1
    assert (last().status, last().provider_id) == ("sent", "WA-9")


def test_the_echo_of_what_was_sent_is_not_shown_twice(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    say(talk, cast.ana)
    work("outbound")
    echo = received("Bom dia!", messageId=last().provider_id, fromMe=True, fromApi=True)
    tell(client, echo)

    assert len(messages("out")) == 1


def test_whatsapps_reason_is_shown_in_portuguese(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    say(talk, cast.ana)
    work("outbound")
    report = {
        "type": "DeliveryCallback",
        "instanceId": "INST-TEST",
        "phone": PHONE,
        "messageId": last().provider_id,
        "error": "Phone number does not exist",
    }
    tell(client, report)

    assert last().status == "failed"
    assert "número" in (last().error or "").lower()


def test_while_the_instance_is_disconnected_messages_are_held_and_then_leave(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    lost = {"type": "DisconnectedCallback", "instanceId": "INST-TEST", "disconnected": True}
    tell(client, lost | {"momment": int(clock.now().timestamp())}, secret_address())
    say(talk, cast.ana)
    work("outbound")
    assert (sent(sandbox), last().status) == ([], "queued")

    clock.shift(timedelta(seconds=10))
    back = {"type": "ConnectedCallback", "instanceId": "INST-TEST", "connected": True}
    tell(client, back | {"momment": int(clock.now().timestamp())}, secret_address())
    work("outbound")
    assert (sent(sandbox), last().status) == (["Bom dia!"], "sent")


def test_a_send_that_died_half_way_becomes_uncertain(
    sandbox: str, talk: int, cast: Cast, work: Work
) -> None:
    say(talk, cast.ana)
    entry = db.session.query(OutboxEntry).one()
    entry.state, entry.lease_until = "sending", clock.now() - timedelta(seconds=1)
    db.session.commit()
    outbox.redrive()
    work("outbound")

    assert (sent(sandbox), last().status) == ([], "uncertain")


def test_a_lost_redis_loses_no_message(sandbox: str, talk: int, cast: Cast, work: Work) -> None:
    from app.extensions import redis_client

    say(talk, cast.ana)
    redis_client().flushall()
    work("outbound")
    assert sent(sandbox) == []

    outbox.redrive()
    work("outbound")
    assert sent(sandbox) == ["Bom dia!"]


def test_sends_of_an_instance_are_spaced(
    sandbox: str, talk: int, cast: Cast, work: Work, channel: int
) -> None:
    db.session.get_one(Channel, channel).pace_seconds = 0.3
    db.session.commit()
    say(talk, cast.ana, "um")
    say(talk, cast.ana, "dois")
    work("outbound")

    rows = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    first, second = (clock.datetime.fromisoformat(row["at"]) for row in rows)
    assert (second - first).total_seconds() >= 0.25


def test_the_same_key_from_the_browser_is_one_message(talk: int, cast: Cast) -> None:
    author = Author(user=person(cast.ana))
    first = service.reply(talk, author, "uma vez", client_key="k1")
    again = service.reply(talk, author, "uma vez", client_key="k1")

    assert first.id == again.id
    assert len(messages("out")) == 1


def test_a_contact_without_an_address_fails_alone_and_holds_up_nobody(
    sandbox: str, talk: int, cast: Cast, work: Work, client: FlaskClient
) -> None:
    db.session.query(Conversation).update({"identity_id": None})
    db.session.query(ContactIdentity).delete()
    db.session.commit()
    say(talk, cast.ana, "sem endereço")
    tell(client, received("oi", phone="5500900010009"))
    other = db.session.query(Conversation).order_by(Conversation.id.desc()).first()
    assert other is not None
    service.take_over(other.id, person(cast.ana), other.owner_version)
    say(other.id, cast.ana, "com endereço")
    work("outbound")

    assert sent(sandbox) == ["com endereço"]
    lost = next(m for m in messages("out") if m.body == "sem endereço")
    assert lost.status == "failed"
    assert "telefone" in (lost.error or "")


def test_the_bots_text_is_not_tried_again_once_a_person_took_over(
    sandbox: str, client: FlaskClient, cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client, received("oi"))
    work("assistant")
    fault(sandbox, status=429, times=1)
    record = settling.record_failure

    def taken_meanwhile(*what: object) -> None:
        found = conversation()
        service.take_over(found.id, person(cast.ana), found.owner_version)
        record(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(settling, "record_failure", taken_meanwhile)
    work("outbound")

    assert (sent(sandbox), last().status) == ([], "cancelled")


def test_an_answer_after_the_lease_ran_out_still_counts(
    sandbox: str, talk: int, cast: Cast
) -> None:
    say(talk, cast.ana)
    entry = db.session.query(OutboxEntry).one()
    entry.state = "uncertain"
    db.session.commit()
    settling.record_success(entry.id, Accepted("WA-77", "ZAAP-77"))

    assert (last().status, last().provider_id) == ("sent", "WA-77")


def test_a_fault_of_ours_after_the_call_began_leaves_it_uncertain(
    sandbox: str, talk: int, cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("a bug")

    monkeypatch.setattr(outbox.channels, "messenger_for", broken)
    say(talk, cast.ana)
    work("outbound")

    assert last().status == "uncertain"
