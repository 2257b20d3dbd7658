"""A request that waits for a row holds up nobody else of its web process."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from tests.live.scene import Scene

pytestmark = pytest.mark.browser


def test_who_waits_for_a_row_holds_up_nobody_else(app: Flask, scene: Scene) -> None:
    with app.app_context(), ThreadPoolExecutor(1) as others:
        held = text("SELECT id FROM conversations WHERE id = :id FOR UPDATE")
        db.session.execute(held, {"id": scene.id})
        waiting = others.submit(scene.writes, "espera pela conversa")
        with pytest.raises(TimeoutError):
            waiting.result(timeout=1)
        assert requests.get(f"{scene.web}/readyz", timeout=2).status_code == 200
        db.session.rollback()
        waiting.result(timeout=10)
