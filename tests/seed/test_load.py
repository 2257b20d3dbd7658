"""The load for measurements: the same every time, consistent, and never beside real people."""

import hashlib
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.conversations import counters
from app.extensions import current_settings, db
from app.seed.load import Refused, load
from tests.telling import received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")
TABS = text("SELECT tab, total FROM inbox_counters WHERE total > 0 ORDER BY tab")
UNTIL = date(2026, 11, 20)

UNTRUE = """
SELECT c.id FROM conversations c
JOIN LATERAL (
    SELECT * FROM messages m
    WHERE m.conversation_id = c.id AND m.direction IN ('in', 'out')
    ORDER BY sorted_at DESC, id DESC LIMIT 1
) last ON true
WHERE c.last_message_id <> last.id OR c.last_message_at <> last.created_at
   OR c.last_message_preview <> last.body OR c.last_message_status IS DISTINCT FROM last.status
   OR c.version <> (SELECT max(version) FROM messages m WHERE m.conversation_id = c.id)
   OR (c.status = 'closed') <> (c.closed_at IS NOT NULL)
   OR c.waiting_since < (SELECT min(sorted_at) FROM messages m WHERE m.conversation_id = c.id)"""
EVERYTHING = "SELECT {0}::text FROM {0} ORDER BY id"


def everything() -> str:
    """A print of all that was loaded."""
    print_of = hashlib.sha256()
    for table in ("contacts", "contact_identities", "conversations", "messages"):
        for (row,) in db.session.execute(text(EVERYTHING.format(table))):
            print_of.update(row.encode())
    return print_of.hexdigest()


def forget() -> None:
    db.session.execute(text("TRUNCATE contacts, conversations RESTART IDENTITY CASCADE"))
    db.session.execute(text("UPDATE inbox_counters SET total = 0"))
    db.session.commit()


def test_the_same_seed_and_date_give_the_same_rows() -> None:
    prints = []
    for seed in (1, 1, 2):
        load(messages=600, seed=seed, until=UNTIL)
        prints.append(everything())
        forget()
    assert prints[0] == prints[1] != prints[2]


def test_what_is_loaded_is_consistent_and_has_its_indexes_again() -> None:
    def indexes() -> list[str]:
        query = text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return list(db.session.scalars(query))

    before = indexes()
    said = load(messages=2500, until=UNTIL)
    assert said.startswith("250 conversas e 2500 mensagens")
    assert db.session.scalar(text("SELECT count(*) FROM messages")) == 2500
    assert db.session.scalars(text(UNTRUE)).all() == []
    assert indexes() == before
    kept = db.session.execute(TABS).all()
    counters.settle()
    assert kept == db.session.execute(TABS).all()
    assert sum(total for _, total in kept) > 20


def test_the_product_goes_on_behind_the_load(app: Flask, client: FlaskClient) -> None:
    load(messages=400, until=UNTIL)
    tell(client, received("depois da carga", phone="5500900000001"))
    newest = db.session.execute(text("SELECT id, body FROM messages ORDER BY id DESC")).first()
    assert newest is not None
    assert tuple(newest) == (401, "depois da carga")


def test_it_comes_once_and_never_beside_real_people(client: FlaskClient) -> None:
    load(messages=40, until=UNTIL)
    with pytest.raises(Refused, match="já está"):
        load(messages=40, until=UNTIL)
    forget()
    tell(client, received("sou de verdade", phone="5541987654321"))
    with pytest.raises(Refused, match="de verdade"):
        load(messages=40, until=UNTIL)


def test_it_does_not_enter_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_settings(), "guiche_env", "production")
    with pytest.raises(Refused, match="produção"):
        load(messages=40, until=UNTIL)
