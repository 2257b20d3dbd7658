"""How many were found, in words."""

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.search.messages import Hits

STEPS = (1000, 500, 200, 100, 50)


def hits_count(hits: Hits) -> str:
    """`12 mensagens`, or `mais de 1.000` where counting on would cost more than it tells."""
    if hits.total <= STEPS[0] and not (hits.at_least and hits.more):
        return str(ngettext("%(num)d mensagem", "%(num)d mensagens", hits.total))
    surely = next((step for step in STEPS if hits.total >= step), len(hits.rows))
    return str(_("mais de %(count)s", count=format_decimal(surely, locale=get_locale())))
