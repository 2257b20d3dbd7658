"""Database connections that have rested are tried before they are used.

SQLAlchemy's own `pool_pre_ping` asks before every use: one more round trip for each webhook, to
learn what a connection that answered a moment ago has just shown.
"""

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from app import hub_waits

RESTED_SECONDS = 1.0


def init_engine(engine: Engine) -> None:
    """Watch the connections of this engine's pool, and wait for them as this process can."""
    hub_waits.install()

    @event.listens_for(engine, "checkin")
    def _rest(connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: Any, fairy: Any) -> None:
        since = record.info.get("since")  # a new connection has none
        if since is None or time.monotonic() - since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError from error  # the pool takes another, or makes one
