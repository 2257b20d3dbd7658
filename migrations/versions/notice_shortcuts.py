"""acts on a single key can be turned off

Revision ID: notice_shortcuts
Revises: notices
"""

import sqlalchemy as sa
from alembic import op

revision = "notice_shortcuts"
down_revision = "notices"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "notice_wishes", sa.Column("shortcuts", sa.Boolean, server_default="true", nullable=False)
    )


def downgrade():
    op.drop_column("notice_wishes", "shortcuts")
