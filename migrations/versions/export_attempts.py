"""How often a worker began each spreadsheet of contacts: what always kills it ends as failed.

The version before runs on: it does not know the column.
"""

from alembic import op
import sqlalchemy as sa

revision = "export_attempts"
down_revision = "portfolio_runs"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "contact_exports", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade():
    op.drop_column("contact_exports", "attempts")
