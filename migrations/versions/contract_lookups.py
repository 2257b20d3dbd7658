"""what a token of the debt contract looked up

Revision ID: contract_lookups
Revises: export_attempts
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "contract_lookups"
down_revision = "export_attempts"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
TABLE = "contract_lookups"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("erp", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("bill_ids", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("units", JSONB, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_lookups")),
    )
    newest = sa.text("id DESC")
    op.create_index(
        "ix_contract_lookups_document", TABLE, ["caller", "erp", "document", newest]
    )
    op.create_index(
        "ix_contract_lookups_customer", TABLE, ["caller", "erp", "customer_id", newest]
    )
    op.create_index("ix_contract_lookups_expires_at", TABLE, ["expires_at"])


def downgrade():
    op.drop_table(TABLE)
