"""A web process waits for the database on gevent's loop, and holds up nobody meanwhile."""

import subprocess
import sys

# A process of its own: gevent has to patch it before anything else.
PROGRAM = """
from gevent import monkey
monkey.patch_all()
import sys
import gevent, psycopg
from app import hub_waits
hub_waits.install()
assert psycopg.waiting.wait is hub_waits.wait

url = sys.argv[1]
one = psycopg.connect(url, autocommit=True)

large = "x" * 20_000_000  # more than the socket takes at once
assert one.execute("SELECT length(%s)", (large,)).fetchone() == (20_000_000,)
assert len(one.execute("SELECT repeat('y', 5000000)").fetchone()[0]) == 5_000_000

order = []
def sleep(seconds):
    with psycopg.connect(url) as own:
        own.execute("SELECT pg_sleep(%s)", (seconds,))
    order.append(seconds)
gevent.joinall([gevent.spawn(sleep, seconds) for seconds in (0.4, 0.1)], raise_error=True)
assert order == [0.1, 0.4]

other = psycopg.connect(url)
waiting = gevent.spawn(other.execute, "SELECT pg_sleep(60)")
gevent.sleep(0.1)
one.execute("SELECT pg_terminate_backend(%s)", (other.info.backend_pid,))
waiting.join(10)
assert isinstance(waiting.exception, psycopg.OperationalError)
"""


def test_statements_of_any_size_wait_side_by_side_and_hear_of_a_broken_connection(database_url):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database_url], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
