"""One's own switch in the top line, for staff who are consultants."""

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.consultants import queries, service
from app.consultants.models import Consultant
from app.consultants.routes.blueprint import blueprint


@blueprint.get("/minha-situacao")
@requires(Permission.OWN_ACCOUNT)
def my_switch() -> str:
    """Where it stands; nothing for who is no consultant."""
    return _switch(queries.of_user(acting_user().id))


@blueprint.post("/minha-situacao")
@requires(Permission.OWN_ACCOUNT)
def set_my_switch() -> str:
    """Online, paused for a `motivo`, or offline (`para`)."""
    to, reason = request.form.get("para", ""), request.form.get("motivo", "")
    return _switch(service.switch(acting_user(), to, reason))


def _switch(own: Consultant | None) -> str:
    return render_template("consultants/_my_switch.html", own=own)
