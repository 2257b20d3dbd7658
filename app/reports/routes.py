"""The home page of each role."""

from flask import Blueprint, Flask, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.access import requires
from app.accounts.permissions import Permission
from app.web import rail

blueprint = Blueprint("reports", __name__)


def init_app(app: Flask) -> None:
    """Add the home page."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
@requires(Permission.OWN_ACCOUNT)
def index() -> Response:
    """Straight to work: the inbox for whoever may open it, else the home page."""
    areas = [entry.href for entry in rail()]
    return redirect("/conversas" if "/conversas" in areas else "/inicio")


@blueprint.get("/inicio")
@requires(Permission.OWN_ACCOUNT)
def home() -> str:
    """The areas that this person may open."""
    return render_template("reports/home.html", areas=[e for e in rail() if e.href != "/inicio"])
