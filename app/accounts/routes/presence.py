"""Who is there, for pages that fell behind."""

from flask import render_template

from app.accounts import live
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.accounts.presence import state_of
from app.accounts.routes.blueprint import blueprint
from app.errors import NotFound


@blueprint.get("/presencas")
@requires(Permission.OWN_ACCOUNT)
def presences() -> str:
    """Every dot again."""
    if not live.sees_presence(acting_user()):
        raise NotFound
    everyone = live.everyones_presence()
    return render_template(
        "accounts/live/presence_changed.html", changed=everyone, everyone=everyone
    )


@blueprint.get("/presencas/minha")
@requires(Permission.OWN_ACCOUNT)
def my_presence() -> str:
    """One's own dot again."""
    me = acting_user().id
    return render_template("accounts/_my_presence.html", my_id=me, mine=state_of([me])[me])
