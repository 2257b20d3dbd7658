"""Second copies of the ERP's documents, and what an administrator's test of the ERP found.

The version before runs on: it knows neither the table nor the columns.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "erp_documents"
down_revision = "portfolio_pulled"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'fetching')")


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.add_column("erp_link", sa.Column("checks", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("erp_link", sa.Column("check_asked_at", moment, nullable=True))
    op.add_column("erp_link", sa.Column("checked_at", moment, nullable=True))
    op.create_table(
        "erp_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("erp_customer_id", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("instalment", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("ready_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'fetching', 'ready', 'failed', 'expired')", name=op.f("ck_erp_documents_state_known")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name="fk_erp_documents_requested_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erp_documents"),
    )
    op.create_index("ix_erp_documents_mark", "erp_documents", ["mark", sa.text("id DESC")])
    op.create_index("uq_erp_documents_waiting", "erp_documents", ["mark", "kind", "bill_id", "instalment"], unique=True, postgresql_where=WAITING)
    op.create_index("ix_erp_documents_pending", "erp_documents", ["next_try_at"], postgresql_where=WAITING)


def downgrade():
    op.drop_table("erp_documents")
    for name in ("checks", "check_asked_at", "checked_at"):
        op.drop_column("erp_link", name)
