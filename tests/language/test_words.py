"""Everything said to people can be translated, and English says all of it."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from scripts.translations import PROJECT, catalog, said, spoken
from tests.language.bare import in_python, in_template, template_environment

pytestmark = pytest.mark.quick
# Said to whoever runs the product, or to customers in their own language.
OPERATORS = ("demo", "embedded", "settings", "seed", "die_with_parent", "cli", "commands")
# Said to programs, which compare it: a contract's words stay what they are (`api.py`, `app/api/`).
CONTRACTS = ("api",)
# Said to customers in the language of their contract, whatever anybody's screens speak.
CUSTOMERS = ("saying",)
HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def test_templates_say_nothing_that_cannot_be_translated() -> None:
    environment = template_environment()
    bare = {
        str(path.relative_to(PROJECT)): found
        for path in sorted((PROJECT / "templates").rglob("*.html"))
        if (found := list(in_template(path, environment)))
    }
    assert bare == {}


def test_programs_say_nothing_that_cannot_be_translated() -> None:
    bare = {
        str(path.relative_to(PROJECT)): found
        for path in sorted((PROJECT / "app").rglob("*.py"))
        if not any(
            part.startswith((*OPERATORS, *CONTRACTS, *CUSTOMERS))
            for part in path.relative_to(PROJECT).parts[1:]
        )
        if (found := list(in_python(path)))
    }
    assert bare == {}


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_language_says_everything_it_needs(locale: str) -> None:
    known = catalog(locale)
    missing = [
        message.id
        for message in spoken(locale)
        if message.id and not ((kept := known.get(message.id)) and said(kept.string))
    ]
    assert missing == [], "run `make translations` and translate what it adds"


@pytest.mark.parametrize("locale", ["en", "es"])
def test_translations_fill_the_same_holes(locale: str) -> None:
    for message in catalog(locale):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        wanted = {hole for text in ids for hole in HOLES.findall(text)}
        assert {hole for text in strings for hole in HOLES.findall(text)} == wanted, message.id


def test_what_is_compiled_is_what_is_written() -> None:
    for path in (PROJECT / "translations").glob("*/LC_MESSAGES/*.po"):
        compiled = io.BytesIO()
        write_mo(compiled, catalog(path.parent.parent.name))
        assert Path(path.with_suffix(".mo")).read_bytes() == compiled.getvalue(), path
