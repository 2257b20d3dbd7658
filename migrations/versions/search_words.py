"""Full text of messages, in the order of time, and CPFs by their parts.

Writing `words` for the messages that are there takes about a minute for each million, with the table
locked; messages that come later are indexed as they are written.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "search_words"
down_revision = "quick_replies"
branch_labels = None
depends_on = None

WORDS = (
    "CASE WHEN direction <> 'event' THEN to_tsvector('portuguese'::regconfig, body)"
    " || to_tsvector('portuguese'::regconfig, fold(body)) END"
)


def upgrade():
    op.add_column("messages", sa.Column("words", TSVECTOR, sa.Computed(WORDS, persisted=True)))
    op.create_index("ix_messages_words", "messages", ["words"], postgresql_using="gin", postgresql_with={"fastupdate": False})
    op.create_index("ix_messages_said", "messages", [sa.text("sorted_at DESC"), sa.text("id DESC")], postgresql_where=sa.text("direction <> 'event'"))
    op.create_index("ix_messages_said_by", "messages", ["author_id", sa.text("sorted_at DESC"), sa.text("id DESC")], postgresql_where=sa.text("direction <> 'event' AND author_id IS NOT NULL"))
    op.create_index("ix_contacts_cpf_beginning", "contacts", [sa.text("cpf text_pattern_ops")], postgresql_where=sa.text("cpf IS NOT NULL"))
    op.create_index("ix_contacts_cpf_shown", "contacts", [sa.text("substr(cpf, 4) text_pattern_ops")], postgresql_where=sa.text("cpf IS NOT NULL"))


def downgrade():
    op.drop_index("ix_contacts_cpf_shown", "contacts")
    op.drop_index("ix_contacts_cpf_beginning", "contacts")
    op.drop_index("ix_messages_said_by", "messages")
    op.drop_index("ix_messages_said", "messages")
    op.drop_index("ix_messages_words", "messages")
    op.drop_column("messages", "words")
