"""our reactions, edits and deletions on their way

Revision ID: message_acts
Revises: protocol_exports
"""

import sqlalchemy as sa
from alembic import op

revision = "message_acts"
down_revision = "protocol_exports"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TABLE = "message_acts"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, server_default="", nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("state", sa.Text, server_default="queued", nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("provider_id", sa.Text),
        sa.Column("queue_id", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_acts"),
        sa.CheckConstraint(
            "kind IN ('reaction', 'edit', 'deletion')", name="ck_message_acts_kind_known"
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'uncertain', 'done', 'failed', 'cancelled')",
            name="ck_message_acts_state_known",
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_message_acts_{column}")
            for column, target in (
                ("message_id", "messages.id"),
                ("conversation_id", "conversations.id"),
                ("channel_id", "channels.id"),
                ("by_id", "users.id"),
            )
        ),
    )
    op.create_index(
        "uq_message_acts_queued",
        TABLE,
        ["message_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_message_acts_message", TABLE, ["message_id", "kind", "id"])
    for name, columns, condition in (
        ("pending", ["channel_id", "id"], "state IN ('queued', 'sending')"),
        ("uncertain", ["channel_id", "id"], "state = 'uncertain'"),
        ("provider_id", ["channel_id", "provider_id"], "provider_id IS NOT NULL"),
        ("queue_id", ["queue_id"], "queue_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_message_acts_{name}", TABLE, columns, postgresql_where=sa.text(condition)
        )


def downgrade():
    op.drop_table(TABLE)
