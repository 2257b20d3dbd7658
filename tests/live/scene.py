"""A conversation between Marina and Bruno, and everything that can happen around it.

People act on the first web process; the sandbox is the vendor and calls nobody back.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import requests
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.company import service as company
from app.contacts.models import Contact, ContactMerge
from app.contacts.transfers import importing
from app.conversations.models import Conversation, Message
from app.deadlines import keeping, rounds
from app.deadlines import service as deadlines
from app.deadlines.policies import Policy
from app.extensions import db
from app.scheduling import service as scheduling
from app.scheduling.models import ScheduledMessage
from app.surveys import service as surveys
from app.surveys import settings as survey_settings
from tests.cast import Cast
from tests.people import Person
from tests.telling import PHONE, received, secret_address, status_of

OTHER_PHONE = "5500900010002"


class Scene:
    """`gisele.post(…)` and the like act; the verbs below say what happens."""

    def __init__(
        self,
        app: Flask,
        web: str,
        vendor: str,
        cast: Cast,
        cookies: dict[str, str],
        work: Callable[..., int],
    ) -> None:
        self.app, self.web, self.vendor, self.cast, self.work = app, web, vendor, cast, work
        self.bruno, self.gisele = Person(web, cookies["bruno"]), Person(web, cookies["gisele"])
        self.adriana = Person(web, cookies["adriana"])
        self.writes("Oi")
        self.id = int(self._value(select(func.max(Conversation.id))))
        self.takes_over(self.bruno)

    # ── What is the case ────────────────────────────────────────────────────────────────────

    def _value(self, query: Any) -> Any:
        with self.app.app_context():
            return db.session.scalar(query)

    @property
    def contact(self) -> int:
        """Whose conversation it is now."""
        query = select(Conversation.contact_id).where(Conversation.id == self.id)
        return int(self._value(query))

    @property
    def last(self) -> Message:
        """The newest message that is ours."""
        query = select(Message).where(Message.direction == "out").order_by(Message.id.desc())
        message: Message = self._value(query.limit(1))
        return message

    def newest(self) -> int:
        """The newest message or event."""
        return int(self._value(select(func.max(Message.id))))

    def _seen(self) -> str:
        query = select(Conversation.owner_version).where(Conversation.id == self.id)
        return str(self._value(query))

    def _do(self, who: Person, what: str, **fields: str) -> None:
        who.post(f"/conversas/{self.id}/{what}", versao=self._seen(), **fields)

    # ── The customer and the vendor ─────────────────────────────────────────────────────────

    def hears(self, webhook: dict[str, Any]) -> None:
        """The vendor calls."""
        with self.app.app_context():
            address = self.web + secret_address()
        requests.post(address, json=webhook, timeout=5).raise_for_status()

    def writes(self, text: str = "Tudo bem?", phone: str = PHONE, **fields: Any) -> None:
        """A customer writes."""
        self.hears(received(text, phone, **fields))

    def edits(self) -> None:
        """The customer corrects a message."""
        message = received("Trinta e quantro")
        self.hears(message)
        self.hears(message | {"isEdit": True, "text": {"message": "Trinta e quatro"}})

    def sends_a_photo(self, url: str) -> str:
        """The customer sends a photograph; the provider's id of the message."""
        message = received(image={"imageUrl": url, "mimeType": "image/jpeg"})
        del message["text"]
        self.hears(message)
        return str(message["messageId"])

    def deletes(self, provider_id: str) -> None:
        """The customer takes back what they had sent."""
        notice = received(notification="REVOKE", referenceMessageId=provider_id)
        del notice["text"]
        self.hears(notice)

    def ticks(self, status: str) -> None:
        """Our newest message got further: SENT, RECEIVED, READ."""
        self.hears(status_of(self.last.provider_id or "", status))

    def is_reported_undelivered(self) -> None:
        """Our newest message could not be handed to WhatsApp."""
        report = {"type": "DeliveryCallback", "instanceId": "INST-TEST", "phone": PHONE}
        trouble = {"messageId": self.last.provider_id, "error": "Phone number does not exist"}
        self.hears(report | trouble)

    def connection(self, connected: bool) -> None:
        """The instance lost WhatsApp, or has it again."""
        kind = "Connected" if connected else "Disconnected"
        moment = int(clock.now().timestamp())
        self.hears(
            {
                "type": f"{kind}Callback",
                "instanceId": "INST-TEST",
                kind.lower(): True,
                "momment": moment,
            }
        )

    # ── The desk ────────────────────────────────────────────────────────────────────────────

    def replies(self, text: str = "Bom dia!") -> None:
        """Bruno writes to the customer."""
        self.bruno.post(f"/conversas/{self.id}/mensagens", texto=text)

    def leaves(self) -> None:
        """What is queued goes to the vendor."""
        self.work("outbound")

    def note(self, text: str = "Cliente antiga", **fields: str) -> None:
        """Gisele keeps a private note."""
        self.gisele.post(f"/conversas/{self.id}/mensagens", texto=text, nota="1", **fields)

    def can_undo(self) -> None:
        """Bruno can take back what he sends for a while."""
        with self.app.app_context():
            db.session.get_one(User, self.cast.bruno).undo_send_seconds = 20
            db.session.commit()

    def takes_back(self) -> None:
        """Bruno takes back the newest message."""
        self.bruno.send("DELETE", f"/conversas/{self.id}/mensagens/{self.last.id}/envio")

    @property
    def first(self) -> int:
        """The customer's first message."""
        return int(self._value(select(func.min(Message.id)).where(Message.direction == "in")))

    def acts(self, method: str, what: str, **fields: str) -> None:
        """Bruno does something to a message, and can not take it back."""
        with self.app.app_context():
            db.session.get_one(User, self.cast.bruno).undo_send_seconds = 0
            db.session.commit()
        self.bruno.send(method, f"/conversas/{self.id}/{what}", versao=self._seen(), **fields)

    def asks_customers(self) -> None:
        """The company wants to know how it was, at once and at any hour."""
        with self.app.app_context():
            present = company.present(survey_settings.SECTION)
            given = {key: str(value) for key, value in present.items() if value}
            wanted = {"survey": "1", "survey_wait": "0", "survey_from": "0", "survey_until": "24"}
            by = db.session.get_one(User, self.cast.gisele)
            company.change(by, survey_settings.SECTION.key, given | wanted)

    def surveys(self) -> None:
        """The sweep that asks comes by."""
        with self.app.app_context():
            surveys.ask_due()

    def is_promised_an_answer(self) -> None:
        """Within the hour, which passes without one."""
        with self.app.app_context():
            by = db.session.get_one(User, self.cast.gisele)
            deadlines.create(by, Policy(first_minutes=60, in_hours=False))
            rounds.run()
            late = dict.fromkeys(("response_due_at", "response_warn_at"), clock.now())
            db.session.query(Conversation).update(late | {"due_check_at": clock.now()})
            db.session.commit()
            keeping.pass_due()

    def schedules(self, text: str) -> None:
        """Bruno writes a message for tomorrow."""
        tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        self.bruno.post(f"/conversas/{self.id}/agendadas", texto=text, quando=tomorrow)

    def its_hour_comes(self) -> None:
        """What was written for later is due."""
        with self.app.app_context():
            db.session.query(ScheduledMessage).update({"send_at": clock.now()})
            db.session.commit()
            scheduling.send_due()

    def words(self, title: str, **fields: str) -> None:
        """Bruno writes a ready text."""
        self.bruno.post("/respostas-rapidas", titulo=title, texto="Olá", **fields)

    def takes_over(self, who: Person) -> None:
        """Somebody makes it theirs."""
        self._do(who, "posse")

    def transfers(self, to: int | None = None) -> None:
        """Gisele gives it to somebody, or to the line."""
        self._do(self.gisele, "transferencia", para=str(to or "fila"), nota="Fala com ela?")

    def returns_to_bot(self) -> None:
        """Gisele lets the bot go on."""
        self._do(self.gisele, "devolucao")

    def closes(self) -> None:
        """Gisele ends it."""
        self._do(self.gisele, "encerramento")

    def reopens(self) -> None:
        """Bruno opens it again."""
        self._do(self.bruno, "reabertura")

    def is_read(self) -> None:
        """Bruno has seen the customer's messages."""
        self.bruno.post(f"/conversas/{self.id}/leitura")

    # ── The contact ─────────────────────────────────────────────────────────────────────────

    def renames(self, name: str = "Marina Alves") -> None:
        """Gisele corrects the contact."""
        self.gisele.post(f"/contatos/{self.contact}", name=name, email="marina@exemplo.com.br")

    def merges(self) -> None:
        """The contact turns out to be an older one, which takes it in."""
        self.writes("Sou eu de novo", OTHER_PHONE)
        newest = int(self._value(select(func.max(Contact.id))))
        self.gisele.post(f"/contatos/{newest}/juncoes", contato=str(self.contact))

    def separates(self) -> None:
        """It was somebody else after all."""
        made = self._value(select(func.max(ContactMerge.id)))
        self.gisele.send("DELETE", f"/contatos/juncoes/{made}")

    def imports(self, sheet: str) -> None:
        """Gisele imports a spreadsheet, as its columns were guessed."""
        with self.app.app_context():
            by = db.session.get_one(User, self.cast.gisele)
            made = importing.upload(by, "clientes.csv", sheet.encode())
            importing.start(made.id, by, made.columns, "fill")
        self.work("bulk")

    # ── The house ───────────────────────────────────────────────────────────────────────────

    def hires(self, name: str = "Nova Pessoa") -> None:
        """Adriana invites somebody."""
        self.adriana.post(
            "/equipe/convite", name=name, email="nova@exemplo.com.br", roles="finance"
        )

    def makes_a_token(self) -> None:
        """Adriana makes an API token."""
        self.adriana.post("/tokens", name="Painel", scopes="metrics:read", days="30")
