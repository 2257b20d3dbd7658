"""offers on their way, who proved to be whom, agreements with payments, papers and tasks

The version before runs on: it does not know the tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "agreements"
down_revision = "contract_lookups"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade():
    op.create_index(
        "ix_offers_conversation",
        "offers",
        ["conversation_id", sa.text("id DESC")],
        postgresql_where=sa.text("state IN ('sent', 'accepted')"),
    )
    op.create_table(
        "debt_identity_tries",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("subject", "day", name="pk_debt_identity_tries"),
    )
    op.create_table(
        "debt_approaches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_debt_approaches_contact_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_debt_approaches"),
    )
    op.create_index(
        "ix_debt_approaches_contact", "debt_approaches", ["contact_id", sa.text("at DESC")]
    )
    op.create_table(
        "debt_pauses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('promise', 'dispute', 'not_holder')", name="ck_debt_pauses_kind_known"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_debt_pauses_contact_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_debt_pauses_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_debt_pauses"),
    )
    op.create_index(
        "ix_debt_pauses_contact",
        "debt_pauses",
        ["contact_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "debt_identifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_debt_identifications_by_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_debt_identifications_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_debt_identifications_conversation_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_debt_identifications"),
    )
    op.create_index(
        "ix_debt_identifications_contact",
        "debt_identifications",
        ["contact_id", sa.text("id DESC")],
    )
    op.create_index(
        "ix_debt_identifications_conversation",
        "debt_identifications",
        ["conversation_id", sa.text("id DESC")],
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("erp", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("bill", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("check_state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("check_error", sa.Text(), nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("next_check_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("erp_bill", sa.Text(), server_default="", nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "check_state IN ('pending', 'confirmed', 'changed')", name="ck_agreements_check_known"
        ),
        sa.CheckConstraint(
            "state IN ('accepted', 'effective', 'fulfilled', 'refused', 'expired', 'cancelled',"
            " 'broken')",
            name="ck_agreements_state_known",
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_agreements_contact_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_agreements_conversation_id"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_agreements_offer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        sa.UniqueConstraint("number", name="uq_agreements_number"),
        sa.UniqueConstraint("offer_id", name="uq_agreements_offer_id"),
    )
    op.create_index(
        "ix_agreements_active",
        "agreements",
        ["looked_at"],
        postgresql_where=sa.text("state IN ('accepted', 'effective')"),
    )
    op.create_index("ix_agreements_bill", "agreements", ["erp", "bill", sa.text("id DESC")])
    op.create_index("ix_agreements_contact", "agreements", ["contact_id", sa.text("id DESC")])
    op.create_index("ix_agreements_state", "agreements", ["state", sa.text("id DESC")])
    op.create_index(
        "ix_agreements_unchecked",
        "agreements",
        ["next_check_at"],
        postgresql_where=sa.text("check_state = 'pending'"),
    )
    op.create_index(
        "uq_agreements_active",
        "agreements",
        ["erp", "bill"],
        unique=True,
        postgresql_where=sa.text("state IN ('accepted', 'effective')"),
    )
    op.create_table(
        "debt_answers",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_debt_answers_conversation_id"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_debt_answers_message_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_debt_answers_offer_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_debt_answers"),
    )
    op.create_index(
        "ix_debt_answers_waiting",
        "debt_answers",
        ["heard_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "debt_talks",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("bill", sa.Text(), server_default="", nullable=False),
        sa.Column("choices", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("misunderstandings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_debt_talks_by_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_debt_talks_conversation_id"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_debt_talks_offer_id"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_debt_talks"),
    )
    op.create_table(
        "offer_sendings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.Text(), server_default="session", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("template", sa.Text(), server_default="", nullable=False),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("viewed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'uncertain')",
            name="ck_offer_sendings_state_known",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_offer_sendings_by_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_offer_sendings_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_offer_sendings_conversation_id"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_sendings_offer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offer_sendings"),
    )
    op.create_index(
        "ix_offer_sendings_contact", "offer_sendings", ["contact_id", sa.text("created_at DESC")]
    )
    op.create_index(
        "ix_offer_sendings_conversation", "offer_sendings", ["conversation_id", sa.text("id DESC")]
    )
    op.create_index("ix_offer_sendings_offer", "offer_sendings", ["offer_id", sa.text("id DESC")])
    op.create_index(
        "ix_offer_sendings_pending",
        "offer_sendings",
        ["next_try_at"],
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_table(
        "agreement_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payment_number", sa.Integer(), nullable=True),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('term', 'payment')", name="ck_agreement_documents_kind_known"),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name="fk_agreement_documents_agreement_id"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name="fk_agreement_documents_made_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_documents"),
    )
    op.create_index(
        "ix_agreement_documents_agreement", "agreement_documents", ["agreement_id", "id"]
    )
    op.create_table(
        "agreement_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("text_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_agreement_events_actor_id"),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name="fk_agreement_events_agreement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_events"),
    )
    op.create_index("ix_agreement_events_agreement", "agreement_events", ["agreement_id", "id"])
    op.create_table(
        "agreement_payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("payable_until", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("paid_source", sa.Text(), server_default="", nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("chased_at", MOMENT, nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name="fk_agreement_payments_agreement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_payments"),
        sa.UniqueConstraint(
            "agreement_id", "number", name="uq_agreement_payments_agreement_id_number"
        ),
    )
    op.create_table(
        "finance_tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name="fk_finance_tasks_agreement_id"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_finance_tasks_conversation_id"
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name="fk_finance_tasks_done_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finance_tasks"),
    )
    op.create_index("ix_finance_tasks_agreement", "finance_tasks", ["agreement_id"])
    op.create_index(
        "ix_finance_tasks_done",
        "finance_tasks",
        [sa.text("done_at DESC")],
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )
    op.create_index(
        "ix_finance_tasks_open",
        "finance_tasks",
        [sa.text("id DESC")],
        postgresql_where=sa.text("done_at IS NULL"),
    )


def downgrade():
    for table in (
        "finance_tasks",
        "agreement_payments",
        "agreement_events",
        "agreement_documents",
        "offer_sendings",
        "debt_talks",
        "debt_answers",
        "agreements",
        "debt_identifications",
        "debt_pauses",
        "debt_approaches",
        "debt_identity_tries",
    ):
        op.drop_table(table)
    op.drop_index("ix_offers_conversation", table_name="offers")
