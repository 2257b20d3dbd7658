"""Reacting, editing and deleting for everyone: by the owner, once, with what became of it shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import AuditEntry, User
from app.channels.models import Channel
from app.conversations import outbox, service
from app.conversations.message_acts import service as acts
from app.conversations.message_acts.models import MessageAct
from app.conversations.models import Message
from app.extensions import db
from app.notifications.models import Notice
from tests.browser_client import as_page
from tests.cast import Cast
from tests.telling import PHONE, Login, conversation, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]
Work = Callable[..., int]


class Talk:
    """A conversation of Ana's in which both have said something."""

    def __init__(self, app: Flask, sandbox: str, page: FlaskClient, work: Work) -> None:
        self.app, self.sandbox, self.page, self.work = app, sandbox, page, work
        with app.app_context():
            self.id = conversation().id
            self.theirs = messages("in")[0].id
        self.ours = self.writes("Segue o bolleto")

    def writes(self, text: str, leaves: bool = True) -> int:
        answer = self.page.post(f"/conversas/{self.id}/mensagens", data={"texto": text})
        assert answer.status_code == 200, answer.text
        if leaves:
            self.work("outbound")
        return int(answer.text.split('id="message-')[1].split('"')[0])

    def asks(
        self, method: str, path: str, by: FlaskClient | None = None, **fields: str
    ) -> tuple[int, str]:
        with self.app.app_context():
            seen = fields.pop("versao", str(conversation().owner_version))
        address = f"/conversas/{self.id}/{path}"
        page = by or self.page
        answer = page.open(address, method=method, data={"versao": seen, **fields})
        return answer.status_code, answer.text

    def reacts(self, emoji: str, **fields: Any) -> tuple[int, str]:
        return self.asks("PUT", f"mensagens/{self.theirs}/reacao", emoji=emoji, **fields)

    def edits(self, text: str, message: int | None = None, **fields: Any) -> tuple[int, str]:
        path = f"mensagens/{message or self.ours}/texto"
        return self.asks("PUT", path, texto=text, **fields)

    def deletes(self, message: int | None = None, **fields: Any) -> tuple[int, str]:
        return self.asks("DELETE", f"mensagens/{message or self.ours}", **fields)

    def calls(self) -> list[str]:
        """The methods by which the vendor was told to change something."""
        return [row["method"] for row in self.rows() if not self._is_plain(row)]

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = requests.get(f"{self.sandbox}/zapi/outbox", timeout=5).json()
        return found

    @staticmethod
    def _is_plain(row: dict[str, Any]) -> bool:
        return row["method"] == "send-text" and "editMessageId" not in row["body"]

    def on_phone(self) -> list[dict[str, Any]]:
        address = f"{self.sandbox}/phone/{PHONE}/messages"
        found: list[dict[str, Any]] = requests.get(address, timeout=5).json()
        return found

    def fault(self, **wishes: Any) -> None:
        body = {"vendor": "zapi", **wishes}
        requests.post(f"{self.sandbox}/faults", json=body, timeout=5).raise_for_status()

    def message(self, message_id: int) -> Message:
        with self.app.app_context():
            return db.session.get_one(Message, message_id)

    def acts(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(MessageAct.state).order_by(MessageAct.id)))

    def act_id(self) -> int:
        with self.app.app_context():
            return db.session.scalars(select(MessageAct.id).order_by(MessageAct.id.desc())).first()

    def events(self) -> list[str]:
        with self.app.app_context():
            return [message.kind for message in messages("event")]


@pytest.fixture
def talk(
    app: Flask, sandbox: str, client: FlaskClient, cast: Cast, login_as: Login, work: Work
) -> Talk:
    first = requests.post(f"{sandbox}/phone/{PHONE}/messages", json={"text": "Oi"}, timeout=5)
    tell(client, received("Oi", messageId=first.json()["id"]))
    with app.app_context():
        found = conversation()
        service.take_over(found.id, person(cast.ana), found.owner_version)
    return Talk(app, sandbox, as_page(login_as(cast.ana)), work)


def test_a_reaction_gets_to_the_phone_changes_and_goes_away(talk: Talk) -> None:
    status, text = talk.reacts("👍")
    assert (status, "is-pending" in text) == (200, True)
    talk.work("outbound")
    assert (talk.message(talk.theirs).payload or {})["reactions"] == {"company": "👍"}
    assert "acts" not in (talk.message(talk.theirs).payload or {})
    talk.reacts("❤️")
    talk.work("outbound")
    assert next(m for m in talk.on_phone() if m["from"] == "customer")["company_reaction"] == "❤️"
    assert talk.asks("DELETE", f"mensagens/{talk.theirs}/reacao")[0] == 200
    talk.work("outbound")
    assert (talk.message(talk.theirs).payload or {})["reactions"] == {}
    assert talk.calls() == ["send-reaction", "send-reaction", "send-remove-reaction"]


