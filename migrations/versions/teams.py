"""teams, and the company's settings

Revision ID: teams
Revises: list_marks

The version before runs on: what is new may be empty, and counters without a team keep their names.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'teams'
down_revision = 'list_marks'
branch_labels = None
depends_on = None

WAITS = "coalesce(waiting_since, '9999-01-01 00:00:00+00'::timestamptz)"


def upgrade():
    moment = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        'company_settings',
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('value', postgresql.JSONB(), nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.Column('changed_at', moment, nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['changed_by_id'], ['users.id'], name='fk_company_settings_changed_by_id'),
        sa.PrimaryKeyConstraint('key', name='pk_company_settings'),
    )
    op.create_table(
        'teams',
        sa.Column('id', sa.Integer(), sa.Identity(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('colour', sa.Text(), server_default='teal', nullable=False),
        sa.Column('active', sa.Boolean(), server_default='true', nullable=False),
        sa.Column('is_default', sa.Boolean(), server_default='false', nullable=False),
        sa.Column('created_at', moment, server_default=sa.text('now()'), nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.CheckConstraint('active OR NOT is_default', name='ck_teams_default_in_use'),
        sa.PrimaryKeyConstraint('id', name='pk_teams'),
    )
    op.create_index('uq_teams_name', 'teams', [sa.text('fold(name)')], unique=True)
    op.create_index('uq_teams_default', 'teams', ['is_default'], unique=True, postgresql_where=sa.text('is_default'))
    op.add_column('users', sa.Column('team_ids', postgresql.ARRAY(sa.Integer()), server_default='{}', nullable=False))
    for table in ('channels', 'conversations'):
        op.add_column(table, sa.Column('team_id', sa.Integer(), nullable=True))
        op.create_foreign_key(f'fk_{table}_team_id', table, 'teams', ['team_id'], ['id'])
    newest = ['team_id', 'status', sa.text('last_message_at DESC'), sa.text('id DESC')]
    op.create_index('ix_conversations_team_newest', 'conversations', newest, postgresql_where=sa.text('team_id IS NOT NULL'))
    op.create_index('ix_conversations_team_waiting', 'conversations', ['team_id', sa.text(WAITS), sa.text('id DESC')], postgresql_where=sa.text("team_id IS NOT NULL AND status = 'open'"))


def downgrade():
    op.drop_index('ix_conversations_team_waiting', 'conversations')
    op.drop_index('ix_conversations_team_newest', 'conversations')
    for table in ('conversations', 'channels'):
        op.drop_constraint(f'fk_{table}_team_id', table)
        op.drop_column(table, 'team_id')
    op.drop_column('users', 'team_ids')
    op.drop_table('teams')
    op.drop_table('company_settings')
