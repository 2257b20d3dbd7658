"""The lock after too many wrong passwords or codes, counted from rows.

A try takes its row before it is verified and gives it back when it was right: however many arrive
at once, no more than the limit are ever verified. While locked, tries take no row, so that a lock
ends 15 minutes after the try that caused it.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from app import clock
from app.accounts.models import LoginAttempt
from app.extensions import db
from app.transactions import atomic

WINDOW = timedelta(minutes=15)
PAIR_LIMIT = 5
ACCOUNT_LIMIT = 30
ADDRESS_LIMIT = 50
KEPT = timedelta(days=1)  # longer than any lock looks back


def begin(email: str, address: str) -> int | None:
    """Take a try for this account from this address; None while locked."""
    with atomic() as session:
        for lock in (f"log-in account {email}", f"log-in address {address}"):
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
        by_email, by_address = LoginAttempt.email == email, LoginAttempt.address == address
        if (
            _is_locked(PAIR_LIMIT, by_email, by_address)
            or _is_locked(ACCOUNT_LIMIT, by_email)
            or _is_locked(ADDRESS_LIMIT, by_address)
        ):
            return None
        attempt = LoginAttempt(email=email, address=address, at=clock.now())
        session.add(attempt)
        session.flush()
        return attempt.id


def give_back(attempt_id: int) -> None:
    """The try was right: it doesn't count."""
    with atomic() as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.id == attempt_id))


def forget(email: str, address: str) -> None:
    """Somebody got in: the pair's wrong tries no longer count."""
    with atomic() as session:
        pair = (LoginAttempt.email == email) & (LoginAttempt.address == address)
        session.execute(delete(LoginAttempt).where(pair))


def forget_old() -> None:
    """Delete the tries that no lock counts any more: they say who logs in from where."""
    with atomic() as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.at < clock.now() - KEPT))


def _is_locked(limit: int, *whose: ColumnElement[bool]) -> bool:
    """Whether the latest of these tries was the one too many, less than a window ago."""
    query = (
        select(LoginAttempt.at).where(*whose, LoginAttempt.at > clock.now() - 2 * WINDOW)
        .order_by(LoginAttempt.at.desc()).limit(limit)
    )  # fmt: skip
    times = list(db.session.scalars(query))
    return (
        len(times) == limit and times[0] > clock.now() - WINDOW and times[-1] >= times[0] - WINDOW
    )
