"""Offers on their way, who proved to be whom, agreements with their payments, papers and tasks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.accounts.models import User
from app.debts.simulations.models import DebtOffer
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)
SENDING_STATES = ("queued", "sending", "sent", "failed", "uncertain")


class OfferSending(Model):
    """One offer on its way to the customer. `text_hash` is of what left, word by word.

    By the conversation it is sent with its message; by Octadesk a worker sends it once: what may
    have arrived is `uncertain` and only a person sends it again.
    """

    __tablename__ = "offer_sendings"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    way: Mapped[str] = mapped_column(Text)  # conversation | octadesk
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    form: Mapped[str] = mapped_column(Text, server_default="session")  # session | template
    address: Mapped[str] = mapped_column(Text, server_default="")
    template: Mapped[str] = mapped_column(Text, server_default="")
    room: Mapped[str] = mapped_column(Text, server_default="")
    body: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    error: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # The first time the customer opened the page, and when they last did.
    viewed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    offer: Mapped[DebtOffer] = relationship(lazy="raise")
    by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'uncertain')", name="state_known"
        ),
        Index("ix_offer_sendings_offer", "offer_id", text("id DESC")),
        Index("ix_offer_sendings_contact", "contact_id", text("created_at DESC")),
        Index("ix_offer_sendings_conversation", "conversation_id", text("id DESC")),
        Index(
            "ix_offer_sendings_pending",
            "next_try_at",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )


class DebtApproach(Model):
    """That we wrote to somebody about a debt without being asked: what the frequency counts."""

    __tablename__ = "debt_approaches"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    document: Mapped[str] = mapped_column(Text, server_default="")
    kind: Mapped[str] = mapped_column(Text)  # identity, offer, reminder, missed, notice
    at: Mapped[datetime] = mapped_column(Timestamp)
    message_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_debt_approaches_contact", "contact_id", text("at DESC")),)


class DebtPause(Model):
    """Why somebody is not to be written to about a debt for now: a promise, or a dispute."""

    __tablename__ = "debt_pauses"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text, server_default="")
    note: Mapped[str] = mapped_column(Text, server_default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("kind IN ('promise', 'dispute', 'not_holder')", name="kind_known"),
        Index("ix_debt_pauses_contact", "contact_id", postgresql_where=text("ended_at IS NULL")),
    )


class DebtIdentification(Model):
    """That who talks here proved to be the holder of a document, and how. For one conversation."""

    __tablename__ = "debt_identifications"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    document: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)  # answer | staff
    note: Mapped[str] = mapped_column(Text, server_default="")
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_debt_identifications_conversation", "conversation_id", text("id DESC")),
        Index("ix_debt_identifications_contact", "contact_id", text("id DESC")),
    )


class IdentityTry(Model):
    """How often somebody tried to prove who they are on a day (`subject`: contact or document)."""

    __tablename__ = "debt_identity_tries"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    tries: Mapped[int] = mapped_column(server_default="0")


class DebtTalk(Model):
    """Where a conversation about debts stands: what was asked last, and what it may be answered.

    `choices` are what the numbers just offered stand for.
    """

    __tablename__ = "debt_talks"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text, server_default="")
    bill: Mapped[str] = mapped_column(Text, server_default="")
    choices: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    misunderstandings: Mapped[int] = mapped_column(server_default="0")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")


class HeardAnswer(Model):
    """A customer's message that may answer an offer or the identity check: settled once."""

    __tablename__ = "debt_answers"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    state: Mapped[str] = mapped_column(Text, server_default="waiting")  # waiting | settled | failed
    outcome: Mapped[str] = mapped_column(Text, server_default="")
    heard_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        Index("ix_debt_answers_waiting", "heard_at", postgresql_where=text("state = 'waiting'")),
    )


