"""ready texts

Revision ID: quick_replies
Revises: contacts_fields
"""

import sqlalchemy as sa
from alembic import op

revision = "quick_replies"
down_revision = "contacts_fields"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade():
    op.create_table(
        "quick_replies",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("shortcut", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, server_default="", nullable=False),
        sa.Column("is_shared", sa.Boolean, server_default="false", nullable=False),
        sa.Column("uses", sa.Integer, server_default="0", nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quick_replies"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_quick_replies_owner_id"),
    )
    op.create_index(
        "uq_quick_replies_own",
        "quick_replies",
        ["owner_id", "shortcut"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_quick_replies_shared",
        "quick_replies",
        ["shortcut"],
        unique=True,
        postgresql_where=sa.text("is_shared AND deleted_at IS NULL"),
    )


def downgrade():
    op.drop_table("quick_replies")
