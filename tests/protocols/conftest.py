"""Protocols of a customer who wrote, and of nobody."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.contacts import service as contacts
from app.protocols import service
from app.protocols.models import Protocol
from app.transactions import atomic

Make = Callable[..., Protocol]


@pytest.fixture
def make(app: Flask) -> Make:
    """`make(language="es", …)`: a protocol with the next number."""

    def _make(**given: object) -> Protocol:
        with app.app_context(), atomic():
            return service.allocate(**given)  # type: ignore[arg-type]

    return _make


@pytest.fixture
def marina(app: Flask) -> int:
    """The id of a contact."""
    with app.app_context(), atomic():
        return contacts.resolve(1, "5500900010001", None, "Marina").id
