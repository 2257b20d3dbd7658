"""Versions of policies, saved simulations, frozen offers and what happened to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

WAITING, APPROVED = "awaiting_approval", "approved"
STATES = (
    "draft", WAITING, APPROVED, "refused", "sent", "accepted", "expired", "superseded",
)  # fmt: skip
# An offer that nobody has sent yet: of one contract there is one at most.
UNSENT = (WAITING, APPROVED)


class DebtPolicy(Model):
    """One version of what is granted, for the company or (`project`) one project. Never changed.

    Version 1 of the company's `guiche` is the engine's own and has no row.
    """

    __tablename__ = "debt_policies"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    project: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(Text, server_default="")
    # Whose sign-off for the legal department allows Price; without one Price breaks a guardrail.
    price_signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)

    made_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[made_by_id])
    price_signed_by: Mapped[User | None] = relationship(
        lazy="raise", foreign_keys=[price_signed_by_id]
    )

    __table_args__ = (UniqueConstraint("name", "project", "version"),)


class Simulation(Model):
    """What somebody tried on one contract and kept. `erp`, `customer` and `bill` say which one."""

    __tablename__ = "simulations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("debt_snapshots.id"))
    erp: Mapped[str] = mapped_column(Text)
    customer: Mapped[str] = mapped_column(Text)
    bill: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, server_default="")  # "Maria Alves · Torre A 101"
    name: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("debt_policies.id"))
    policy: Mapped[str] = mapped_column(Text)  # "guiche 1"
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what lists and comparisons show
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    author: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_simulations_bill", "erp", "bill", text("id DESC")),
        Index("ix_simulations_newest", text("id DESC"), "author_id"),
    )


class DebtOffer(Model):
    """Proposals as they were frozen, with the hash of their content. `sent_*` belong to sending."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    simulation_id: Mapped[int] = mapped_column(ForeignKey("simulations.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("debt_snapshots.id"))
    erp: Mapped[str] = mapped_column(Text)
    customer: Mapped[str] = mapped_column(Text)
    bill: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, server_default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    issued: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    needed_level: Mapped[int] = mapped_column(SmallInteger)
    # [["term", 2], …]: the criteria that ask for more than an operator, and for whom.
    reasons: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    minutes: Mapped[str] = mapped_column(Text, server_default="")  # the board's decision
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sent_how: Mapped[str] = mapped_column(Text, server_default="")
    sent_message_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(server_default="1")

    author: Mapped[User] = relationship(lazy="raise", foreign_keys=[author_id])
    approver: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[approver_id])
    simulation: Mapped[Simulation] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'awaiting_approval', 'approved', 'refused', 'sent', 'accepted',"
            " 'expired', 'superseded')",
            name="state_known",
        ),
        CheckConstraint("approver_id IS DISTINCT FROM author_id", name="two_people"),
        Index(
            "uq_offers_unsent", "erp", "bill", unique=True,
            postgresql_where=text("state IN ('awaiting_approval', 'approved')"),
        ),
        Index(
            "ix_offers_waiting", "needed_level", "id",
            postgresql_where=text("state = 'awaiting_approval'"),
        ),
        Index("ix_offers_bill", "erp", "bill", text("id DESC")),
        Index("ix_offers_simulation", "simulation_id", "id"),
        Index("ix_offers_contact", "contact_id", text("id DESC")),
        # What an answer in a conversation may be about.
        Index(
            "ix_offers_conversation", "conversation_id", text("id DESC"),
            postgresql_where=text("state IN ('sent', 'accepted')"),
        ),
    )  # fmt: skip


class OfferEvent(Model):
    """One thing that happened to an offer. Added, never changed."""

    __tablename__ = "offer_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    at: Mapped[datetime] = mapped_column(Timestamp)
    kind: Mapped[str] = mapped_column(Text)  # created, approved, refused, superseded, sent …
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, server_default="")
    content_hash: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_offer_events_offer", "offer_id", "id"),)
