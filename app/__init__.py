"""Guichê: the live desk of a company that talks to its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """The application; opens no connection. `overrides` replace settings by name, for tests.

    Built in `app.factory`, imported only now: the launcher uses this package's embedded servers and
    must not wait for the whole product to load. An environment that is refused need not either.
    """
    from app.settings import load_settings

    settings = load_settings(overrides)
    from app.factory import build

    return build(settings)
