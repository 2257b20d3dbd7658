"""The search page, and the quick answers below the box in the top line."""

import structlog
from flask import Blueprint, Flask, render_template, request
from sqlalchemy import literal, select, union_all
from sqlalchemy.exc import OperationalError

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels.models import Channel
from app.extensions import db
from app.search import filters, hooks, messages, people, presenting, protocols
from app.search.filters import Filter
from app.search.messages import Hits
from app.search.reading import LEAST, Asked, read

log = structlog.get_logger()
blueprint = Blueprint("search", __name__, url_prefix="/busca")


def init_app(app: Flask) -> None:
    """Add the pages and the words of the audit log."""
    audit_words.ACTIONS["contact.cpf_searched"] = "Achou o contato pelo CPF"
    app.register_blueprint(blueprint)
    if protocols.numbered not in hooks.by_number:
        hooks.by_number.append(protocols.numbered)
    app.jinja_env.globals["hits_count"] = presenting.hits_count


@blueprint.get("")
@requires(Permission.CONVERSATIONS_VIEW)
def page() -> str:
    """Everything that a text (`q`) finds; without one, how to search."""
    asked, chosen = read(request.args.get("q", "")), filters.parse(request.args)
    before = request.args.get("antes", "")
    # Who has no filter set asks for the choices when opening them.
    choices = {} if chosen.is_empty else _choices()
    context = {"asked": asked, "chosen": chosen, "before": before, **choices}
    if asked.too_short:
        return render_template("search/search.html", **context, hits=None, least=LEAST)
    hits = _messages(asked, chosen, before)
    found = [] if before else people.find(acting_user(), asked)
    return render_template(
        "search/search.html",
        **context,
        hits=hits,
        people=found,
        numbered=_numbered(asked),
        least=LEAST,
    )


@blueprint.get("/filtros")
@requires(Permission.CONVERSATIONS_VIEW)
def fields() -> str:
    """What can be chosen to narrow the messages."""
    return render_template("search/_fields.html", chosen=filters.parse(request.args), **_choices())


@blueprint.get("/mensagens")
@requires(Permission.CONVERSATIONS_VIEW)
def more_messages() -> str:
    """The next page of messages (`antes`), to stand behind those shown."""
    asked, chosen = read(request.args.get("q", "")), filters.parse(request.args)
    hits = _messages(asked, chosen, request.args.get("antes", ""))
    return render_template("search/_more.html", asked=asked, chosen=chosen, hits=hits)


@blueprint.get("/rapida")
@requires(Permission.CONVERSATIONS_VIEW)
def quick() -> str:
    """A few contacts and their conversations while somebody types; one query."""
    asked = read(request.args.get("q", ""))
    unfinished_cpf = asked.cpf is not None and not asked.cpf.whole
    # A CPF is looked up when it is whole: each look is recorded.
    found = [] if asked.too_short or unfinished_cpf else people.find(acting_user(), asked)
    return render_template(
        "search/_quick.html", asked=asked, people=found, numbered=_numbered(asked), least=LEAST
    )


def _messages(asked: Asked, chosen: Filter, before: str) -> Hits | None:
    """A page of messages; None when it took too long and was given up."""
    try:
        return messages.find(acting_user(), asked.terms, chosen, before)
    except OperationalError as error:
        db.session.rollback()
        log.warning("search_gave_up", error=str(error.orig))
        return None


def _numbered(asked: Asked) -> list[hooks.Numbered]:
    number = asked.number or asked.maybe_number
    return hooks.numbered(acting_user(), number) if number else []


def _choices() -> dict[str, object]:
    """The channels and the staff to filter by, in one query."""
    channels = select(literal("channel"), Channel.id, Channel.name, Channel.active)
    staff = select(literal("person"), User.id, User.name, User.active)
    rows = sorted(db.session.execute(union_all(channels, staff)), key=lambda row: row[2].lower())
    return {
        "channels": [(row[1], row[2]) for row in rows if row[0] == "channel"],
        "staff": [(row[1], row[2]) for row in rows if row[0] == "person"],
    }
