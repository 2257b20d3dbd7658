"""What a customer writes becomes one message in one conversation, in the right place."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.contacts.models import Contact, ContactIdentity
from app.conversations import service
from app.conversations.models import Conversation
from app.extensions import db
from tests.cast import Cast
from tests.telling import Login, conversation, messages, person, received, secret_address, tell

pytestmark = pytest.mark.usefixtures("channel", "context")


def test_a_first_message_opens_a_conversation_that_the_bot_owns(client: FlaskClient) -> None:
    tell(client, received("Bom dia"))

    found = conversation()
    assert (found.status, found.owner_kind, found.unread_count) == ("open", "bot", 1)
    assert found.last_message_preview == "Bom dia"
    assert found.waiting_since is not None


def test_the_ninth_digit_does_not_split_one_person(client: FlaskClient) -> None:
    tell(client, received("com o nove", phone="5500987654321"))
    tell(client, received("sem o nove", phone="550087654321"))

    assert conversation().unread_count == 2


def test_messages_that_arrive_swapped_stand_as_they_were_sent(client: FlaskClient) -> None:
    now = int(clock.now().timestamp() * 1000)
    tell(client, received("segunda", momment=now - 1000))
    tell(client, received("primeira", momment=now - 3000))

    assert [m.body for m in messages("in")] == ["primeira", "segunda"]
    assert not any(m.is_late for m in messages("in"))


def test_a_message_from_hours_ago_stands_where_it_arrived_and_is_marked(
    client: FlaskClient,
) -> None:
    tell(client, received("agora"))
    hours_ago = int(clock.now().timestamp() * 1000) - 3 * 3_600_000
    tell(client, received("atrasada", momment=hours_ago))

    last = messages("in")[-1]
    assert (last.body, last.is_late) == ("atrasada", True)
    assert last.provider_at is not None
    assert last.created_at - last.provider_at > timedelta(hours=2)


def test_a_message_with_a_clock_in_the_future_does_not_stay_at_the_bottom(
    client: FlaskClient,
) -> None:
    tell(client, received("futura", momment=int(clock.now().timestamp() * 1000) + 3_600_000))
    tell(client, received("normal"))

    assert [m.body for m in messages("in")] == ["futura", "normal"]


def test_an_edit_changes_the_message_and_keeps_what_it_said(client: FlaskClient) -> None:
    first = received("boleto de otubro")
    tell(client, first)
    tell(client, first | {"isEdit": True, "text": {"message": "boleto de outubro"}})

    [message] = messages("in")
    assert message.body == "boleto de outubro"
    [earlier] = (message.payload or {})["edits"]
    assert earlier["body"] == "boleto de otubro"


def test_the_full_copy_takes_the_place_of_a_placeholder(client: FlaskClient) -> None:
    full = received("chegou inteira")
    placeholder = {k: v for k, v in full.items() if k != "text"} | {"waitingMessage": True}
    tell(client, placeholder)
    tell(client, full)

    [message] = messages("in")
    assert (message.kind, message.body) == ("text", "chegou inteira")


def test_writing_again_soon_after_the_closing_reopens_for_people(
    client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("oi"))
    first = conversation()
    service.close(first.id, person(cast.gisele), first.owner_version)

    tell(client, received("esqueci uma coisa"))

    found = conversation()
    assert (found.id, found.status, found.owner_kind) == (first.id, "open", "nobody")
    assert messages("event")[-1].kind == "reopened_by_customer"


def test_writing_days_after_the_closing_is_a_new_conversation(
    client: FlaskClient, cast: Cast
) -> None:
    tell(client, received("oi"))
    first = conversation()
    service.close(first.id, person(cast.gisele), first.owner_version)

    clock.shift(timedelta(days=3))
    tell(client, received("outro assunto"))

    db.session.rollback()
    assert db.session.query(Conversation).count() == 2


def test_an_answer_from_the_company_phone_silences_the_bot(client: FlaskClient) -> None:
    tell(client, received("oi"))
    tell(client, received("Oi! Aqui é o Zé", fromMe=True, fromApi=False), secret_address())

    found = conversation()
    assert (found.owner_kind, found.last_message_author) == ("nobody", "phone")
    assert [m.author_kind for m in messages("out")] == ["phone"]


def test_what_another_program_says_is_no_persons_answer(client: FlaskClient, cast: Cast) -> None:
    def waits() -> bool:
        return conversation().waiting_since is not None

    echo = {"fromMe": True, "fromApi": True, "senderName": "Empresa"}
    tell(client, received("oi"))
    tell(client, received("Recebemos!", messageId="API-1", **echo))
    assert not waits(), "with the bot, a program's word is as good as its own"
    tell(client, received("quero uma pessoa"))
    service.take_over(conversation().id, person(cast.ana), conversation().owner_version)
    tell(client, received("Seu pedido foi registrado", messageId="API-2", **echo))
    assert (waits(), conversation().answered_at) == (True, None)
    tell(client, received("Oi, aqui é a Ana", messageId="FONE-1", fromMe=True, fromApi=False))
    assert (waits(), conversation().answered_at is None) == (False, False)


def test_an_echo_names_who_has_no_name_and_renames_nobody(client: FlaskClient) -> None:
    tell(client, received("oi", senderName=None, chatName=None))
    echo = {"fromMe": True, "fromApi": True, "senderName": "Empresa"}
    tell(client, received("olá", chatName="Agenda", **echo))
    assert db.session.query(Contact.name).scalar() == "Agenda"

    tell(client, received("sou eu", senderName="Zélia"))
    tell(client, received("olá de novo", chatName="Outra Agenda", **echo))
    assert db.session.query(Contact.name).scalar() == "Zélia"


def test_an_answer_that_nobody_proves_is_shown_but_silences_no_bot(client: FlaskClient) -> None:
    tell(client, received("oi"))
    tell(client, received("Oi! Aqui é o Zé", fromMe=True, fromApi=False))

    found = conversation()
    assert (found.owner_kind, found.last_message_author) == ("bot", "phone")
    assert [m.author_kind for m in messages("out")] == ["phone"]


@pytest.mark.parametrize("momment", [-62135596800, 0, 946684799, 253402300799, 4102444800000])
def test_a_time_that_cannot_be_is_no_time_and_the_thread_can_be_read(
    client: FlaskClient, cast: Cast, login_as: Login, momment: int
) -> None:
    tell(client, received("de que ano?", momment=momment))

    assert messages("in")[0].provider_at is None
    assert login_as(cast.ana).get(f"/conversas/{conversation().id}").status_code == 200


def test_a_time_at_the_beginning_of_the_calendar_breaks_no_page(
    client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    tell(client, received("oi"))
    [message] = messages("in")
    message.provider_at, message.is_late = datetime(1, 1, 1, tzinfo=UTC), True
    db.session.commit()

    assert login_as(cast.ana).get(f"/conversas/{conversation().id}").status_code == 200


def test_the_address_last_written_from_is_noted_on_the_conversation(client: FlaskClient) -> None:
    tell(client, received("oi", chatLid="77@lid"))
    phone = conversation().identity_id
    tell(client, received("de novo", phone="77@lid", chatLid="77@lid"))

    known = {identity.id: identity.kind for identity in db.session.query(ContactIdentity)}
    assert [known[i or 0] for i in (phone, conversation().identity_id)] == ["phone", "lid"]
