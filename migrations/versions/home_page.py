"""What the home page counts: the conversations that began and ended today."""

from alembic import op
import sqlalchemy as sa

revision = "home_page"
down_revision = "protocols"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_conversations_created", "conversations", ["created_at"])
    op.create_index(
        "ix_conversations_closed_at",
        "conversations",
        ["closed_at"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_conversations_closed_at", "conversations")
    op.drop_index("ix_conversations_created", "conversations")
