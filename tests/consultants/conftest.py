"""Consultants for tests."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.consultants import service

Hires = Callable[..., int]


@pytest.fixture
def consultant(app: Flask) -> Hires:
    """Hire one who is online: `consultant("Carla")`, `consultant("Davi", languages=["en"])`."""

    def hire(name: str, **given: Any) -> int:
        wanted = {"name": name, "languages": ["pt-BR"], "online": True, **given}
        with app.app_context():
            return service.create("teste", wanted).id

    return hire
