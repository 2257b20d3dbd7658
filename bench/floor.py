"""The floor: bare Flask and Flask-SocketIO under the product's own gunicorn settings.

Served as `bench.floor:app`, it knows nothing of the product but how to read its settings.
"""

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask, request
from flask_socketio import SocketIO, join_room

from app.settings import load_settings

INSERT = "INSERT INTO floor (body) VALUES (%s) RETURNING id"
# As large as the row of the inbox that the product sends.
FRAGMENT = (
    '<hx-partial hx-target="#list"><article id="row-{id}">{text}{rest}</article></hx-partial>'
)
REST = "x" * int(os.environ.get("FLOOR_FRAGMENT_BYTES", "0"))

settings = load_settings()
app = Flask(__name__)
socketio = SocketIO(
    app,
    async_mode="gevent",
    transports=["websocket"],
    message_queue=settings.redis_url if os.environ.get("FLOOR_QUEUE") == "1" else None,
    channel="floor",
)
_idle: queue.LifoQueue[psycopg.Connection] = queue.LifoQueue()


@contextmanager
def _connection() -> Iterator[psycopg.Connection]:
    """A pooled connection; what the block did is committed."""
    try:
        connection = _idle.get_nowait()
    except queue.Empty:
        connection = psycopg.connect(settings.database_url)
    with connection.transaction():
        yield connection
    _idle.put(connection)


def _insert(body: bytes) -> int:
    with _connection() as connection:
        row = connection.execute(INSERT, (body,)).fetchone()
    return int(row[0]) if row else 0


@app.post("/intake")
def intake() -> dict[str, int]:
    """One insert, one commit."""
    return {"id": _insert(request.get_data())}


@app.post("/live")
def live() -> dict[str, int]:
    """One insert, one commit, one event to everybody."""
    text = request.get_json()["text"]["message"]
    number = _insert(request.get_data())
    html = FRAGMENT.format(id=number, text=text, rest=REST)
    socketio.emit("live", {"html": html}, to="inbox")
    return {"id": number}


@socketio.on("connect")
def connect() -> None:
    """Everybody looks at the one list."""
    join_room("inbox")
