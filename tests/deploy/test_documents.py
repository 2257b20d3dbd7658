"""What docs/deploy.md and .env.example say about settings is complete and names no other."""

import re
from pathlib import Path

import pytest

from app.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
KNOWN = {name.upper() for name in Settings.model_fields}
OF_OTHERS = {
    "WEB_CONCURRENCY",
    "FORWARDED_ALLOW_IPS",
    "PROMETHEUS_MULTIPROC_DIR",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (PROJECT / "docs" / "deploy.md").read_text()


def test_the_example_names_only_settings_that_exist() -> None:
    text = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.M))
    assert named <= KNOWN | OF_OTHERS
