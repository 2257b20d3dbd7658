"""Keep translations/ true to the code: extract, merge and compile. `make translations` runs it.

What is new stands in the catalog with an empty translation, which a test refuses; what is no longer
said is dropped.
"""

import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
TRANSLATIONS = PROJECT / "translations"
SOURCE = "pt_BR"
# Errors say their first argument to people; `N_` marks what is shown elsewhere.
SPOKEN = ("GuicheError", "Conflict", "Forbidden", "NotFound")
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    **dict.fromkeys(SPOKEN),
}
# Languages that no screen has: only what customers are told.
CUSTOMERS_ONLY = ("es",)
TO_CUSTOMERS = (
    "app/assistant/rules.py",
    "app/conversations/service/opting.py",
    "app/protocols/telling.py",
    "app/hours/messages.py",
    "app/hours/wording.py",
    "app/forwarding/customer_words.py",
    "app/forwarding/service/telling.py",
)
# Walking through what holds nothing of ours takes longer than reading what does.
SKIPPED = {".venv", ".data", ".git", "static", "tests", "__pycache__"}
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]


def spoken(locale: str = "") -> Catalog:
    """Everything the code says that this language needs, untranslated."""
    found = Catalog(project="Guichê", charset="utf-8", fuzzy=False)
    for file, message in _extracted():
        if locale in CUSTOMERS_ONLY and file not in TO_CUSTOMERS:
            continue
        found.add(message, locations=[(file, 0)])
    return found


@cache
def _extracted() -> list[tuple[str, str | tuple[str, ...]]]:
    """The file and the words of everything that is said, read once for all languages."""
    extracted = extract_from_dir(
        str(PROJECT),
        method_map=METHODS,
        options_map={"templates/**.html": {"trimmed": "true", "silent": "false"}},
        keywords=KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in SKIPPED,
    )
    return [(file, message) for file, _line, message, _comments, _context in extracted]


def catalog_path(locale: str) -> Path:
    """Where a language's catalog lies."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def catalog(locale: str) -> Catalog:
    """A language's catalog as it is kept."""
    with catalog_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def refresh(locale: str) -> int:
    """Merge what is new, drop what is gone, compile; how many translations are missing."""
    kept, now = catalog(locale), spoken(locale)
    kept.update(now, no_fuzzy_matching=True, update_header_comment=False)
    kept.obsolete.clear()
    path = catalog_path(locale)
    with path.open("wb") as file:
        write_po(file, kept, width=100, sort_output=True, omit_header=False, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, kept)
    return sum(1 for message in kept if message.id and not said(message.string))


def said(string: str | tuple[str, ...] | list[str]) -> bool:
    """Whether a message is translated, in all its forms."""
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    missing = {path.parent.parent.name: 0 for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po")}
    for name in missing:
        missing[name] = refresh(name)
        print(f"{name}: {missing[name]} sem tradução")
    sys.exit(1 if any(missing.values()) else 0)
