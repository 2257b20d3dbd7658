"""What nobody owns, by priority: read in order instead of sorted, as its other orders are."""

from alembic import op
import sqlalchemy as sa

revision = "unowned_priority"
down_revision = "notice_shortcuts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_conversations_unowned_priority",
        "conversations",
        ["owner_kind", sa.text("priority DESC"), sa.text("last_message_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("status = 'open' AND owner_id IS NULL"),
    )


def downgrade():
    op.drop_index("ix_conversations_unowned_priority", "conversations")
