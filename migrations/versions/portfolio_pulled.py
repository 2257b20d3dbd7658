"""portfolios that come from the ERP, and what enters no proposal

Revision ID: portfolio_pulled
Revises: notice_links
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "portfolio_pulled"
down_revision = "notice_links"
branch_labels = None
depends_on = None

TABLE = "portfolio_runs"


def upgrade():
    op.add_column(TABLE, sa.Column("aside", sa.Integer, server_default="0", nullable=False))
    op.add_column(TABLE, sa.Column("pulled", JSONB, server_default="{}", nullable=False))


def downgrade():
    op.drop_column(TABLE, "pulled")
    op.drop_column(TABLE, "aside")
