"""Numbers follow each other without a gap or a repeat, whatever is rolled back."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from app.extensions import db
from app.protocols import service
from app.protocols.models import Protocol
from app.transactions import atomic


class Refused(Exception):
    """What makes the caller's transaction go back."""


def _allocate_many(app: Flask, numbers: range) -> None:
    for number in numbers:
        with app.app_context():
            try:
                with atomic():
                    service.allocate(language="pt-BR")
                    if number % 20 == 0:
                        raise Refused
            except Refused:
                pass


def test_numbers_have_no_gap_and_no_repeat(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: _allocate_many(app, range(n * 25, n * 25 + 25)), range(8)))
    with app.app_context():
        found = db.session.query(Protocol).order_by(Protocol.id).all()
        assert [one.number for one in found] == list(range(1, len(found) + 1))
        assert len(found) == 190  # ten of two hundred went back
        times = [one.created_at for one in found]
        assert times == sorted(times)


def test_a_fresh_protocol_is_open_and_its_story_begins(context: None) -> None:
    with atomic():
        made = service.allocate(language="es", description="Quer visitar", priority="high")
    db.session.expire_all()
    assert (made.number, made.status, made.priority) == (1, "open", "high")
    assert made.description == "Quer visitar"
