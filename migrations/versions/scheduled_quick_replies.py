"""the ready texts in a scheduled message

Revision ID: scheduled_quick_replies
Revises: contacts_transfers
"""

import sqlalchemy as sa
from alembic import op

revision = "scheduled_quick_replies"
down_revision = "contacts_transfers"
branch_labels = None
depends_on = None


def upgrade():
    column = sa.Column("quick_replies", sa.ARRAY(sa.Integer), server_default="{}", nullable=False)
    op.add_column("scheduled_messages", column)


def downgrade():
    op.drop_column("scheduled_messages", "quick_replies")
