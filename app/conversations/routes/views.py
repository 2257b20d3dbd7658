"""The menu of saved views: choosing one, saving what the list shows, renaming and deleting."""

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations.routes.blueprint import blueprint
from app.conversations.views import live, queries, service

ONE = "/visoes/<int(max=2147483647):view_id>"


@blueprint.get("/visoes")
@requires(Permission.CONVERSATIONS_VIEW)
def view_menu() -> str:
    """Everything that can be chosen."""
    return _menu()


@blueprint.post("/visoes")
@requires(Permission.CONVERSATIONS_VIEW)
def save_view() -> str:
    """Keep what the list shows (`consulta`) under a name."""
    form = request.form
    shared = form.get("para_todos") == "1"
    service.save(acting_user(), form.get("nome", ""), form.get("consulta", ""), shared)
    return _menu()


@blueprint.post(ONE)
@requires(Permission.CONVERSATIONS_VIEW)
def rename_view(view_id: int) -> str:
    """Another name."""
    service.rename(view_id, acting_user(), request.form.get("nome", ""))
    return _menu()


@blueprint.delete(ONE)
@requires(Permission.CONVERSATIONS_VIEW)
def delete_view(view_id: int) -> str:
    """Offer it no more; the answer holds what brings it back."""
    return _menu(deleted=service.delete(view_id, acting_user()))


@blueprint.post(ONE + "/volta")
@requires(Permission.CONVERSATIONS_VIEW)
def restore_view(view_id: int) -> str:
    """Bring back what was deleted."""
    service.restore(view_id, acting_user())
    return _menu()


def _menu(**more: object) -> str:
    found = queries.of(acting_user())
    totals = queries.totals(acting_user(), found)
    return render_template(
        "conversations/_views.html",
        views=found,
        totals=totals,
        version=live.version(found, totals),
        may_change=service.may_change,
        person=acting_user(),
        **more,
    )
