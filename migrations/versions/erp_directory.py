"""A copy of the ERP's customers and contracts, to find them by, and how things stand with the ERP.

The version before runs on: it does not know the tables.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "erp_directory"
down_revision = "agreements"
branch_labels = None
depends_on = None

WORDS = "(to_tsvector('simple'::regconfig, fold(translate(number || ' ' || unit || ' ' || project, '-/.', '   '))))"


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        "erp_customers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("phones", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erp_customers"),
    )
    op.create_index("ix_erp_customers_document", "erp_customers", ["document"])
    op.create_index("ix_erp_customers_words", "erp_customers", [sa.text("to_tsvector('simple'::regconfig, fold(name))")], postgresql_using="gin")
    op.create_index("ix_erp_customers_phones", "erp_customers", ["phones"], postgresql_using="gin")
    op.create_table(
        "erp_contracts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bill_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("customer_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erp_contracts"),
    )
    op.create_index("ix_erp_contracts_bill_id", "erp_contracts", ["bill_id"])
    op.create_index("ix_erp_contracts_words", "erp_contracts", [sa.text(WORDS)], postgresql_using="gin")
    op.create_index("ix_erp_contracts_customer_ids", "erp_contracts", ["customer_ids"], postgresql_using="gin")
    op.create_table(
        "erp_link",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("broken_at", moment, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("synced_at", moment, nullable=True),
        sa.Column("sync_lease_until", moment, nullable=True),
        sa.Column("sync_error", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_erp_link_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_erp_link"),
    )


def downgrade():
    op.drop_table("erp_link")
    op.drop_table("erp_contracts")
    op.drop_table("erp_customers")
