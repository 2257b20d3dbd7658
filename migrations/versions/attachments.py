"""files of messages and contacts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "attachments"
down_revision = "contacts_list"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade():
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("uploaded_by_id", sa.Integer()),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_voice", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("view_once", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("source_url", sa.Text()),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("declared_type", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        sa.Column("storage_key", sa.Text()),
        sa.Column("thumbnail_key", sa.Text()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("seconds", sa.Double()),
        sa.Column("pages", sa.Integer()),
        sa.Column("waveform", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.CheckConstraint(
            "kind IN ('image', 'audio', 'video', 'document', 'sticker')",
            name=op.f("ck_attachments_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'fetching', 'ready', 'failed')",
            name=op.f("ck_attachments_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_attachments_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_attachments_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(
        "ix_attachments_message",
        "attachments",
        ["message_id", "place"],
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_attachments_contact",
        "attachments",
        ["contact_id", sa.text("id DESC")],
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_attachments_due",
        "attachments",
        ["next_try_at"],
        postgresql_where=sa.text("state IN ('waiting', 'fetching')"),
    )
    op.create_index(
        "ix_attachments_unused",
        "attachments",
        ["created_at"],
        postgresql_where=sa.text("message_id IS NULL AND contact_id IS NULL"),
    )


def downgrade():
    op.drop_table("attachments")
