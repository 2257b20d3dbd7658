"""One person's by priority and by what is due, and nobody's by what is due: read in order."""

from alembic import op
import sqlalchemy as sa

revision = "owned_orders"
down_revision = "deadlines"
branch_labels = None
depends_on = None

DUE = (sa.text("coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)"), sa.text("id DESC"))
NEWEST = (sa.text("last_message_at DESC"), sa.text("id DESC"))
OWNED = sa.text("status = 'open' AND owner_kind = 'user'")
UNOWNED = sa.text("status = 'open' AND owner_id IS NULL")


def upgrade():
    table = "conversations"
    op.create_index(
        "ix_conversations_owner_priority",
        table,
        ["owner_id", sa.text("priority DESC"), *NEWEST],
        postgresql_where=OWNED,
    )
    op.create_index(
        "ix_conversations_owner_due", table, ["owner_id", *DUE], postgresql_where=OWNED
    )
    op.create_index(
        "ix_conversations_unowned_due", table, ["owner_kind", *DUE], postgresql_where=UNOWNED
    )


def downgrade():
    for name in ("owner_priority", "owner_due", "unowned_due"):
        op.drop_index(f"ix_conversations_{name}", "conversations")
