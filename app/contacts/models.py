"""Contacts, the addresses they are reached at, notes, and merges that can be undone."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    case,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.contacts.consent.models import OptOut
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class Contact(Model):
    """A person or company that talks to us. A merged contact points at the one that took it in."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text, server_default="")
    # Names that staff typed are not overwritten by what WhatsApp says.
    name_is_typed: Mapped[bool] = mapped_column(server_default="false")
    cpf: Mapped[str | None] = mapped_column(Text)  # 11 digits, checked
    email: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, server_default="pt-BR")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    # The phone (an identity's id) they last wrote from: what we send to when there are several.
    last_phone_id: Mapped[int | None] = mapped_column(BigInteger)
    # Values of custom fields by the field's id; see custom_fields/models.py.
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    label_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(server_default="1")

    # Those in force.
    opt_outs: Mapped[list[OptOut]] = relationship(
        viewonly=True,
        lazy="raise",
        primaryjoin="and_(OptOut.contact_id == Contact.id, OptOut.ended_at.is_(None))",
        order_by="OptOut.id",
    )
    # Those that can be undone, newest first.
    merges: Mapped[list["ContactMerge"]] = relationship(
        viewonly=True,
        lazy="raise",
        primaryjoin="and_(ContactMerge.kept_id == Contact.id, ContactMerge.undone_at.is_(None))",
        order_by="ContactMerge.id.desc()",
    )
    identities: Mapped[list["ContactIdentity"]] = relationship(
        back_populates="contact", order_by="ContactIdentity.id"
    )
    if TYPE_CHECKING:
        phone_if_nameless: Mapped[str | None]

    __table_args__ = (
        Index("ix_contacts_cpf", "cpf", postgresql_where=text("cpf IS NOT NULL")),
        Index("ix_contacts_merged_into_id", "merged_into_id"),
        Index(
            "ix_contacts_words",
            text("to_tsvector('simple'::regconfig, fold(name))"),
            postgresql_using="gin",
        ),
        Index("ix_contacts_fields", "fields", postgresql_using="gin"),
        Index("ix_contacts_labels", "label_ids", postgresql_using="gin"),
        Index("ix_contacts_email", text("email text_pattern_ops")),
        # The list by name; absorbed contacts are never in it.
        Index(
            "ix_contacts_by_name",
            text("(coalesce(nullif(fold(name), ''), '~~~~') COLLATE \"C\")"),
            "id",
            postgresql_where=text("merged_into_id IS NULL"),
        ),
    )


class ContactIdentity(Model):
    """One address of a contact.

    For a phone `value` is E.164 with the ninth digit and `match_key` what both spellings share
    ("m:55" + area + last eight digits for mobiles, "p:" + the number otherwise). A WhatsApp private
    id ("lid") is known only within one instance, so its key carries the channel. `whatsapp_id` is
    the address exactly as the provider last sent it: what we send to.
    """

    __tablename__ = "contact_identities"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    match_key: Mapped[str] = mapped_column(Text, unique=True)
    whatsapp_id: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    contact: Mapped[Contact] = relationship(back_populates="identities")

    __table_args__ = (
        CheckConstraint("kind IN ('phone', 'lid')", name="kind_known"),
        # Every run of digits of a phone, found by how it begins (see the migration).
        Index(
            "ix_contact_identities_digits",
            text("digit_tails(value)"),
            postgresql_using="gin",
            postgresql_where=text("kind = 'phone'"),
        ),
    )


# What is shown of who has no name. It comes with the contact, so that a list costs no query more,
# and is looked up only for them.
Contact.phone_if_nameless = column_property(
    case(
        (
            Contact.name == "",
            select(ContactIdentity.value)
            .where(ContactIdentity.contact_id == Contact.id, ContactIdentity.kind == "phone")
            .order_by(ContactIdentity.id)
            .limit(1)
            .correlate_except(ContactIdentity)
            .scalar_subquery(),
        )
    )
)


class ContactNote(Model):
    """What staff should know about a contact, whatever the conversation."""

    __tablename__ = "contact_notes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp)


class ContactMerge(Model):
    """That one contact took another in, and exactly what moved, so that it can be undone."""

    __tablename__ = "contact_merges"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    absorbed_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # None: a webhook that showed both addresses proved it.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)

    absorbed: Mapped[Contact] = relationship(lazy="raise", foreign_keys=[absorbed_id])
