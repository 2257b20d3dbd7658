"""The page of the design tells the colours that the screens have."""

import re

import pytest

from scripts.translations import PROJECT

pytestmark = pytest.mark.quick

ROW = re.compile(r"^\| `(--[\w-]+)` \| `(#\w{6})` \| `(#\w{6})` \|", re.MULTILINE)
COLOUR = re.compile(r"(--(?!tblr)[\w-]+): (#\w{6});")
# Text stands on the page or on a card; a mark needs less.
TEXTS = ("--ink", "--muted", "--brand", "--wait", "--late", "--done", "--bot")
GROUNDS = ("--paper", "--surface")


def themes() -> tuple[dict[str, str], dict[str, str]]:
    css = (PROJECT / "static" / "guiche.css").read_text()
    light, dark = css.split('[data-bs-theme="dark"] {', 1)
    return dict(COLOUR.findall(light)), dict(COLOUR.findall(dark.split("}", 1)[0]))


def told() -> list[tuple[str, str, str]]:
    return ROW.findall((PROJECT / "docs" / "design.md").read_text())


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_page_tells_every_colour_as_it_is() -> None:
    light, dark = themes()
    assert {name: (one, other) for name, one, other in told()} == {
        name: (light[name], dark[name]) for name in light if name != "--brand-ink"
    }


def test_text_can_be_read_in_both_themes() -> None:
    for theme in themes():
        for text in TEXTS:
            for ground in GROUNDS:
                assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
