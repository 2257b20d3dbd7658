"""The home page of each role."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import naming
from app.conversations import queries as conversations
from app.conversations.models import Conversation
from app.errors import NotFound
from app.extensions import db
from app.reports import live as live
from app.reports import panel

blueprint = Blueprint("reports", __name__)

TABS = ("mine", "unassigned")
ROWS = 8  # of each list: a glance, the inbox has the rest


def init_app(app: Flask) -> None:
    """Add the home page."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
@requires(Permission.OWN_ACCOUNT)
def index() -> Response:
    """Where the day begins."""
    return redirect("/inicio")


@blueprint.get("/inicio")
@requires(Permission.OWN_ACCOUNT)
def home() -> str:
    """What waits, what runs and what is late for the person who looks."""
    viewer = acting_user()
    oversees = viewer.can(Permission.CONVERSATIONS_VIEW_ALL)
    return render_template(
        "reports/home.html",
        lists=_lists(viewer),
        staff=panel.staff() if oversees else None,
        day=panel.day() if oversees else None,
        **_tiles(viewer),
    )


@blueprint.get("/inicio/numeros")
@requires(Permission.OWN_ACCOUNT)
def tiles() -> str:
    """The numbers again."""
    return render_template("reports/_tiles.html", **_tiles(acting_user()))


@blueprint.get("/inicio/conversas/<tab>")
@requires(Permission.CONVERSATIONS_WORK)
def rows(tab: str) -> str:
    """One of the lists again, with as many rows as the page shows."""
    if tab not in TABS:
        raise NotFound
    size = min(max(request.args.get("n", 0, int), ROWS), conversations.ROWS)
    page = conversations.page(acting_user(), tab, "waiting", size=size)
    return render_template("reports/_list.html", tab=tab, rows=page.rows, more=page.more)


@blueprint.get("/inicio/pessoas")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def people() -> str:
    """Who attends and with how much, again."""
    return render_template("reports/_people.html", staff=panel.staff())


@blueprint.get("/inicio/dia")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def day() -> str:
    """The hours of today again."""
    return render_template("reports/_day.html", day=panel.day())


def _lists(viewer: User) -> list[dict[str, Any]]:
    """Both lists, their labels read at once."""
    found, every_row = [], []
    for tab in TABS if viewer.can(Permission.CONVERSATIONS_WORK) else ():
        query = conversations.list_query(viewer, tab, "waiting", Conversation)
        rows = list(db.session.scalars(query.options(*conversations.FOR_ROWS).limit(ROWS + 1)))
        found.append({"tab": tab, "rows": rows[:ROWS], "more": len(rows) > ROWS})
        every_row += rows[:ROWS]
    naming.read(every_row)
    return found


def _tiles(viewer: User) -> dict[str, Any]:
    shown = panel.tiles(viewer)
    return {"tiles": shown, "numbers": panel.read(shown)}
