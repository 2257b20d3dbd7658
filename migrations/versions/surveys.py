"""the survey after a conversation

Revision ID: surveys
Revises: owned_orders
"""

import sqlalchemy as sa
from alembic import op

revision = "surveys"
down_revision = "owned_orders"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TABLE = "surveys"


def upgrade():
    op.add_column("conversations", sa.Column("rating", sa.SmallInteger))
    newest = (sa.text("last_message_at DESC"), sa.text("id DESC"))
    op.create_index(
        "ix_conversations_rating",
        "conversations",
        ["rating", *newest],
        postgresql_where=sa.text("rating IS NOT NULL"),
    )
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.Integer),
        sa.Column("person_id", sa.Integer),
        sa.Column("owner_version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("answered_at", MOMENT),
        sa.Column("answer_id", sa.BigInteger),
        sa.Column("score", sa.SmallInteger),
        sa.Column("comment", sa.Text, server_default="", nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.UniqueConstraint("conversation_id", name="uq_surveys_conversation_id"),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'answered', 'skipped')", name="ck_surveys_state_known"
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_surveys_score_known"),
        sa.CheckConstraint(
            "(state = 'answered') = (score IS NOT NULL)", name="ck_surveys_answered_has_score"
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_surveys_{column}")
            for column, target in (
                ("conversation_id", "conversations.id"),
                ("channel_id", "channels.id"),
                ("team_id", "teams.id"),
                ("person_id", "users.id"),
                ("message_id", "messages.id"),
                ("answer_id", "messages.id"),
            )
        ),
    )
    op.create_index(
        "ix_surveys_due", TABLE, ["due_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index(
        "ix_surveys_asked",
        TABLE,
        [sa.text("asked_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("state IN ('asked', 'answered')"),
    )
    op.create_index(
        "ix_surveys_answered",
        TABLE,
        [sa.text("answered_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("state = 'answered'"),
    )


def downgrade():
    op.drop_table(TABLE)
    op.drop_index("ix_conversations_rating", "conversations")
    op.drop_column("conversations", "rating")
