"""Connections that died while nobody used them."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app import pool
from app.extensions import db


def test_a_connection_that_died_at_rest_is_replaced(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTED_SECONDS", 0.0)
    ask = text("SELECT pg_backend_pid()")
    with app.app_context():
        db.engine.dispose()  # so that the pool has only the one that is about to die
        first = db.session.scalar(ask)
        db.session.remove()
        with psycopg.connect(database_url) as apart:
            apart.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))

        assert db.session.scalar(ask) != first
