"""Conversations that a consultant without a log-in attends, outside the desk.

The version before runs on: it does not know the column, and writes no owner of the new kind.
"""

from alembic import op
import sqlalchemy as sa

revision = "outside_owner"
down_revision = "debt_simulations"
branch_labels = None
depends_on = None

ONE_OWNER = "(owner_kind = 'user') = (owner_id IS NOT NULL) AND owner_kind IN ({kinds})"
HAS_CONSULTANT = " AND (owner_kind <> 'outside' OR consultant_id IS NOT NULL)"


def upgrade():
    op.add_column("conversations", sa.Column("consultant_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_conversations_consultant_id", "conversations", "consultants", ["consultant_id"], ["id"]
    )
    _one_owner(ONE_OWNER.format(kinds="'bot', 'user', 'nobody', 'outside'") + HAS_CONSULTANT)


def downgrade():
    op.execute("UPDATE conversations SET owner_kind = 'nobody' WHERE owner_kind = 'outside'")
    _one_owner(ONE_OWNER.format(kinds="'bot', 'user', 'nobody'"))
    op.drop_constraint("fk_conversations_consultant_id", "conversations")
    op.drop_column("conversations", "consultant_id")


def _one_owner(check):
    # Looked at without a long lock: what is there fulfils both.
    op.execute("ALTER TABLE conversations DROP CONSTRAINT IF EXISTS ck_conversations_one_owner")
    op.execute(
        f"ALTER TABLE conversations ADD CONSTRAINT ck_conversations_one_owner CHECK ({check}) NOT VALID"
    )
    op.execute("ALTER TABLE conversations VALIDATE CONSTRAINT ck_conversations_one_owner")
