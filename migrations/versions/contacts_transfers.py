"""Imports of contacts with their rows, and exports."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "contacts_transfers"
down_revision = "scheduled_messages"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade():
    op.create_table(
        "contact_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("header", postgresql.JSONB(), nullable=False),
        sa.Column("sample", postgresql.JSONB(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("known", sa.Text(), server_default="fill", nullable=False),
        sa.Column("state", sa.Text(), server_default="mapping", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worked_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('mapping', 'queued', 'running', 'cancelling', 'done', 'cancelled', 'failed')", name=op.f("ck_contact_imports_state_known")),
        sa.CheckConstraint("known IN ('fill', 'overwrite', 'skip')", name=op.f("ck_contact_imports_known_known")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_contact_imports_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_imports")),
    )
    op.create_index("ix_contact_imports_under_way", "contact_imports", ["worked_at"], postgresql_where=sa.text("state IN ('queued', 'running', 'cancelling')"))
    op.create_table(
        "contact_import_rows",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'created', 'updated', 'skipped', 'refused')", name=op.f("ck_contact_import_rows_state_known")),
        sa.ForeignKeyConstraint(["import_id"], ["contact_imports.id"], name=op.f("fk_contact_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_contact_import_rows")),
    )
    op.create_index("ix_contact_import_rows_waiting", "contact_import_rows", ["import_id", "line"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_contact_import_rows_refused", "contact_import_rows", ["import_id", "line"], postgresql_where=sa.text("state = 'refused'"))
    op.create_table(
        "contact_exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("whole_cpf", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("worked_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'expired')", name=op.f("ck_contact_exports_state_known")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_contact_exports_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_exports")),
    )
    op.create_index("ix_contact_exports_made_by", "contact_exports", ["made_by_id", "id"])


def downgrade():
    op.drop_table("contact_exports")
    op.drop_table("contact_import_rows")
    op.drop_table("contact_imports")
