"""Hand-outs a second through the HTTP API, beside the same statements sent raw by psycopg."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy.dialects import postgresql

from app.consultants.turn import _KEEP, _TAKE
from app.protocols.allocating import STATEMENT
from bench.stage import Stage
from bench.wire import Caller

CONSULTANTS = 10
LANGUAGE = "pt-BR"
PATH = f"/consultor/da-vez?idioma={LANGUAGE}"
FAR = 99_990  # the numbers after it have six digits

Act = Callable[[], bool]


@dataclass
class HandOuts:
    """Hand-outs a second, one figure a round, and what went wrong."""

    raw: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)
    alone: float = 0.0  # with one consultant free
    far: float = 0.0  # past number 100,000
    first_ms: float = 0.0  # the very first call on an empty database
    errors: int = 0
    gaps: int = 0
    spread: int = 0  # between who was handed most and who least


def measure(stage: Stage, connections: int, seconds: float, rounds: int) -> HandOuts:
    """Everything of one run."""
    found = HandOuts()
    url = stage.environment["DATABASE_URL"]
    headers = f"api-key: {stage.environment['AUTHENTICATION_API_KEY']}\r\n"
    address = ("127.0.0.1", stage.product_port)

    def caller() -> Act:
        wire = Caller(address, PATH, "GET", headers)
        return lambda: wire.post(b"") == 200

    _hire(address, headers)
    began = time.monotonic()
    found.errors += not caller()()
    found.first_ms = (time.monotonic() - began) * 1000
    _pace(caller, connections, seconds / 4, found)  # a server's first seconds are not its pace
    for _ in range(rounds):
        found.raw.append(_pace(lambda: _raw(url), connections, seconds, found))
        found.product.append(_pace(caller, connections, seconds, found))
    with psycopg.connect(url, autocommit=True) as database:
        found.spread = _spread(database)
        # The consultants' memory is of each process: they are offline for the statements only.
        database.execute("UPDATE consultants SET online = false WHERE id > 1")
        found.alone = _pace(caller, connections, seconds / 2, found)
        database.execute("UPDATE consultants SET online = true")
        found.gaps = _gaps(database)
        database.execute("UPDATE protocol_counter SET last = greatest(last, %s)", (FAR,))
        found.far = _pace(caller, connections, seconds / 2, found)
    return found


def _hire(address: tuple[str, int], headers: str) -> None:
    for number in range(CONSULTANTS):
        body = f'{{"nome": "Consultor {number}", "idiomas": ["{LANGUAGE}"], "status_online": true}}'
        if Caller(address, "/consultor", "POST", headers).post(body.encode()) != 200:
            raise RuntimeError("no consultant could be made")


def _pace(make: Callable[[], Act], connections: int, seconds: float, found: HandOuts) -> float:
    """Act without pause over some connections; the good ones a second."""
    acts = [make() for _ in range(connections)]
    counts, lock = {True: 0, False: 0}, threading.Lock()
    deadline = time.monotonic() + seconds

    def work(act: Act) -> None:
        while time.monotonic() < deadline:
            good = act()
            with lock:
                counts[good] += 1

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.errors += counts[False]
    return counts[True] / (time.monotonic() - began)


def _raw(url: str) -> Act:
    """The statements of a hand-out on a connection of their own, as SQLAlchemy writes them."""
    connection = psycopg.connect(url)
    take, allocate, keep = (_text(one) for one in (_TAKE, STATEMENT, _KEEP_ALL))

    def act() -> bool:
        with (
            connection.transaction(),
            connection.cursor(row_factory=psycopg.rows.dict_row) as cursor,
        ):
            cursor.execute(take, {"wanted": LANGUAGE, "off_hours": [], "refused": [], "shift": NO})
            turn = cursor.fetchone()
            if turn is None or turn["id"] is None:
                return False
            told = {"origin": "api", "consultant_id": turn["id"]}
            cursor.execute(allocate, _NOBODY | {"consultant_id": turn["id"], "data": Jsonb(told)})
            made = cursor.fetchone() or {}
            cursor.execute(
                keep,
                {
                    "consultant_id": turn["id"], "protocol_id": made["id"],
                    "conversation_id": None, "language": LANGUAGE,
                    "considered": Jsonb(turn["considered"]), "made_at": turn["attended_at"],
                    "by_id": None, "by_name": "bench", "turn_before": turn["turn_before"],
                    "attended_before": turn["attended_before"],
                },
            )  # fmt: skip
            return cursor.fetchone() is not None

    return act


NO = "0 seconds"
_NOBODY: dict[str, Any] = {
    "conversation_id": None, "contact_id": None, "language": LANGUAGE, "description": "",
    "priority": "normal", "actor_id": None, "actor_name": "bench", "shift": NO,
}  # fmt: skip
_KEEP_ALL = _KEEP.values(
    dict.fromkeys(
        (
            "consultant_id", "protocol_id", "conversation_id", "language", "considered", "made_at",
            "by_id", "by_name", "turn_before", "attended_before",
        )
    )
)  # fmt: skip


def _text(statement: Any) -> str:
    return str(statement.compile(dialect=postgresql.psycopg.dialect()))


def _spread(database: psycopg.Connection[Any]) -> int:
    query = (
        "SELECT coalesce(max(n) - min(n), 0) FROM"
        " (SELECT count(*) AS n FROM hand_outs GROUP BY consultant_id) AS each"
    )
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


def _gaps(database: psycopg.Connection[Any]) -> int:
    row = database.execute("SELECT coalesce(max(number), 0) - count(*) FROM protocols").fetchone()
    return int(row[0]) if row else 0
