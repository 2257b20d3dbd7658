"""deadlines: what was promised, and the clocks of conversations

The version before runs on: everything is empty or has a default.
"""
from alembic import op
import sqlalchemy as sa

revision = "deadlines"
down_revision = "consultants"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
MOMENTS = (
    "response_warn_at", "response_due_at", "resolution_warn_at", "resolution_due_at",
    "resolution_since", "due_at", "due_check_at",
)
STATES = ("response_state", "resolution_state", "due_state")
NEVER = "'9999-01-01 00:00:00+00'::timestamptz"


def upgrade():
    op.create_table(
        "deadline_policies",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("first_minutes", sa.Integer(), nullable=True),
        sa.Column("next_minutes", sa.Integer(), nullable=True),
        sa.Column("resolution_minutes", sa.Integer(), nullable=True),
        sa.Column("in_hours", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("pauses_snoozed", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("pauses_waiting", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("warn_percent", sa.SmallInteger(), server_default="80", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("warn_percent BETWEEN 1 AND 100", name="ck_deadline_policies_warn_percent_known"),
        sa.CheckConstraint("priority BETWEEN 0 AND 4", name="ck_deadline_policies_priority_known"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_deadline_policies_team_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_deadline_policies_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_policies"),
    )
    op.create_table(
        "deadline_rounds",
        sa.Column("id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_rounds"),
    )
    op.create_index(
        "ix_deadline_rounds_open", "deadline_rounds", ["id"], postgresql_where=sa.text("done_at IS NULL")
    )
    op.add_column("conversations", sa.Column("response_kind", sa.Text(), nullable=True))
    for name in MOMENTS:
        op.add_column("conversations", sa.Column(name, MOMENT, nullable=True))
    for name in STATES:
        op.add_column("conversations", sa.Column(name, sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("resolution_spent", sa.Integer(), server_default="0", nullable=False))
    op.create_check_constraint("ck_conversations_due_state_known", "conversations", "due_state BETWEEN 0 AND 2")
    op.create_index(
        "ix_conversations_next_due", "conversations", [sa.text(f"coalesce(due_at, {NEVER})"), sa.text("id DESC")],
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_conversations_late", "conversations",
        ["due_state", sa.text("last_message_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("status = 'open' AND due_state > 0"),
    )
    op.create_index(
        "ix_conversations_due_check", "conversations", ["due_check_at"],
        postgresql_where=sa.text("due_check_at IS NOT NULL"),
    )


def downgrade():
    for name in ("due_check", "late", "next_due"):
        op.drop_index(f"ix_conversations_{name}", "conversations")
    op.drop_constraint("ck_conversations_due_state_known", "conversations")
    for name in ("response_kind", *MOMENTS, *STATES, "resolution_spent"):
        op.drop_column("conversations", name)
    op.drop_table("deadline_rounds")
    op.drop_table("deadline_policies")
