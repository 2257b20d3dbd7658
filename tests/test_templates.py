"""What is constant in a template is written when it is compiled, once for each language."""

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader

from app import templates

PAGE = """{{ icon("send") }}|{{ path_for("conversations.inbox", aba="bot", ordem="newest") }}|\
{{ _("Com %(name)s", name=name) }}|{{ _("Sem dono") }} 100%|{% include "part.html" %}"""


@pytest.fixture
def written(app, monkeypatch):
    """The words that the compiler asked for; in English they are in capitals."""
    asked = []

    def say(text):
        language = str(templates.get_locale())
        asked.append((language, text))
        return text.upper().replace("(NAME)S", "(name)s") if language == "en" else text

    monkeypatch.setattr(templates, "_", say)
    monkeypatch.setattr(
        app.jinja_env,
        "loader",
        DictLoader({"page.html": PAGE, "part.html": "{% set icon = _('Robô') %}{{ icon }}"}),
    )
    monkeypatch.setattr(app.jinja_env, "_spoken", {})
    return asked


def _render(app, language):
    with app.test_request_context(), force_locale(language):
        return app.jinja_env.get_template("page.html").render(name="<Ana>")


def test_each_language_has_its_own_words_also_in_included_parts(app, written):
    portuguese, english = _render(app, "pt_BR"), _render(app, "en")

    assert portuguese.endswith("|Com &lt;Ana&gt;|Sem dono 100%|Robô")
    assert english.endswith("|COM &lt;Ana&gt;|SEM DONO 100%|ROBÔ")
    assert '#send"></use>' in portuguese
    assert "|/conversas?aba=bot&amp;ordem=newest|" in portuguese


def test_words_are_looked_up_once_and_not_with_each_page(app, written):
    first = _render(app, "pt_BR")
    count = len(written)

    assert _render(app, "pt_BR") == first
    assert len(written) == count == 3
