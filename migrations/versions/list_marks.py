"""Priority, labels and snoozes of conversations, and the indexes that the list's filters lean on."""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'list_marks'
down_revision = 'holding_and_quoting'
branch_labels = None
depends_on = None

NEWEST = (sa.text('last_message_at DESC'), sa.text('id DESC'))
WORDS = sa.text("to_tsvector('simple'::regconfig, fold(last_message_preview))")


def upgrade():
    op.add_column('conversations', sa.Column('priority', sa.SmallInteger(), server_default='0', nullable=False))
    op.add_column('conversations', sa.Column('label_ids', postgresql.ARRAY(sa.Integer()), server_default='{}', nullable=False))
    op.add_column('conversations', sa.Column('snoozed_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column('conversations', sa.Column('snoozed_until', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.create_check_constraint(op.f('ck_conversations_priority_known'), 'conversations', 'priority BETWEEN 0 AND 4')
    op.create_check_constraint(op.f('ck_conversations_snooze_is_open'), 'conversations', "snoozed_at IS NULL OR (status = 'open' AND owner_kind <> 'bot')")
    op.create_index('ix_conversations_priority', 'conversations', ['status', sa.text('priority DESC'), *NEWEST])
    op.create_index('ix_conversations_channel', 'conversations', ['channel_id', 'status', *NEWEST])
    op.create_index('ix_conversations_owner_closed', 'conversations', ['owner_id', *NEWEST], postgresql_where=sa.text("status = 'closed'"))
    op.create_index('ix_conversations_unread', 'conversations', [*NEWEST], postgresql_where=sa.text("status = 'open' AND unread_count > 0"))
    op.create_index('ix_conversations_snoozed', 'conversations', [*NEWEST], postgresql_where=sa.text('snoozed_at IS NOT NULL'))
    op.create_index('ix_conversations_due', 'conversations', ['snoozed_until'], postgresql_where=sa.text('snoozed_until IS NOT NULL'))
    op.create_index('ix_conversations_labels', 'conversations', ['label_ids'], postgresql_using='gin', postgresql_where=sa.text("label_ids <> '{}'"))
    op.create_index('ix_conversations_words', 'conversations', [WORDS], postgresql_using='gin')


def downgrade():
    for name in ('words', 'labels', 'due', 'snoozed', 'unread', 'owner_closed', 'channel', 'priority'):
        op.drop_index(f'ix_conversations_{name}', table_name='conversations')
    op.drop_constraint(op.f('ck_conversations_snooze_is_open'), 'conversations')
    op.drop_constraint(op.f('ck_conversations_priority_known'), 'conversations')
    for column in ('snoozed_until', 'snoozed_at', 'label_ids', 'priority'):
        op.drop_column('conversations', column)
