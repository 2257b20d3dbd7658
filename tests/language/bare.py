"""Finds words for people that no translation can reach: text outside `_()`."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-copied"}
WORD = re.compile(r"[^\W\d_]{2,}")
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


CLASS = re.compile(r"is-[\w-]+")  # of a block that fills an attribute
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
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
        text = ATTRIBUTE.sub(" ", text)  # of a tag that ends in several ways
        if CLASS.fullmatch(text.strip()):
            continue
        if set(WORD.findall(text.replace(HOLE, " "))) - NAMES:
            yield " ".join(text.replace(HOLE, "…").split())


PORTUGUESE = re.compile("[ãõçáéíóúâêôàÃÕÇÁÉÍÓÚÂÊÔÀ]")
MARKED = re.compile(r"^(_|N_|gettext|ngettext|GuicheError|Conflict|Forbidden|NotFound)$")


def in_python(path: Path) -> Iterator[str]:
    """The Portuguese that a program says without marking it; names and docstrings are none."""
    tree = ast.parse(path.read_text())
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            marked.add(id(node.value))  # a docstring
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if MARKED.match(name):
                marked.update(id(argument) for argument in node.args)
    for node in ast.walk(tree):
        # What gathers the texts does not look into f-strings.
        if isinstance(node, ast.JoinedStr):
            inside = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            if any(getattr(call.func, "id", "") in {"_", "N_", "gettext"} for call in inside):
                yield ast.unparse(node)
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in marked and _is_sentence(node.value):
            yield node.value


def _is_sentence(text: str) -> bool:
    """Endings of words and tables of letters are none."""
    return bool(PORTUGUESE.search(text)) and " " in text.strip()


def template_environment() -> Environment:
    """Reads templates as the product does, without rendering them."""
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
