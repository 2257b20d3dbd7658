"""messages that are sent later

Revision ID: scheduled_messages
Revises: search_words
"""

import sqlalchemy as sa
from alembic import op

revision = "scheduled_messages"
down_revision = "search_words"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TABLE = "scheduled_messages"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("quoted_id", sa.BigInteger),
        sa.Column("send_at", MOMENT, nullable=False),
        sa.Column("cancel_if_answered", sa.Boolean, server_default="true", nullable=False),
        sa.Column("state", sa.Text, server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("client_key", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled_messages"),
        sa.UniqueConstraint("client_key", name="uq_scheduled_messages_client_key"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'cancelled', 'missed')",
            name="ck_scheduled_messages_state_known",
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_scheduled_messages_{column}")
            for column, target in (
                ("conversation_id", "conversations.id"),
                ("author_id", "users.id"),
                ("quoted_id", "messages.id"),
                ("message_id", "messages.id"),
            )
        ),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_scheduled_messages_due", TABLE, ["send_at"], postgresql_where=waiting)
    op.create_index(
        "ix_scheduled_messages_conversation",
        TABLE,
        ["conversation_id", "send_at"],
        postgresql_where=sa.text("state IN ('waiting', 'missed')"),
    )
    newest = sa.text("id DESC")
    op.create_index("ix_scheduled_messages_author", TABLE, ["author_id", "state", newest])
    op.create_index("ix_scheduled_messages_state", TABLE, ["state", newest])


def downgrade():
    op.drop_table(TABLE)
