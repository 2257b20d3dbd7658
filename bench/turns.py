"""A queue with a history: consultants, a protocol for each hand-out, the last of them of today."""

from sqlalchemy import text

from app.extensions import db
from app.transactions import atomic

HANDED_TODAY = 400

_CONSULTANTS = text(
    """
    INSERT INTO consultants (name, languages, online, switch, turn, attended_at, capacity)
    SELECT 'Consultor ' || n,
           (ARRAY['{pt-BR}', '{pt-BR,en}', '{es,pt-BR}', '{en,es}'])[1 + n % 4]::text[],
           n % 5 > 0, CASE WHEN n % 5 > 0 THEN 'online' ELSE 'offline' END, n, now(), 5 + n % 5
    FROM generate_series(1, :consultants) AS n
    """
)
_PROTOCOLS = text(
    """
    INSERT INTO protocols
      (number, consultant_id, language, status, closed_at, created_at, updated_at)
    SELECT n, 1 + n % :consultants, 'pt-BR', CASE WHEN n % 3 = 0 THEN 'open' ELSE 'closed' END,
           CASE WHEN n % 3 = 0 THEN NULL ELSE at END, at, at
    FROM generate_series(1, :protocols) AS n,
         LATERAL (SELECT now() - (:protocols - n) * interval '2 minutes' AS at) AS placed
    """
)
_HAND_OUTS = text(
    """
    INSERT INTO hand_outs (consultant_id, protocol_id, language, considered, made_at, turn_before)
    SELECT consultant_id, id, language, '{}',
           CASE WHEN number > :protocols - :today THEN now()
                ELSE created_at - interval '1 day' END, 0
    FROM protocols
    """
)


def fill(consultants: int, protocols: int) -> None:
    """So many consultants, four in five online, and so many protocols handed to them in turn."""
    given = {"consultants": consultants, "protocols": protocols, "today": HANDED_TODAY}
    with atomic() as session:
        for statement in (_CONSULTANTS, _PROTOCOLS, _HAND_OUTS):
            wanted = {name: given[name] for name in statement.compile().params}
            session.execute(statement, wanted)
        session.execute(
            text(
                "INSERT INTO protocol_counter (id, last) VALUES (1, :protocols)"
                " ON CONFLICT (id) DO UPDATE SET last = excluded.last"
            ),
            given,
        )
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
