"""Protocols on their way to the CRM.

The version before runs on: it does not know the table.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "crm_entries"
down_revision = "contacts_imports_undone"
branch_labels = None
depends_on = None


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        "crm_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("protocol_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("note_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_uncertain", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sending', 'done', 'failed')", name=op.f("ck_crm_entries_state_known")),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_crm_entries_protocol_id"),
        sa.PrimaryKeyConstraint("id", name="pk_crm_entries"),
        sa.UniqueConstraint("protocol_id", name="uq_crm_entries_protocol_id"),
    )
    op.create_index("ix_crm_entries_pending", "crm_entries", ["next_try_at"], postgresql_where=sa.text("state IN ('queued', 'sending')"))
    op.create_index("ix_crm_entries_state", "crm_entries", ["state", sa.text("id DESC")])


def downgrade():
    op.drop_table("crm_entries")
