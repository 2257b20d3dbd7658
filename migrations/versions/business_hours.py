"""hours of the company, teams and channels, own dates, and when a person last answered

The version before runs on: everything may be empty.
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "business_hours"
down_revision = "message_acts"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())
SCOPE = [sa.text("coalesce(team_id, 0)"), sa.text("coalesce(channel_id, 0)")]


def upgrade():
    op.create_table(
        "business_hours",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("mode", sa.Text(), server_default="inherit", nullable=False),
        sa.Column("zone", sa.Text(), server_default="America/Sao_Paulo", nullable=False),
        sa.Column("week", JSON, server_default="[]", nullable=False),
        sa.Column("holidays", sa.Text(), server_default="national", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("away", sa.Text(), server_default="inherit", nullable=False),
        sa.Column("line_minutes", sa.Integer(), nullable=True),
        sa.Column("texts", JSON, server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("team_id IS NULL OR channel_id IS NULL", name="ck_business_hours_one_scope"),
        sa.CheckConstraint("mode IN ('inherit', 'always', 'week')", name="ck_business_hours_mode_known"),
        sa.CheckConstraint("away IN ('inherit', 'on', 'off')", name="ck_business_hours_away_known"),
        sa.CheckConstraint("holidays IN ('none', 'national', 'optional')", name="ck_business_hours_holidays_known"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_business_hours_team_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_business_hours_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_business_hours"),
    )
    op.create_index("uq_business_hours_scope", "business_hours", SCOPE, unique=True)
    op.create_table(
        "own_dates",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hours", JSON, server_default="[]", nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("team_id IS NULL OR channel_id IS NULL", name="ck_own_dates_one_scope"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_own_dates_team_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_own_dates_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_own_dates"),
    )
    op.create_index(
        "uq_own_dates_day", "own_dates", ["day", *SCOPE], unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    for name in ("opened_at", "answered_at", "away_told_at", "line_told_at"):
        op.add_column("conversations", sa.Column(name, MOMENT, nullable=True))


def downgrade():
    for name in ("opened_at", "answered_at", "away_told_at", "line_told_at"):
        op.drop_column("conversations", name)
    op.drop_table("own_dates")
    op.drop_table("business_hours")
