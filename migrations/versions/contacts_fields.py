"""Custom fields, labels and opt-outs of contacts."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "contacts_fields"
down_revision = "teams"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade():
    op.create_table(
        "contact_fields",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("required", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("in_pane", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("archived", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'checked')", name=op.f("ck_contact_fields_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_fields")),
    )
    op.create_index("uq_contact_fields_name", "contact_fields", [sa.text("fold(name)")], unique=True)
    op.add_column("contacts", sa.Column("fields", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("contacts", sa.Column("label_ids", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False))
    op.create_index("ix_contacts_fields", "contacts", ["fields"], postgresql_using="gin")
    op.create_index("ix_contacts_labels", "contacts", ["label_ids"], postgresql_using="gin")
    op.create_table(
        "contact_opt_outs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("source IN ('customer', 'staff', 'import')", name=op.f("ck_contact_opt_outs_source_known")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_opt_outs_contact_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_contact_opt_outs_channel_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_contact_opt_outs_made_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_contact_opt_outs_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_opt_outs")),
    )
    op.create_index("uq_contact_opt_outs_active", "contact_opt_outs", ["contact_id", sa.text("coalesce(channel_id, 0)")], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_contact_opt_outs_contact", "contact_opt_outs", ["contact_id", "id"])


def downgrade():
    op.drop_table("contact_opt_outs")
    op.drop_index("ix_contacts_labels", "contacts")
    op.drop_index("ix_contacts_fields", "contacts")
    op.drop_column("contacts", "label_ids")
    op.drop_column("contacts", "fields")
    op.drop_table("contact_fields")