class Agreement(Model):
    """A proposal that somebody accepted. `content` is the offer's, frozen; `option` its letter.

    `check_state`: whether the ERP was read again (pending), said the same (confirmed), or something
    else (changed). `number` is given in the order of acceptance.
    """

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), unique=True)
    erp: Mapped[str] = mapped_column(Text)
    customer: Mapped[str] = mapped_column(Text)
    bill: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, server_default="")
    document: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    option: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(Text)
    total: Mapped[int] = mapped_column(BigInteger)  # cents
    state: Mapped[str] = mapped_column(Text)
    check_state: Mapped[str] = mapped_column(Text, server_default="pending")
    check_error: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    next_check_at: Mapped[datetime | None] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(server_default="0")
    how: Mapped[str] = mapped_column(Text)  # message | page | staff
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    accepted_at: Mapped[datetime] = mapped_column(Timestamp)
    # The title under which finance entered it into the ERP: payments are read from there.
    erp_bill: Mapped[str] = mapped_column(Text, server_default="")
    next_due: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    looked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    offer: Mapped[DebtOffer] = relationship(lazy="raise")
    payments: Mapped[list["AgreementPayment"]] = relationship(
        lazy="raise", order_by="AgreementPayment.number"
    )

    __table_args__ = (
        CheckConstraint(
            "state IN ('accepted', 'effective', 'fulfilled', 'refused', 'expired', 'cancelled',"
            " 'broken')",
            name="state_known",
        ),
        CheckConstraint("check_state IN ('pending', 'confirmed', 'changed')", name="check_known"),
        # G9: one active agreement per contract.
        Index(
            "uq_agreements_active",
            "erp",
            "bill",
            unique=True,
            postgresql_where=text("state IN ('accepted', 'effective')"),
        ),
        Index("ix_agreements_bill", "erp", "bill", text("id DESC")),
        Index("ix_agreements_state", "state", text("id DESC")),
        Index("ix_agreements_contact", "contact_id", text("id DESC")),
        Index(
            "ix_agreements_active",
            "looked_at",
            postgresql_where=text("state IN ('accepted', 'effective')"),
        ),
        Index(
            "ix_agreements_unchecked",
            "next_check_at",
            postgresql_where=text("check_state = 'pending'"),
        ),
    )


class AgreementPayment(Model):
    """What is due of an agreement; number 0 is the entry, or all of it in cash. Cents."""

    __tablename__ = "agreement_payments"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    number: Mapped[int] = mapped_column()
    due: Mapped[date] = mapped_column(Date)
    payable_until: Mapped[date] = mapped_column(Date)
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date | None] = mapped_column(Date)
    paid: Mapped[int | None] = mapped_column(BigInteger)
    paid_source: Mapped[str] = mapped_column(Text, server_default="")  # erp | staff
    reminded_at: Mapped[datetime | None] = mapped_column(Timestamp)
    chased_at: Mapped[datetime | None] = mapped_column(Timestamp)
    noticed_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UniqueConstraint("agreement_id", "number"),)


class AgreementEvent(Model):
    """One thing that happened to an agreement: who, when, by which way. Added, never changed."""

    __tablename__ = "agreement_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    at: Mapped[datetime] = mapped_column(Timestamp)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)  # after it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(Text)
    way: Mapped[str] = mapped_column(Text, server_default="")
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    text_hash: Mapped[str] = mapped_column(Text, server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    __table_args__ = (Index("ix_agreement_events_agreement", "agreement_id", "id"),)


class AgreementDocument(Model):
    """A paper of an agreement: the term, a boleto, a Pix. Its bytes are kept with their hash."""

    __tablename__ = "agreement_documents"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    kind: Mapped[str] = mapped_column(Text)  # term | payment
    name: Mapped[str] = mapped_column(Text)
    payment_number: Mapped[int | None] = mapped_column()
    line: Mapped[str] = mapped_column(Text, server_default="")  # the boleto's digits, or Pix's text
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("kind IN ('term', 'payment')", name="kind_known"),
        Index("ix_agreement_documents_agreement", "agreement_id", "id"),
    )


class FinanceTask(Model):
    """What finance has to do by hand, with all its figures; done, or taken back."""

    __tablename__ = "finance_tasks"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[str] = mapped_column(Text)  # launch, attach, undo, review, talk
    title: Mapped[str] = mapped_column(Text)
    figures: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(server_default="1")

    agreement: Mapped[Agreement | None] = relationship(lazy="raise")
    done_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_finance_tasks_open", text("id DESC"), postgresql_where=text("done_at IS NULL")),
        Index(
            "ix_finance_tasks_done",
            text("done_at DESC"),
            postgresql_where=text("done_at IS NOT NULL"),
        ),
        Index("ix_finance_tasks_agreement", "agreement_id"),
    )
