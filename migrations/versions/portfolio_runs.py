"""simulations over whole portfolios

Revision ID: portfolio_runs
Revises: debt_snapshots
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "portfolio_runs"
down_revision = "debt_snapshots"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
RUNS = "portfolio_runs"


def _whole(name, kind=sa.Integer, default="0"):
    return sa.Column(name, kind, server_default=default, nullable=False)


def upgrade():
    op.create_table(
        RUNS,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("made_by_id", sa.Integer, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("policies", JSONB, nullable=False),
        sa.Column("indexes", JSONB, server_default="{}", nullable=False),
        sa.Column("content_key", sa.Text),
        _whole("content_size", sa.BigInteger),
        sa.Column("header", JSONB, server_default="[]", nullable=False),
        sa.Column("sample", JSONB, server_default="[]", nullable=False),
        sa.Column("columns", JSONB, server_default="[]", nullable=False),
        sa.Column("state", sa.Text, server_default="mapping", nullable=False),
        sa.Column("error", sa.Text),
        _whole("attempts"),
        _whole("position", sa.BigInteger),
        _whole("line", default="1"),
        _whole("total", sa.BigInteger),
        sa.Column("all_read", sa.Boolean, server_default="false", nullable=False),
        _whole("instalments"),
        _whole("refused"),
        _whole("settled"),
        sa.Column("result", JSONB),
        sa.Column("result_key", sa.Text),
        sa.Column("sheet_state", sa.Text, server_default="none", nullable=False),
        sa.Column("sheet_key", sa.Text),
        _whole("sheet_size", sa.BigInteger),
        sa.Column("worked_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        _whole("version", default="1"),
        sa.CheckConstraint(
            "state IN ('mapping', 'queued', 'reading', 'computing', 'done', 'cancelled',"
            " 'failed')",
            name=op.f("ck_portfolio_runs_state_known"),
        ),
        sa.CheckConstraint(
            "source IN ('file', 'sienge')", name=op.f("ck_portfolio_runs_source_known")
        ),
        sa.CheckConstraint(
            "sheet_state IN ('none', 'queued', 'done', 'failed')",
            name=op.f("ck_portfolio_runs_sheet_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_portfolio_runs_made_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_runs")),
    )
    op.create_index(
        "ix_portfolio_runs_under_way",
        RUNS,
        ["worked_at"],
        postgresql_where=sa.text(
            "state IN ('queued', 'reading', 'computing') OR sheet_state = 'queued'"
        ),
    )
    op.create_table(
        "portfolio_parts",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["portfolio_runs.id"],
            name=op.f("fk_portfolio_parts_run_id_portfolio_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_portfolio_parts")),
    )
    op.create_table(
        "portfolio_refusals",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("contract", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["portfolio_runs.id"],
            name=op.f("fk_portfolio_refusals_run_id_portfolio_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_refusals")),
    )
    op.create_index("ix_portfolio_refusals_run", "portfolio_refusals", ["run_id", "id"])


def downgrade():
    op.drop_table("portfolio_refusals")
    op.drop_table("portfolio_parts")
    op.drop_table(RUNS)
