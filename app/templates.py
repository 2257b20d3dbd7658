"""Templates, compiled once for each screen language with what never changes written in.

Half the time of a page of the inbox went into asking for the same icons, addresses and words again
with each row: a page asks for hundreds. In a language they are constants, so the compiler does it.
"""

from typing import Any

from flask.templating import Environment
from flask_babel import get_locale
from flask_babel import gettext as _
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

# Globals whose answer to constant arguments is the same as long as the process lives.
STEADY = frozenset({"asset", "icon", "path_for"})
WORDS = frozenset({"_", "gettext"})


class SpokenEnvironment(Environment):
    """Flask's environment, with one of these behind it for each screen language."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.filters["filled"] = _filled
        self._spoken: dict[str, SpokenEnvironment] = {}
        self._language: str | None = None

    def _load_template(self, name: str, globals: Any) -> Template:
        if self._language is not None:  # an include: it speaks as the page does
            return super()._load_template(name, globals)
        return self._in(str(get_locale() or ""))._load_template(name, globals)

    def _in(self, language: str) -> "SpokenEnvironment":
        spoken = self._spoken.get(language)
        if spoken is None:
            spoken = self.overlay()  # the same globals and filters, compiled templates of its own
            spoken._language = language
            self._spoken[language] = spoken
        return spoken

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        if self._language is not None:
            escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
            assigned = {one.name for one in source.find_all(nodes.Name) if one.ctx != "load"}
            source = _Constants(self, bool(escapes), assigned).visit(source)
            source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)


def _filled(text: str, /, **values: Any) -> str:
    return text % values


class _Constants(NodeTransformer):
    """Puts constants where a template asks for what is steady, or for words of its language."""

    def __init__(self, environment: Environment, escapes: bool, assigned: set[str]) -> None:
        self.environment, self.escapes = environment, escapes
        self.assigned = assigned  # names that mean something else in this template

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call of one of ours becomes what it answers."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in self.assigned or node.dyn_args or node.dyn_kwargs:
            return node
        if name in WORDS:
            return self._words(node)
        if name in STEADY:
            return self._steady(node, name)
        return node

    def _words(self, node: nodes.Call) -> nodes.Node:
        match node.args:
            case [nodes.Const(value=str(text))]:
                # Words of our own, as safe as the template itself.
                said = Markup(_(text)) if self.escapes else _(text)  # noqa: S704
            case _:
                return node
        if not node.kwargs:  # a format in any case, as it is to the extension that this stands for
            return nodes.Const(said % {}, lineno=node.lineno)
        written = nodes.Const(said, lineno=node.lineno)
        return nodes.Filter(written, "filled", [], node.kwargs, None, None, lineno=node.lineno)

    def _steady(self, node: nodes.Call, name: str) -> nodes.Node:
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        if not all(isinstance(one, nodes.Const) for one in given):
            return node
        arguments = [one.as_const() for one in node.args]
        named = {pair.key: pair.value.as_const() for pair in node.kwargs}
        builder: Any = self.environment.globals[name]
        return nodes.Const(builder(*arguments, **named), lineno=node.lineno)
