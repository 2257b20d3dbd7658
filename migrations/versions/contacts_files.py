"""Files removed from contacts, which can be put back for a day."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "contacts_files"
down_revision = "channel_watch"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "contact_removed_files",
        sa.Column("attachment_id", sa.BigInteger(), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_contact_removed_files_attachment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["removed_by_id"], ["users.id"], name=op.f("fk_contact_removed_files_removed_by_id")),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_contact_removed_files")),
    )
    op.create_index(op.f("ix_contact_removed_files_removed_at"), "contact_removed_files", ["removed_at"])


def downgrade():
    op.drop_table("contact_removed_files")
