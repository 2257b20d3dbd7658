"""Acts on several conversations at once, and what became of each."""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'batches'
down_revision = 'contacts_files'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('batches',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('arguments', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.Text(), server_default='working', nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('lease_until', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('working', 'done', 'undoing', 'undone')", name=op.f('ck_batches_state_known')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_batches_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batches')),
    )
    op.create_index('ix_batches_pending', 'batches', ['id'], postgresql_where=sa.text("state IN ('working', 'undoing')"))
    op.create_table('batch_items',
    sa.Column('batch_id', sa.BigInteger(), nullable=False),
    sa.Column('conversation_id', sa.BigInteger(), nullable=False),
    sa.Column('seen_version', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('done', postgresql.JSONB(), nullable=True),
    sa.CheckConstraint("outcome IN ('waiting', 'done', 'same', 'refused', 'to_undo', 'undone', 'kept')", name=op.f('ck_batch_items_outcome_known')),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_batch_items_batch_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_batch_items_conversation_id')),
    sa.PrimaryKeyConstraint('batch_id', 'conversation_id', name=op.f('pk_batch_items')),
    )


def downgrade():
    op.drop_table('batch_items')
    op.drop_table('batches')
