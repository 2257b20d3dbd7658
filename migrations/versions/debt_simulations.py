"""policies of debts, simulations, offers, and who may approve them

Revision ID: debt_simulations
Revises: crm_entries
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "debt_simulations"
down_revision = "crm_entries"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
JSONB = postgresql.JSONB()


def _key(kind=sa.BigInteger):
    return sa.Column("id", kind, sa.Identity(), nullable=False)


def _text(name, default=None):
    return sa.Column(name, sa.Text, server_default=default, nullable=False)


def _refers(table, **targets):
    return [
        sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def upgrade():
    op.add_column(
        "users", sa.Column("approval_level", sa.SmallInteger, server_default="0", nullable=False)
    )
    op.add_column("users", sa.Column("legal", sa.Boolean, server_default="false", nullable=False))
    op.create_check_constraint(
        "ck_users_approval_level_known", "users", "approval_level BETWEEN 0 AND 4"
    )
    op.create_table(
        "debt_policies",
        _key(sa.Integer),
        _text("name"),
        _text("project", ""),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        _text("note", ""),
        sa.Column("price_signed_by_id", sa.Integer),
        sa.Column("made_by_id", sa.Integer, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_debt_policies"),
        sa.UniqueConstraint(
            "name", "project", "version", name="uq_debt_policies_name_project_version"
        ),
        *_refers("debt_policies", price_signed_by_id="users.id", made_by_id="users.id"),
    )
    op.create_table(
        "simulations",
        _key(),
        sa.Column("snapshot_id", sa.BigInteger, nullable=False),
        _text("erp"),
        _text("customer"),
        _text("bill"),
        _text("about", ""),
        _text("name"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("policy_id", sa.Integer),
        _text("policy"),
        sa.Column("inputs", JSONB, nullable=False),
        sa.Column("result", JSONB, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_simulations"),
        *_refers("simulations", policy_id="debt_policies.id", author_id="users.id"),
    )
    op.create_index("ix_simulations_bill", "simulations", ["erp", "bill", sa.text("id DESC")])
    op.create_index("ix_simulations_newest", "simulations", [sa.text("id DESC"), "author_id"])
    _offers()
    op.create_table(
        "offer_events",
        _key(),
        sa.Column("offer_id", sa.BigInteger, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _text("kind"),
        sa.Column("actor_id", sa.Integer),
        _text("actor_name"),
        _text("reason", ""),
        _text("content_hash"),
        sa.PrimaryKeyConstraint("id", name="pk_offer_events"),
        *_refers("offer_events", offer_id="offers.id", actor_id="users.id"),
    )
    op.create_index("ix_offer_events_offer", "offer_events", ["offer_id", "id"])


def _offers():
    op.create_table(
        "offers",
        _key(),
        sa.Column("simulation_id", sa.BigInteger, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger, nullable=False),
        _text("erp"),
        _text("customer"),
        _text("bill"),
        _text("about", ""),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("conversation_id", sa.BigInteger),
        sa.Column("content", JSONB, nullable=False),
        _text("content_hash"),
        _text("state"),
        sa.Column("issued", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("needed_level", sa.SmallInteger, nullable=False),
        sa.Column("reasons", JSONB, server_default="[]", nullable=False),
        _text("minutes", ""),
        sa.Column("approver_id", sa.Integer),
        sa.Column("decided_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("sent_by_id", sa.Integer),
        _text("sent_how", ""),
        sa.Column("sent_message_id", sa.BigInteger),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_approval', 'approved', 'refused', 'sent', 'accepted',"
            " 'expired', 'superseded')",
            name="ck_offers_state_known",
        ),
        sa.CheckConstraint("approver_id IS DISTINCT FROM author_id", name="ck_offers_two_people"),
        *_refers(
            "offers",
            simulation_id="simulations.id",
            contact_id="contacts.id",
            conversation_id="conversations.id",
            author_id="users.id",
            approver_id="users.id",
            sent_by_id="users.id",
        ),
    )
    op.create_index(
        "uq_offers_unsent", "offers", ["erp", "bill"], unique=True,
        postgresql_where=sa.text("state IN ('awaiting_approval', 'approved')"),
    )  # fmt: skip
    op.create_index(
        "ix_offers_waiting", "offers", ["needed_level", "id"],
        postgresql_where=sa.text("state = 'awaiting_approval'"),
    )  # fmt: skip
    op.create_index("ix_offers_bill", "offers", ["erp", "bill", sa.text("id DESC")])
    op.create_index("ix_offers_simulation", "offers", ["simulation_id", "id"])
    op.create_index("ix_offers_contact", "offers", ["contact_id", sa.text("id DESC")])


def downgrade():
    for table in ("offer_events", "offers", "simulations", "debt_policies"):
        op.drop_table(table)
    op.drop_constraint("ck_users_approval_level_known", "users")
    op.drop_column("users", "legal")
    op.drop_column("users", "approval_level")
