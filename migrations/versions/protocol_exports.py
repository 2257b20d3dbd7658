"""Spreadsheets of protocols that a worker makes.

The version before runs on: it does not know the table.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "protocol_exports"
down_revision = "home_page"
branch_labels = None
depends_on = None


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        "protocol_exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("worked_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'expired')", name=op.f("ck_protocol_exports_state_known")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_protocol_exports_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protocol_exports"),
    )
    op.create_index("ix_protocol_exports_made_by", "protocol_exports", ["made_by_id", "id"])


def downgrade():
    op.drop_table("protocol_exports")
