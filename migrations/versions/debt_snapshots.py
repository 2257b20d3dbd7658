"""What the ERP said of a customer, look-up by look-up.

The version before runs on: it does not know the table.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "debt_snapshots"
down_revision = "outside_owner"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'reading')")


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        "debt_snapshots",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("erp_customer_id", sa.BigInteger(), nullable=True),
        sa.Column("erp_customer_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("content", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("content_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_by_id", sa.BigInteger(), nullable=True),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_status", sa.Integer(), nullable=True),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'reading', 'fresh', 'not_found', 'failed')", name=op.f("ck_debt_snapshots_state_known")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_debt_snapshots_contact_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name="fk_debt_snapshots_requested_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_debt_snapshots"),
    )
    op.create_index("ix_debt_snapshots_document", "debt_snapshots", ["document", sa.text("id DESC")])
    op.create_index("ix_debt_snapshots_mark", "debt_snapshots", ["mark", sa.text("id DESC")])
    op.create_index("ix_debt_snapshots_contact_id", "debt_snapshots", ["contact_id", sa.text("id DESC")])
    op.create_index("uq_debt_snapshots_waiting", "debt_snapshots", ["document"], unique=True, postgresql_where=WAITING)
    op.create_index("ix_debt_snapshots_pending", "debt_snapshots", ["next_try_at"], postgresql_where=WAITING)
    op.create_index("ix_debt_snapshots_state", "debt_snapshots", ["state", sa.text("id DESC")])


def downgrade():
    op.drop_table("debt_snapshots")
