"""What search adds to the tables of the features below it; the database keeps it up to date.

The column is not mapped: nothing loads it with a message.
"""

from sqlalchemy import Column, Computed, Index, Table, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.contacts.models import Contact
from app.conversations.models import Message

# Stems of what was written, and of the same without accents: `unaccent` before the stemmer would
# break it. Events of the timeline have none.
WORDS = (
    "CASE WHEN direction <> 'event' THEN to_tsvector('portuguese'::regconfig, body)"
    " || to_tsvector('portuguese'::regconfig, fold(body)) END"
)


def _table(model: type) -> Table:
    return model.__table__  # type: ignore[attr-defined,no-any-return]


messages, contacts = _table(Message), _table(Contact)
words: Column[str] = Column("words", TSVECTOR, Computed(WORDS, persisted=True))
messages.append_column(words)
# Without the list of what waits to be indexed: emptying it would hold up one message in many.
Index("ix_messages_words", words, postgresql_using="gin", postgresql_with={"fastupdate": False})
Index(
    "ix_messages_said",
    messages.c.sorted_at.desc(),
    messages.c.id.desc(),
    postgresql_where=text("direction <> 'event'"),
)
Index(
    "ix_messages_said_by",
    messages.c.author_id,
    messages.c.sorted_at.desc(),
    messages.c.id.desc(),
    postgresql_where=text("direction <> 'event' AND author_id IS NOT NULL"),
)
# The beginning of a CPF, and the digits that its mask shows.
_KNOWN = text("cpf IS NOT NULL")
Index(
    "ix_contacts_cpf_beginning",
    text("cpf text_pattern_ops"),
    _table=contacts,
    postgresql_where=_KNOWN,
)
Index(
    "ix_contacts_cpf_shown",
    text("substr(cpf, 4) text_pattern_ops"),
    _table=contacts,
    postgresql_where=_KNOWN,
)
