"""Simulations on look-ups of the sample book: the company's clock stands on its day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts.models import User
from app.debts.simulations.inputs import Inputs
from app.extensions import db
from app.transactions import atomic
from tests.debts import snapshots

TODAY = date(2026, 11, 16)


@pytest.fixture
def contracts(app: Flask) -> Callable[[int], tuple[int, str]]:
    """`contracts(1)`: look-up and title of a mandatory case, taken three minutes ago."""
    clock.shift(datetime(2026, 11, 16, 15, tzinfo=UTC) - datetime.now(UTC))

    def taken(case: int) -> tuple[int, str]:
        with app.app_context():
            return snapshots.look_up(case, clock.now() - timedelta(minutes=3), TODAY)

    return taken


@pytest.fixture
def grant(app: Flask) -> Callable[..., None]:
    """Give a person a level: `grant(cast.fabio, 2)`."""

    def give(user_id: int, level: int, legal: bool = False) -> None:
        with app.app_context(), atomic():
            person = db.session.get_one(User, user_id)
            person.approval_level, person.legal = level, legal

    return give


def asked(**known: object) -> Inputs:
    """Inputs of the day."""
    return Inputs(TODAY, **known)  # type: ignore[arg-type]
