"""Finds words for people that no translation can reach: text outside `_()`."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import Extension

SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-copied"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Errors are shown to people; their first argument is the sentence.
ERRORS = re.compile(r"^(GuicheError|Conflict|Forbidden|\w*Refused|Invalid\w+)$")
NAMES = {"WhatsApp", "Enter", "Shift", "Ctrl", "Esc", "CPF", "PDF", "CSV", "XLSX", "OK", "Guichê"}


class _Texts(HTMLParser):
    """The texts of a page and of the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


HOLE = "\0"


def in_template(path: Path, environment: Environment) -> Iterator[str]:
    """What a template says by itself; expressions are holes."""
    tree = environment.parse(path.read_text())
    page = "".join(
        data
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
        for data in [node.data if isinstance(node, nodes.TemplateData) else HOLE]
    )
    parser = _Texts()
    parser.feed(page)
    for text in parser.found:
        if set(WORD.findall(text.replace(HOLE, " "))) - NAMES:
            yield " ".join(text.replace(HOLE, "…").split())


def in_python(path: Path) -> Iterator[str]:
    """The sentences of errors that are raised in plain words."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        sentence = node.args[0]
        if not ERRORS.match(name):
            continue
        if isinstance(sentence, ast.JoinedStr):
            yield f"{name} (f-string)"
        elif isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
            yield sentence.value


def template_environment() -> Environment:
    """Reads templates as the product does, without rendering them."""
    return Environment(extensions=["jinja2.ext.i18n", Extension][:1], autoescape=True)
