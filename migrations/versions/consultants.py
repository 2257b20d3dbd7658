"""consultants, the queue of the turn, and what was decided

Revision ID: consultants
Revises: business_hours
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "consultants"
down_revision = "business_hours"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("now()")

# One call picks whose turn it is. Every statement of a volatile function sees what was committed
# before it began: the row is locked first and the choice read after, so of many at once each sees
# the turn of the one before. In one statement (a CTE) they would all read the order of before.
TAKE_TURN = """
CREATE FUNCTION take_turn(wanted text, off_hours int[], refused int[], shift interval)
RETURNS TABLE (taken consultants, considered jsonb, turn_before bigint, attended_before timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  place bigint;
  paused boolean;
BEGIN
  INSERT INTO consultant_queue AS queue (id, turns) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET turns = queue.turns + 1
    RETURNING queue.turns, queue.paused_at IS NOT NULL INTO place, paused;
  IF paused THEN
    considered := '{"queue_paused": []}';
    RETURN NEXT;
    RETURN;
  END IF;

  SELECT coalesce(jsonb_object_agg(each.why, each.ids), '{}') INTO considered
  FROM (
    SELECT judged.why, jsonb_agg(judged.id ORDER BY judged.turn, judged.id) AS ids
    FROM (
      SELECT c.id, c.turn, CASE
        WHEN lower(wanted) <> ALL (lower(c.languages::text)::text[]) THEN 'language'
        WHEN NOT c.in_sequence THEN 'out_of_sequence'
        WHEN NOT c.online AND c.switch = 'paused' THEN 'paused'
        WHEN NOT c.online THEN 'offline'
        WHEN c.id = ANY (off_hours) THEN 'hours'
        WHEN c.capacity IS NOT NULL AND c.capacity <= (
          SELECT count(*) FROM hand_outs h
          WHERE h.consultant_id = c.id AND h.conversation_id IS NOT NULL AND h.released_at IS NULL
        ) THEN 'capacity'
        WHEN c.id = ANY (refused) THEN 'silent'
        ELSE 'eligible' END AS why
      FROM consultants c WHERE c.active
    ) judged GROUP BY judged.why
  ) each;

  IF considered -> 'eligible' IS NOT NULL THEN
    SELECT c.turn, c.attended_at INTO turn_before, attended_before
      FROM consultants c WHERE c.id = (considered -> 'eligible' ->> 0)::int;
    UPDATE consultants c
      SET turn = place, attended_at = clock_timestamp() + shift, version = c.version + 1
      WHERE c.id = (considered -> 'eligible' ->> 0)::int
      RETURNING c.* INTO taken;
  END IF;
  RETURN NEXT;
END $$
"""


def upgrade():
    op.create_table(
        "consultants",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("languages", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("active", sa.Boolean, server_default="true", nullable=False),
        sa.Column("in_sequence", sa.Boolean, server_default="true", nullable=False),
        sa.Column("online", sa.Boolean, server_default="false", nullable=False),
        sa.Column("switch", sa.Text, server_default="offline", nullable=False),
        sa.Column("pause_reason", sa.Text, server_default="", nullable=False),
        sa.Column("switched_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("here", sa.Boolean, server_default="false", nullable=False),
        sa.Column("pipedrive_id", sa.BigInteger),
        sa.Column("capacity", sa.Integer),
        sa.Column("hours", postgresql.JSONB),
        sa.Column("user_id", sa.Integer),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("attended_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.Column("version", sa.BigInteger, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consultants"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_consultants_user_id"),
        sa.CheckConstraint("cardinality(languages) > 0", name="ck_consultants_speaks"),
        sa.CheckConstraint(
            "switch IN ('online', 'paused', 'offline')", name="ck_consultants_switch_known"
        ),
        sa.CheckConstraint(
            "NOT online OR switch = 'online'", name="ck_consultants_online_by_switch"
        ),
        sa.CheckConstraint("left_at IS NULL OR NOT active", name="ck_consultants_left_is_inactive"),
        sa.CheckConstraint("capacity > 0", name="ck_consultants_capacity_positive"),
    )
    op.create_index(
        "uq_consultants_user_id", "consultants", ["user_id"], unique=True,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "consultant_queue",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("turns", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("paused_at", MOMENT),
        sa.Column("paused_by_id", sa.Integer),
        sa.Column("pause_reason", sa.Text, server_default="", nullable=False),
        sa.Column("version", sa.BigInteger, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consultant_queue"),
        sa.ForeignKeyConstraint(
            ["paused_by_id"], ["users.id"], name="fk_consultant_queue_paused_by_id"
        ),
        sa.CheckConstraint("id = 1", name="ck_consultant_queue_one_row"),
    )
    # Both are written at every turn: room on the page keeps those writes short and the rows near.
    op.execute("ALTER TABLE consultants SET (fillfactor = 50)")
    op.execute("ALTER TABLE consultant_queue SET (fillfactor = 10)")
    op.create_table(
        "hand_outs",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("consultant_id", sa.Integer, nullable=False),
        sa.Column("protocol_id", sa.BigInteger, nullable=False),
        sa.Column("conversation_id", sa.BigInteger),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("considered", postgresql.JSONB, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer),
        sa.Column("by_name", sa.Text, server_default="", nullable=False),
        sa.Column("turn_before", sa.BigInteger, nullable=False),
        sa.Column("attended_before", MOMENT),
        sa.Column("released_at", MOMENT),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by_id", sa.Integer),
        sa.Column("undo_reason", sa.Text, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_outs"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_hand_outs_{column}")
            for column, target in (
                ("consultant_id", "consultants.id"),
                ("protocol_id", "protocols.id"),
                ("conversation_id", "conversations.id"),
                ("by_id", "users.id"),
                ("undone_by_id", "users.id"),
            )
        ),
    )
    op.create_index(
        "ix_hand_outs_open", "hand_outs", ["consultant_id"],
        postgresql_where=sa.text("conversation_id IS NOT NULL AND released_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_hand_outs_conversation", "hand_outs", ["conversation_id", sa.text("id DESC")]
    )
    op.create_index("ix_hand_outs_protocol", "hand_outs", ["protocol_id"])
    op.create_index("ix_hand_outs_made", "hand_outs", [sa.text("made_at DESC"), "consultant_id"])
    op.create_foreign_key(
        "fk_protocols_consultant_id", "protocols", "consultants", ["consultant_id"], ["id"]
    )
    _status_checks(
        "status IN ('open', 'in_progress', 'waiting', 'closed', 'cancelled')",
        "(status IN ('closed', 'cancelled')) = (closed_at IS NOT NULL)",
    )
    op.create_table(
        "waiting_line",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, server_default="waiting", nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("hand_out_id", sa.BigInteger),
        sa.Column("by_id", sa.Integer),
        sa.Column("considered", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("refused", postgresql.ARRAY(sa.Integer), server_default="{}", nullable=False),
        sa.Column("told_position", sa.Integer),
        sa.Column("told_at", MOMENT),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_line"),
        sa.CheckConstraint(
            "state IN ('waiting', 'handed', 'left')", name="ck_waiting_line_state_known"
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_waiting_line_{column}")
            for column, target in (
                ("conversation_id", "conversations.id"),
                ("hand_out_id", "hand_outs.id"),
                ("by_id", "users.id"),
            )
        ),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_waiting_line_conversation", "waiting_line", ["conversation_id"], unique=True,
        postgresql_where=waiting,
    )  # fmt: skip
    op.create_index(
        "ix_waiting_line_order", "waiting_line", ["place", "id"], postgresql_where=waiting
    )
    op.create_index(
        "ix_waiting_line_settled", "waiting_line", [sa.text("settled_at DESC")],
        postgresql_where=sa.text("state = 'handed'"),
    )  # fmt: skip
    op.execute(TAKE_TURN)


def _status_checks(known, closed):
    # Made under a naming convention that repeats the prefix of a name that has it.
    for name, check in (("status_known", known), ("closed_has_time", closed)):
        op.execute(
            f"ALTER TABLE protocols"
            f" DROP CONSTRAINT IF EXISTS ck_protocols_ck_protocols_{name},"
            f" DROP CONSTRAINT IF EXISTS ck_protocols_{name},"
            f" ADD CONSTRAINT ck_protocols_{name} CHECK ({check})"
        )


def downgrade():
    op.execute("DROP FUNCTION take_turn(text, int[], int[], interval)")
    op.drop_table("waiting_line")
    op.drop_constraint("fk_protocols_consultant_id", "protocols")
    _status_checks(
        "status IN ('open', 'in_progress', 'waiting', 'closed')",
        "(status = 'closed') = (closed_at IS NOT NULL)",
    )
    op.drop_table("hand_outs")
    op.drop_table("consultant_queue")
    op.drop_table("consultants")
