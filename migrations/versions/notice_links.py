"""notices about neither a conversation nor a channel say where to look; simulations keep look-ups

Revision ID: notice_links
Revises: erp_directory
"""

import sqlalchemy as sa
from alembic import op

revision = "notice_links"
down_revision = "erp_directory"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("notices", sa.Column("link", sa.Text, server_default="", nullable=False))
    # Laid aside for everybody at once, whoever was told.
    op.create_index(
        "ix_notices_cause", "notices", ["cause"], postgresql_where=sa.text("read_at IS NULL")
    )
    for table in ("simulations", "offers"):
        op.create_foreign_key(
            f"fk_{table}_snapshot_id", table, "debt_snapshots", ["snapshot_id"], ["id"]
        )


def downgrade():
    for table in ("simulations", "offers"):
        op.drop_constraint(f"fk_{table}_snapshot_id", table)
    op.drop_index("ix_notices_cause", "notices")
    op.drop_column("notices", "link")
