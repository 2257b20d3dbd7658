"""A customer of the book who talks to the desk, and an offer over their contract."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.debts.agreements import accepting
from app.debts.agreements.models import Agreement
from app.debts.lookups.models import Snapshot
from app.debts.simulations import service as simulations
from app.debts.simulations.inputs import Inputs
from app.debts.simulations.models import DebtOffer
from app.extensions import db
from portfolio.mandatory import mandatory
from tests.browser_client import as_page
from tests.cast import Cast
from tests.debts.lookups.conftest import Erp, LookUp, erp, look_up
from tests.telling import PHONE, Login, messages, received, secret_address, tell

__all__ = ["erp", "look_up"]
# A Monday morning: one may write.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=clock.COMPANY_ZONE)
DAY = MONDAY.date()
CASE = 1  # one unit, two instalments overdue
HOLDER = mandatory(DAY).person(5000 + CASE)
BILL = str(1000 + CASE * 10)
assert HOLDER.birth is not None
PROOF = f"{HOLDER.birth:%d/%m} e {HOLDER.document[-2:]}"


class Desk:
    """The holder writes; Gisele, who manages, has the conversation."""

    def __init__(
        self,
        app: Flask,
        client: FlaskClient,
        cast: Cast,
        gisele: FlaskClient,
        work: Callable[..., int],
    ) -> None:
        self.app, self.client, self.cast, self.gisele, self.work = app, client, cast, gisele, work
        self.talk = 0

    def says(self, text: str, *, proven: bool = True) -> None:
        """The customer writes; what follows from it is done."""
        with self.app.app_context():
            address = secret_address() if proven else "/webhook/whatsapp"
        tell(self.client, received(text, PHONE), address)
        self.work("live", "assistant")

    def said(self) -> list[str]:
        """What the company said."""
        with self.app.app_context():
            return [message.body for message in messages("out")]

    def pane(self, path: str = "", **form: Any) -> Any:
        """The pane beside the conversation, or one of its acts."""
        address = f"/financeiro/conversas/{self.talk}/dividas{path}"
        return self.gisele.post(address, data=form) if path else self.gisele.get(address)

    def identify(self) -> None:
        """Asked who they are, they prove it."""
        assert self.pane("/identidade").status_code == 200
        self.says(PROOF)

    def offer(self, *, tied: bool = True) -> int:
        """An approved offer over the contract, `tied` to this conversation; its id."""
        with self.app.app_context():
            by = db.session.get_one(User, self.cast.gisele)
            snapshot = db.session.scalars(select(Snapshot).order_by(Snapshot.id.desc())).first()
            assert snapshot is not None
            kept = simulations.keep(
                by, simulations.subject_of(snapshot.id, BILL), Inputs(day=DAY), "Teste"
            )
            place = {"contact_id": self.contact_id(), "conversation_id": self.talk} if tied else {}
            offer = simulations.create_offer(by, kept.id, **place)
            assert offer.state == "approved"
            return offer.id

    def contact_id(self) -> int:
        """Whose conversation it is."""
        return db.session.get_one(Conversation, self.talk).contact_id

    def sends(self, offer_id: int) -> Any:
        """Gisele sends it from the pane."""
        return self.pane(f"/ofertas/{offer_id}/envios")

    def agreement(self, offer_id: int) -> Agreement | None:
        """What became of an offer."""
        with self.app.app_context():
            return accepting.of_offer(offer_id)

    def offered(self, offer_id: int) -> DebtOffer:
        """The offer as it is now."""
        with self.app.app_context():
            return db.session.get_one(DebtOffer, offer_id)

    def events(self) -> list[str]:
        """The kinds of the conversation's timeline."""
        with self.app.app_context():
            return [message.kind for message in messages("event")]

    def files(self) -> list[Message]:
        """The documents that were sent."""
        with self.app.app_context():
            return [message for message in messages("out") if message.kind == "document"]


@pytest.fixture
def desk(
    app: Flask,
    client: FlaskClient,
    cast: Cast,
    channel: int,
    login_as: Login,
    erp: Erp,
    look_up: LookUp,
    work: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The holder of case 1 has written, is known by their CPF, and Gisele attends."""  # fmt: skip
    monkeypatch.setattr(app.config["SETTINGS"], "public_url", "http://127.0.0.1:5999")
    clock.shift(MONDAY - datetime.now(clock.COMPANY_ZONE))
    erp.post("sienge-book/day", today=DAY.isoformat())
    gisele = as_page(login_as(cast.gisele))
    made = Desk(app, client, cast, gisele, work)
    with app.app_context():
        db.session.get_one(User, cast.gisele).approval_level = 2
        db.session.commit()
    made.says("Bom dia")
    with app.app_context():
        talk = db.session.scalars(select(Conversation)).one()
        db.session.get_one(Contact, talk.contact_id).cpf = HOLDER.document
        db.session.commit()
        made.talk, version = talk.id, talk.owner_version
    gisele.post(f"/conversas/{made.talk}/posse", data={"versao": version})
    look_up(HOLDER.document)
    return made


@pytest.fixture
def tomorrow() -> Callable[[int], date]:
    """Move the clock some days ahead."""

    def _move(days: int) -> date:
        clock.shift(MONDAY + timedelta(days=days) - datetime.now(clock.COMPANY_ZONE))
        return DAY + timedelta(days=days)

    return _move