def test_who_changes_their_mind_in_time_reacts_once(talk: Talk) -> None:
    for emoji in ("👍", "❤️", "😂"):
        talk.reacts(emoji)
    talk.work("outbound")
    talk.reacts("😂")
    talk.work("outbound")
    assert talk.acts() == ["cancelled", "cancelled", "done"]
    assert talk.calls() == ["send-reaction"]


def test_only_one_emoji_is_a_reaction() -> None:
    good = ("👍", "❤️", "👍🏽", "👨‍👩‍👧", "🇧🇷", "1️⃣", "‼️")
    assert all(acts.is_emoji(text) for text in good)
    bad = ("ok", "5", "👍 sim", "<b>", "é", "", "👍" * 30)
    assert not any(acts.is_emoji(text) for text in bad)


def test_an_edit_reaches_the_phone_and_staff_still_see_what_it_said(
    app: Flask, talk: Talk, cast: Cast
) -> None:
    assert talk.edits("Segue o boleto")[0] == 200
    assert talk.message(talk.ours).body == "Segue o bolleto", "so it is at the customer's"
    talk.work("outbound")
    shown = next(m for m in talk.on_phone() if m["from"] == "company")
    assert (shown["text"], shown["edited"]) == ("Segue o boleto", True)
    page = talk.page.get(f"/conversas/{talk.id}").text
    assert "Segue o bolleto" in page
    assert "editada por Ana Souza" in page
    assert "Ana Souza editou uma mensagem enviada" in page
    with app.app_context():
        assert conversation().last_message_preview == "Segue o boleto"
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.entity_type == "message"))
        assert [(one.action, one.actor_id) for one in entry] == [("message.edited", cast.ana)]


def test_a_deletion_reaches_the_phone_and_says_who_did_it(talk: Talk) -> None:
    assert talk.deletes()[0] == 200
    talk.work("outbound")
    assert next(m for m in talk.on_phone() if m["from"] == "company")["deleted"]
    page = talk.page.get(f"/conversas/{talk.id}").text
    assert "Apagada para todos por Ana Souza" in page
    assert "Segue o bolleto" in page
    assert talk.events()[-1] == "deleted_message"
    assert talk.deletes()[0] == 409, "twice is once"


def test_only_the_owner_as_the_screen_showed_them_may(
    app: Flask, talk: Talk, cast: Cast, login_as: Login
) -> None:
    bruno = as_page(login_as(cast.bruno))
    assert talk.reacts("👍", by=bruno)[0] == 409
    assert talk.edits("Outro", by=bruno)[0] == 409
    assert talk.deletes(by=bruno)[0] == 409
    assert talk.reacts("👍", versao="1")[0] == 409
    with app.app_context():
        found = conversation()
        service.transfer(found.id, person(cast.ana), person(cast.bruno), "", found.owner_version)
    assert talk.edits("Outro", by=bruno)[1].count("Só quem escreveu"), "in nobody else's name"
    assert talk.reacts("👍")[0] == 409
    assert talk.acts() == []
    assert talk.deletes(by=bruno)[0] == 200, "what a colleague sent can be taken from the customer"


def test_a_closed_conversation_and_what_is_not_ours_stay_as_they_are(talk: Talk) -> None:
    assert talk.deletes(talk.theirs)[0] == 409
    assert talk.edits("Oi!", talk.theirs)[0] == 409
    assert talk.asks("PUT", f"mensagens/{talk.ours}/reacao", emoji="👍")[0] == 409
    assert talk.reacts("ok")[0] == 422
    assert talk.edits("  ")[0] == 422
    assert talk.asks("PUT", "mensagens/999999/texto", texto="x")[0] == 404
    talk.asks("POST", "encerramento")
    assert talk.deletes()[0] == 409


def test_an_outsider_cannot(talk: Talk, cast: Cast, login_as: Login) -> None:
    fabio = as_page(login_as(cast.fabio))
    assert talk.reacts("👍", by=fabio)[0] in {403, 404}


def test_after_whatsapps_limits_nothing_is_tried(talk: Talk) -> None:
    clock.shift(timedelta(minutes=16))
    assert "15 minutos" in talk.edits("Segue o boleto")[1]
    clock.shift(timedelta(hours=61))
    assert "60 horas" in talk.deletes()[1]
    assert talk.acts() == []


