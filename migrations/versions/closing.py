"""reasons for closing, and the warning of a silent customer

Revision ID: closing
Revises: scheduled_quick_replies

The version before runs on: everything may be empty.
"""
from alembic import op
import sqlalchemy as sa

revision = 'closing'
down_revision = 'scheduled_quick_replies'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'closing_reasons',
        sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('position', sa.Integer(), server_default='0', nullable=False),
        sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_closing_reasons'),
    )
    op.create_index('uq_closing_reasons_name', 'closing_reasons', [sa.text('fold(name)')], unique=True)
    op.add_column('conversations', sa.Column('closing_reason_id', sa.Integer(), nullable=True))
    op.create_foreign_key('fk_conversations_closing_reason_id', 'conversations', 'closing_reasons', ['closing_reason_id'], ['id'])
    op.add_column('conversations', sa.Column('silence_warning_id', sa.BigInteger(), nullable=True))


def downgrade():
    op.drop_column('conversations', 'silence_warning_id')
    op.drop_constraint('fk_conversations_closing_reason_id', 'conversations')
    op.drop_column('conversations', 'closing_reason_id')
    op.drop_table('closing_reasons')
