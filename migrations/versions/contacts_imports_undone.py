"""imports can be taken back, and their files lie in the storage

Revision ID: contacts_imports_undone
Revises: channel_hours

The version before runs on: all is nullable or has a default, and it never meets the new states, as
only the new one offers to undo. Files that it keeps in its rows are read from there.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = 'contacts_imports_undone'
down_revision = 'channel_hours'
branch_labels = None
depends_on = None

IMPORT_STATES = ('mapping', 'queued', 'running', 'cancelling', 'done', 'cancelled', 'failed')
ROW_STATES = ('waiting', 'created', 'updated', 'skipped', 'refused')
UNDER_WAY = ('queued', 'running', 'cancelling')


def _states(table, states, under_way):
    op.drop_constraint(op.f(f'ck_{table}_state_known'), table)
    op.create_check_constraint(op.f(f'ck_{table}_state_known'), table, _one_of(states))
    if under_way:
        op.drop_index('ix_contact_imports_under_way', table)
        op.create_index(
            'ix_contact_imports_under_way', table, ['worked_at'],
            postgresql_where=sa.text(_one_of(under_way)))


def _one_of(states):
    return 'state IN (%s)' % ', '.join(f"'{state}'" for state in states)


def upgrade():
    for table in ('contact_imports', 'contact_exports'):
        op.add_column(table, sa.Column('content_key', sa.Text(), nullable=True))
        op.add_column(
            table, sa.Column('content_size', sa.Integer(), server_default='0', nullable=False))
    for name in ('undone', 'kept'):
        op.add_column(
            'contact_imports', sa.Column(name, sa.Integer(), server_default='0', nullable=False))
    op.add_column('contact_imports', sa.Column('undone_by_id', sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f('fk_contact_imports_undone_by_id_users'), 'contact_imports', 'users',
        ['undone_by_id'], ['id'])
    op.add_column('contact_import_rows', sa.Column('changes', postgresql.JSONB(), nullable=True))
    _states('contact_imports', (*IMPORT_STATES, 'undoing', 'undone'), (*UNDER_WAY, 'undoing'))
    _states('contact_import_rows', (*ROW_STATES, 'undone', 'kept'), ())


def downgrade():
    op.execute("UPDATE contact_imports SET state = 'done' WHERE state IN ('undoing', 'undone')")
    op.execute("UPDATE contact_import_rows SET state = 'skipped' WHERE state IN ('undone', 'kept')")
    _states('contact_imports', IMPORT_STATES, UNDER_WAY)
    _states('contact_import_rows', ROW_STATES, ())
    op.drop_column('contact_import_rows', 'changes')
    for name in ('undone_by_id', 'undone', 'kept', 'content_key', 'content_size'):
        op.drop_column('contact_imports', name)
    for name in ('content_key', 'content_size'):
        op.drop_column('contact_exports', name)
