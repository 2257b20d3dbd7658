"""Receipts and the ledger are kept for a time that is a setting."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from app import clock
from app.extensions import db
from app.intake import retention
from app.intake.models import Receipt
from app.intake.receipts import month_of
from app.integrations.models import OutsideCall
from app.transactions import atomic


@pytest.fixture
def no_partitions(context):
    """The tables as the migration leaves them, before and after."""
    yield
    db.session.rollback()
    with atomic():
        for model, _ in retention.KEPT:
            for name in retention._partitions(model).values():
                db.session.execute(text(f"DROP TABLE {name}"))


def _keep(days_ago):
    moment = clock.now() - timedelta(days=days_ago)
    row = {
        "month": month_of(moment),
        "received_at": moment,
        "route": "/webhook/zapi",
        "authenticated_by": "secret_address",
        "dedupe_key": f"k{days_ago}",
        "body": b"{}",
    }
    call = {
        "month": month_of(moment),
        "at": moment,
        "vendor": "v",
        "method": "GET",
        "address": "a",
        "milliseconds": 1,
        "outcome": "ok",
    }
    with atomic():
        db.session.execute(insert(Receipt), row)
        db.session.execute(insert(OutsideCall), call)


def _counts():
    return db.session.query(Receipt).count(), db.session.query(OutsideCall).count()


def test_this_month_and_the_next_two_get_partitions(no_partitions):
    retention.make_partitions()
    retention.make_partitions()
    months = sorted(retention._partitions(Receipt))
    assert months[0] == month_of(clock.now())
    assert len(months) == len(retention._partitions(OutsideCall)) == 3


def test_rows_of_the_default_partition_move_to_their_month(no_partitions):
    _keep(0)
    retention.make_partitions()
    assert db.session.scalar(text("SELECT count(*) FROM receipts_default")) == 0
    assert _counts() == (1, 1)
    _keep(0.001)
    assert _counts() == (2, 2)


def test_a_month_that_is_over_and_old_is_dropped_whole(no_partitions):
    retention.make_partitions()
    _keep(0)
    clock.shift(timedelta(days=90 + 62))
    retention.forget()
    assert month_of(clock.now() - timedelta(days=90 + 62)) not in retention._partitions(Receipt)
    assert _counts() == (0, 0)


def test_older_rows_of_a_month_that_is_not_over_are_deleted(no_partitions, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for days in (89, 91, 92, 93, 94, 95):
        _keep(days)
    retention.forget()
    assert _counts() == (1, 1)
