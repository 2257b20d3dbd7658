"""Labels: short coloured names, one spelling each."""
from alembic import op
import sqlalchemy as sa

revision = 'labels'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('labels',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('colour', sa.Text(), server_default='grey', nullable=False),
    sa.Column('archived', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("colour IN ('grey', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'indigo', 'purple', 'pink')", name=op.f('ck_labels_colour_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_labels')),
    )
    op.create_index('uq_labels_name', 'labels', [sa.text('fold(name)')], unique=True)


def downgrade():
    op.drop_table('labels')
