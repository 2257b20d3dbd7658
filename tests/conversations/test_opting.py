"""A customer who asks us to stop is heard at once, answered once, and not written to first."""

from datetime import timedelta

import pytest

from app import clock
from app.contacts.consent import service as consent
from app.contacts.consent.models import OptOut
from app.conversations import service
from app.conversations.service import Author
from app.errors import Conflict
from app.extensions import db
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")


def _texts(direction):
    return [message.body or message.kind for message in messages(direction)]


def test_a_refusal_is_kept_shown_and_confirmed_once(client, work):
    tell(client, received("Oi"))
    work("assistant")
    answers = len(_texts("out"))
    for text in ("PARAR", "Sair!"):
        tell(client, received(text))
    work("assistant")
    kept = db.session.query(OptOut).one()
    assert (kept.source, kept.reason, kept.channel_id) == ("customer", "PARAR", None)
    assert _texts("event") == ["opted_out"]
    confirmations = messages("out")[answers:]
    assert [message.author_kind for message in confirmations] == ["system"]
    assert "responda VOLTAR" in confirmations[0].body
    assert confirmations[0].status == "queued"
    assert not consent.may_write_first(conversation().contact_id, conversation().channel_id)


def test_they_come_back_with_one_word(client):
    tell(client, received("NÃO QUERO"))
    tell(client, received("Voltar"))
    assert _texts("event") == ["opted_out", "opted_in"]
    assert consent.may_write_first(conversation().contact_id, conversation().channel_id)
    assert len(_texts("out")) == 2


def test_a_word_that_means_something_else_is_left_to_the_bot(client, work):
    tell(client, received("voltar"))
    tell(client, received("não quero esse boleto"))
    assert db.session.query(OptOut).count() == 0
    work("assistant")
    assert messages("out")[0].author_kind == "bot"


def test_after_a_day_of_silence_nobody_writes_to_who_refused(client, cast):
    tell(client, received("PARAR"))
    talk = conversation()
    service.take_over(talk.id, person(cast.ana), talk.owner_version)
    ana = Author(user=person(cast.ana))
    assert service.reply(talk.id, ana, "Certo, boa tarde!").status == "queued"
    clock.shift(timedelta(hours=25))
    with pytest.raises(Conflict, match="não receber"):
        service.reply(talk.id, ana, "Temos uma oferta")
    tell(client, received("Mudei de ideia sobre o boleto"))
    assert service.reply(talk.id, ana, "Claro!").status == "queued"


def test_it_is_confirmed_in_their_language_and_nobody_waits(client):
    tell(client, received("stop"))
    assert conversation().waiting_since is None
