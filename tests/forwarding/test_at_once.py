"""The line moves within a second of somebody becoming free, with a worker of its own process."""

import time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.consultants import queries as roster
from app.consultants import service as consultants
from app.conversations import service as conversations
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding import service as forwarding
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.running import Running
from tests.telling import person, received, tell

SOON, AT_ONCE = 30.0, 1.0


def waits(app: Flask, client: FlaskClient, cast: Cast, phone: str) -> int:
    """A customer is forwarded and has to wait; the conversation's id."""
    tell(client, received("Oi", phone))
    with app.app_context():
        talk = db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
        assert talk is not None
        gone = forwarding.forward(talk.id, person(cast.ana), talk.owner_version)
        assert gone.hand_out is None
        return talk.id


def seconds_until_handed(app: Flask, talk: int, most: float) -> float:
    began = time.monotonic()
    while time.monotonic() - began < most:
        with app.app_context():
            if roster.open_of(talk) is not None:
                return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"{talk} still waits after {most} s")


def test_who_waits_is_handed_out_within_a_second(
    app: Flask, client: FlaskClient, channel: int, cast: Cast, consultant: Hires, running: Running
) -> None:
    carla = consultant("Carla", online=False, capacity=1)
    first = waits(app, client, cast, "5500900010001")
    second = waits(app, client, cast, "5500900010002")
    worker = running.launch(["-m", "flask", "--app", "wsgi", "worker", "live"])
    try:
        with app.app_context():
            consultants.set_online("teste", carla, online=True)
        seconds_until_handed(app, first, SOON)  # the worker is starting
        with app.app_context():
            talk = db.session.get_one(Conversation, first)
            conversations.close(first, person(cast.gisele), talk.owner_version)
        assert seconds_until_handed(app, second, SOON) < AT_ONCE
    finally:
        worker.stop()
