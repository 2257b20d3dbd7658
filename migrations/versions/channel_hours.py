"""in which parts of each hour a channel brought something: what silence is usual

Revision ID: channel_hours
Revises: surveys

The version before runs on: it does not know the table, and what it misses is eight weeks' memory.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'channel_hours'
down_revision = 'surveys'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('channel_hours',
    sa.Column('channel_id', sa.Integer(), nullable=False),
    sa.Column('hour', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('slots', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['channel_id'], ['channels.id'], name=op.f('fk_channel_hours_channel_id_channels')),
    sa.PrimaryKeyConstraint('channel_id', 'hour', name=op.f('pk_channel_hours'))
    )
    # What the last weeks brought is known already.
    op.execute("""
        INSERT INTO channel_hours (channel_id, hour, slots)
        SELECT channel_id, date_trunc('hour', created_at, 'UTC'),
               bit_or(1 << (extract(minute FROM created_at)::int / 5))
        FROM messages
        WHERE direction = 'in' AND channel_id IS NOT NULL
          AND created_at > now() - interval '8 weeks'
        GROUP BY 1, 2
    """)


def downgrade():
    op.drop_table('channel_hours')
