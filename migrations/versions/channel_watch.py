"""what a channel held too long, and since when it is suspiciously silent

Revision ID: channel_watch
Revises: closing

The version before runs on: everything may be empty or has a default.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'channel_watch'
down_revision = 'closing'
branch_labels = None
depends_on = None


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.add_column('channels', sa.Column('held_released_at', moment, nullable=True))
    op.add_column('channels', sa.Column('held_count', sa.Integer(), server_default='0', nullable=False))
    op.add_column('channels', sa.Column('quiet_since', moment, nullable=True))
    op.add_column('channels', sa.Column('quiet_reason', sa.Text(), nullable=True))


def downgrade():
    for name in ('quiet_reason', 'quiet_since', 'held_count', 'held_released_at'):
        op.drop_column('channels', name)
