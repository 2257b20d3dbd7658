"""What changes a message that is here already, and who may change it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.assistant.models import BotState
from app.conversations import service
from app.conversations.models import Message
from app.conversations.service import Author
from app.extensions import db
from tests.cast import Cast
from tests.telling import PHONE, conversation, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel", "context")]


def without_text(**fields: Any) -> dict[str, Any]:
    return {k: v for k, v in received(**fields).items() if k != "text"}


def reaction(emoji: str, to: str, **fields: Any) -> dict[str, Any]:
    about = {"messageId": to, "fromMe": True, "phone": PHONE, "participant": None}
    return without_text(reaction={"value": emoji, "referencedMessage": about}, **fields)


def payload_of(message_id: int) -> dict[str, Any]:
    db.session.rollback()
    return db.session.get_one(Message, message_id, populate_existing=True).payload or {}


@pytest.fixture
def ours(client: FlaskClient, cast: Cast) -> Message:
    """Something that Ana wrote and WhatsApp took under the name WA-OUT."""
    tell(client, received("oi"))
    talk = conversation()
    service.take_over(talk.id, person(cast.ana), talk.owner_version)
    message = service.reply(talk.id, Author(user=person(cast.ana)), "Já olho isso")
    message.provider_id, message.status = "WA-OUT", "sent"
    db.session.commit()
    return message


def test_a_new_reaction_takes_the_place_of_the_old_one_and_an_empty_one_removes_it(
    client: FlaskClient, ours: Message
) -> None:
    before = len(messages())
    tell(client, reaction("👍", "WA-OUT"))
    assert payload_of(ours.id)["reactions"] == {"customer": "👍"}
    tell(client, reaction("❤️", "WA-OUT"))
    assert payload_of(ours.id)["reactions"] == {"customer": "❤️"}
    tell(client, reaction("", "WA-OUT"))
    assert payload_of(ours.id)["reactions"] == {}
    assert len(messages()) == before
    assert conversation().unread_count == 0 or conversation().waiting_since is None


def test_nobody_reacts_to_a_message_of_somebody_else(client: FlaskClient, ours: Message) -> None:
    tell(client, reaction("👎", "WA-OUT", phone="5500900010002"))
    assert "reactions" not in payload_of(ours.id)


def test_a_reaction_to_what_is_not_here_is_kept_but_the_bot_does_not_answer_it(
    client: FlaskClient,
) -> None:
    tell(client, received("oi"))
    owed = len(db.session.query(BotState).one().owed_ids)
    tell(client, reaction("👍", "NEVER-SEEN"))
    assert messages("in")[-1].kind == "reaction"
    db.session.expire_all()
    assert len(db.session.query(BotState).one().owed_ids) == owed


def test_a_reply_shows_what_it_answers(client: FlaskClient, ours: Message) -> None:
    tell(client, received("Obrigada!", referenceMessageId="WA-OUT"))
    quote = (messages("in")[-1].payload or {})["quote"]
    assert (quote["id"], quote["name"], quote["text"]) == (ours.id, "Ana Souza", "Já olho isso")


def test_a_customer_edits_only_what_they_said(client: FlaskClient, ours: Message) -> None:
    first = received("boleto de otubro")
    tell(client, first)
    for text in ("boleto de outubro", "o boleto de outubro"):
        tell(client, first | {"isEdit": True, "text": {"message": text}})
    tell(client, received("Não olho", isEdit=True, messageId="WA-OUT"))

    edited = messages("in")[-1]
    assert edited.body == "o boleto de outubro"
    assert [e["body"] for e in payload_of(edited.id)["edits"]] == [
        "boleto de otubro",
        "boleto de outubro",
    ]
    db.session.expire_all()
    assert db.session.get_one(Message, ours.id).body == "Já olho isso"


def test_an_edit_may_name_the_original_as_its_reference(client: FlaskClient) -> None:
    first = received("boleto de otubro")
    tell(client, first)
    edit = received("boleto de outubro", isEdit=True, referenceMessageId=first["messageId"])
    tell(client, edit)
    [message] = messages("in")
    assert message.body == "boleto de outubro"


def revoke(provider_id: str, **fields: Any) -> dict[str, Any]:
    return without_text(notification="REVOKE", referenceMessageId=provider_id, **fields)


def test_nobody_deletes_a_message_of_somebody_else(client: FlaskClient, ours: Message) -> None:
    tell(client, revoke("WA-OUT"))
    tell(client, revoke("WA-OUT", phone="5500900010002", fromMe=True))
    assert "revoked_at" not in payload_of(ours.id)
