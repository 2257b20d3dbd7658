"""assistant"""

from flask import Flask

from app.assistant import models  # noqa: F401


def init_app(app: Flask) -> None:
    """Hooks."""