def test_what_comes_too_late_because_the_channel_was_away_says_so(app: Flask, talk: Talk) -> None:
    talk.edits("Segue o boleto")
    clock.shift(timedelta(minutes=16))
    talk.work("outbound")
    assert (talk.acts(), talk.calls()) == (["failed"], [])
    page = talk.page.get(f"/conversas/{talk.id}").text
    assert "A edição não saiu" in page
    assert "15 minutos" in page


def test_what_has_not_left_is_edited_and_withdrawn_in_place(
    app: Flask, talk: Talk, cast: Cast
) -> None:
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = 30
        db.session.commit()
    held, gone = talk.writes("Até amanha"), talk.writes("Esqueça")
    assert talk.edits("Até amanhã", held)[0] == 200
    assert talk.deletes(gone)[0] == 200
    clock.shift(timedelta(seconds=60))
    talk.work("outbound")
    with app.app_context():
        outbox.redrive()
    talk.work("outbound")
    assert [row["text"] for row in talk.rows()] == ["Segue o bolleto", "Até amanhã"]
    assert talk.acts() == []
    assert "edits" not in (talk.message(held).payload or {}), "nobody saw the other text"


def test_a_deletion_can_be_taken_back_for_a_moment(app: Flask, talk: Talk, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
    text = talk.deletes()[1]
    assert "Desfazer" in text
    assert "Apagando para todos" in text
    talk.work("outbound")
    assert talk.asks("DELETE", f"atos/{talk.act_id()}")[0] == 200
    clock.shift(timedelta(seconds=10))
    with app.app_context():
        acts.redrive()
    talk.work("outbound")
    assert talk.acts() == ["cancelled"]
    assert "revoked_at" not in (talk.message(talk.ours).payload or {})


def test_a_refusal_is_tried_again_and_then_left_to_a_person(talk: Talk) -> None:
    talk.fault(call="send-reaction", status=400, times=2)
    talk.reacts("👍")
    talk.work("outbound")
    assert (talk.acts(), talk.calls()) == (["done"], ["send-reaction"])

    talk.fault(call="messages", status=403, times=4)
    talk.deletes()
    talk.work("outbound")
    assert talk.acts() == ["done", "failed"]
    page = talk.page.get(f"/conversas/{talk.id}").text
    assert "A mensagem não foi apagada: o cliente ainda a vê." in page
    assert "recusou as credenciais" in page
    assert talk.asks("POST", f"atos/{talk.act_id()}/reenvio")[0] == 200
    talk.work("outbound")
    assert talk.acts() == ["done", "cancelled", "done"]
    assert "revoked_at" in (talk.message(talk.ours).payload or {})


@pytest.mark.parametrize("fault", [{"status": 502, "accepted": True}, {"drop": True}])
def test_what_may_have_been_done_is_never_done_again_by_itself(
    app: Flask, talk: Talk, fault: dict[str, Any]
) -> None:
    talk.fault(call="send-text", times=1, **fault)
    talk.edits("Segue o boleto")
    talk.work("outbound")
    assert talk.acts() == ["uncertain"]
    with app.app_context():
        acts.redrive()
    talk.work("outbound")
    assert talk.calls() == ["send-text"]
    page = talk.page.get(f"/conversas/{talk.id}").text
    assert "Não sabemos se a edição saiu." in page
    assert talk.message(talk.ours).body == "Segue o bolleto"
    assert talk.asks("DELETE", f"atos/{talk.act_id()}")[0] == 200
    assert "acts" not in (talk.message(talk.ours).payload or {})


def echo(**fields: Any) -> dict[str, Any]:
    said = received(fromMe=True, fromApi=True, senderName="Empresa")
    del said["text"]
    return said | fields


def test_an_echo_settles_what_was_uncertain(talk: Talk, client: FlaskClient) -> None:
    talk.fault(call="send-text", status=500, accepted=True, times=1)
    talk.edits("Segue o boleto")
    talk.work("outbound")
    name = talk.message(talk.ours).provider_id
    text = {"message": "Segue o boleto"}
    for _ in range(2):
        tell(client, echo(isEdit=True, messageId=name, text=text))
    message = talk.message(talk.ours)
    assert (talk.acts(), message.body) == (["done"], "Segue o boleto")
    assert len((message.payload or {})["edits"]) == 1
    assert talk.events().count("edited_message") == 1


def test_echoes_of_what_we_did_change_nothing_even_late(talk: Talk, client: FlaskClient) -> None:
    for emoji in ("👍", "❤️"):
        talk.reacts(emoji)
        talk.work("outbound")
    about = {"messageId": talk.message(talk.theirs).provider_id, "fromMe": False, "phone": PHONE}
    tell(client, echo(reaction={"value": "👍", "referencedMessage": about}))
    assert (talk.message(talk.theirs).payload or {})["reactions"] == {"company": "❤️"}
    talk.deletes()
    talk.work("outbound")
    name = talk.message(talk.ours).provider_id
    tell(client, echo(notification="REVOKE", referenceMessageId=name))
    assert talk.events().count("deleted_message") == 1
    with talk.app.app_context():
        assert len(messages("out")) == 1


def test_a_report_of_failure_shows_again_what_the_customer_has(
    talk: Talk, client: FlaskClient
) -> None:
    talk.edits("Segue o boleto")
    talk.work("outbound")
    sent = talk.rows()[-1]
    report = {"type": "DeliveryCallback", "instanceId": "INST-TEST", "phone": PHONE}
    names = {"messageId": sent["messageId"], "zaapId": sent["zaapId"]}
    tell(client, report | names | {"error": "Whatsapp rejected sending this message"})
    message = talk.message(talk.ours)
    assert (talk.acts(), message.body) == (["failed"], "Segue o bolleto")
    assert "edits" not in {k for k, v in (message.payload or {}).items() if v}


def test_an_acts_report_never_settles_an_uncertain_message(talk: Talk, client: FlaskClient) -> None:
    talk.fault(call="send-text", status=500, times=1)
    lost = talk.writes("Perdida")
    talk.reacts("👍")
    talk.work("outbound")
    sent = talk.rows()[-1]
    names = {"messageId": sent["messageId"], "zaapId": sent["zaapId"], "phone": PHONE}
    tell(client, {"type": "DeliveryCallback", "instanceId": "INST-TEST"} | names)
    assert talk.message(lost).status == "uncertain"
    assert talk.acts() == ["done"]


def test_who_did_it_is_told_that_it_was_not_done_until_it_is(
    app: Flask, talk: Talk, cast: Cast, login_as: Login
) -> None:
    def bell(user_id: int) -> list[str]:
        with app.app_context():
            mine = select(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
            return [notice.detail for notice in db.session.scalars(mine)]

    talk.fault(call="send-text", status=500, times=1)
    talk.edits("Segue o boleto")
    talk.work("outbound")
    assert bell(cast.ana) == ["Não sabemos se a edição saiu."]
    assert bell(cast.bruno) == bell(cast.gisele) == []
    panel = talk.page.get("/avisos/painel").text
    assert "não foi feito" in panel
    assert f"#message-{talk.ours}" in panel
    assert talk.asks("POST", f"atos/{talk.act_id()}/reenvio")[0] == 200
    assert bell(cast.ana) == [], "it is on its way"

    talk.fault(call="send-reaction", status=400)
    talk.reacts("👍")
    for _ in range(5):
        clock.shift(clock.now() - datetime.now(UTC) + timedelta(seconds=10))
        talk.work("outbound")
    assert bell(cast.ana) == ["A reação não saiu."]
    assert talk.asks("DELETE", f"atos/{talk.act_id()}")[0] == 200
    assert bell(cast.ana) == [], "it is wanted no more"


def test_a_dead_worker_leaves_it_uncertain(app: Flask, talk: Talk) -> None:
    talk.reacts("👍")
    with app.app_context():
        act = db.session.query(MessageAct).one()
        act.state, act.lease_until = "sending", clock.now() - timedelta(seconds=1)
        db.session.commit()
        acts.redrive()
    assert talk.acts() == ["uncertain"]
    assert "Não sabemos se a reação mudou." in talk.page.get(f"/conversas/{talk.id}").text
    talk.work("outbound")
    assert talk.calls() == []


def connect(app: Flask, state: str) -> None:
    with app.app_context():
        db.session.query(Channel).one().state = state
        db.session.commit()


def test_a_disconnected_channel_is_waited_for(app: Flask, talk: Talk) -> None:
    connect(app, "disconnected")
    talk.reacts("👍")
    talk.work("outbound")
    assert (talk.acts(), talk.calls()) == (["queued"], [])
    connect(app, "connected")
    with app.app_context():
        acts.redrive()
    talk.work("outbound")
    assert (talk.acts(), talk.calls()) == (["done"], ["send-reaction"])
