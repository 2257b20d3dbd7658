"""Every action that the product records has words in the staff's language."""

import re
from pathlib import Path

from flask import Flask

from app.accounts.audit_words import ACTIONS

RECORDED = re.compile(r'"((?:user|token|channel|contact|receipt|session|second_factor|audit)\.[a-z_]+)"')
PERMISSIONS = {"audit.view"}


def test_every_recorded_action_has_words(app: Flask) -> None:
    sources = Path(__file__).parents[2].joinpath("app").rglob("*.py")
    used = {name for source in sources for name in RECORDED.findall(source.read_text())}

    assert len(used) > 20
    assert sorted(used - set(ACTIONS) - PERMISSIONS) == []
