"""Protocols: their numbers, and the timeline of each.

The version before runs on: it knows none of these tables.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "protocols"
down_revision = "unowned_priority"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
NEWEST = [sa.text("created_at DESC"), sa.text("id DESC")]

# What happened stays as it was written, whoever asks.
APPEND_ONLY = """
CREATE FUNCTION protocol_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline of a protocol is only added to';
END
$$;
CREATE TRIGGER protocol_events_stay BEFORE UPDATE OR DELETE ON protocol_events
    FOR EACH ROW EXECUTE FUNCTION protocol_events_stay();
"""


def upgrade():
    op.create_table(
        "protocol_counter",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name="ck_protocol_counter_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_protocol_counter"),
    )
    op.create_table(
        "protocols",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("status IN ('open', 'in_progress', 'waiting', 'closed')", name="ck_protocols_status_known"),
        sa.CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name="ck_protocols_priority_known"),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="ck_protocols_closed_has_time"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_protocols_conversation_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_protocols_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protocols"),
        sa.UniqueConstraint("number", name="uq_protocols_number"),
    )
    op.create_index("ix_protocols_newest", "protocols", NEWEST)
    op.create_index("ix_protocols_status", "protocols", ["status", *NEWEST])
    op.create_index("ix_protocols_consultant", "protocols", ["consultant_id", *NEWEST])
    op.create_index("ix_protocols_language", "protocols", [sa.text("lower(language)"), *NEWEST])
    op.create_index("ix_protocols_conversation", "protocols", ["conversation_id", sa.text("id DESC")])
    op.create_index("ix_protocols_contact", "protocols", ["contact_id", sa.text("id DESC")])
    op.create_table(
        "protocol_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("protocol_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.Text(), server_default="", nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["protocol_id"], ["protocols.id"], name="fk_protocol_events_protocol_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_protocol_events_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_protocol_events"),
    )
    op.create_index("ix_protocol_events_protocol", "protocol_events", ["protocol_id", "id"])
    op.execute(APPEND_ONLY)


def downgrade():
    op.drop_table("protocol_events")
    op.execute("DROP FUNCTION protocol_events_stay()")
    op.drop_table("protocols")
    op.drop_table("protocol_counter")
