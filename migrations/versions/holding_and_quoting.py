"""what is held to be taken back, and the message a draft answers

Revision ID: holding_and_quoting
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "holding_and_quoting"
down_revision = "attachments"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade():
    op.add_column("messages", sa.Column("held_until", MOMENT))
    op.add_column("outbox", sa.Column("waiting_before", MOMENT))
    op.add_column("drafts", sa.Column("quoted_id", sa.BigInteger))
    op.create_foreign_key("fk_drafts_quoted_id", "drafts", "messages", ["quoted_id"], ["id"])
    op.add_column("users", sa.Column("undo_send_seconds", sa.Integer))


def downgrade():
    op.drop_column("users", "undo_send_seconds")
    op.drop_column("drafts", "quoted_id")
    op.drop_column("outbox", "waiting_before")
    op.drop_column("messages", "held_until")
