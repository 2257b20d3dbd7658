"""notices, silences, and how people want to be told

Revision ID: notices
Revises: saved_views
"""

import sqlalchemy as sa
from alembic import op

revision = "notices"
down_revision = "saved_views"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
KINDS = sa.ARRAY(sa.Text)


def _of_user(table):
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def _of_conversation(table):
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id",
        ondelete="CASCADE",
    )


def upgrade():
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.BigInteger),
        sa.Column("channel_id", sa.Integer),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("by", sa.Text, server_default="", nullable=False),
        sa.Column("detail", sa.Text, server_default="", nullable=False),
        sa.Column("count", sa.Integer, server_default="1", nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        _of_user("notices"),
        _of_conversation("notices"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_notices_channel_id", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "uq_notices_unread",
        "notices",
        ["user_id", "cause"],
        unique=True,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notices_newest", "notices", ["user_id", sa.text("updated_at DESC"), sa.text("id DESC")]
    )
    op.create_index(
        "ix_notices_conversation",
        "notices",
        ["conversation_id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "notice_silences",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("owner_version", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name="pk_notice_silences"),
        _of_user("notice_silences"),
        _of_conversation("notice_silences"),
    )
    op.create_table(
        "notice_wishes",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("muted_bell", KINDS, server_default="{}", nullable=False),
        sa.Column("muted_sound", KINDS, server_default="{}", nullable=False),
        sa.Column("muted_desktop", KINDS, server_default="{}", nullable=False),
        sa.Column("volume", sa.SmallInteger, nullable=False),
        sa.Column("repeat_seconds", sa.SmallInteger, nullable=False),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_until", sa.SmallInteger),
        sa.Column("disturb_after", MOMENT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_notice_wishes"),
        _of_user("notice_wishes"),
        sa.CheckConstraint("volume BETWEEN 0 AND 100", name=op.f("ck_notice_wishes_volume_known")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)",
            name=op.f("ck_notice_wishes_quiet_hours_have_two_ends"),
        ),
    )


def downgrade():
    op.drop_table("notice_wishes")
    op.drop_table("notice_silences")
    op.drop_table("notices")
