"""Consultants as a file: out as CSV, in from CSV or XLSX."""

from flask import Response, render_template, request, stream_with_context
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.consultants import transfers
from app.consultants.routes.blueprint import blueprint
from app.errors import GuicheError


@blueprint.get("/consultores.csv")
@requires(Permission.CONSULTANTS_MANAGE)
def export_consultants() -> Response:
    """Everybody who has not left, one row each."""
    return Response(
        stream_with_context(transfers.exported()),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=consultores.csv"},
    )


@blueprint.get("/consultores/importar")
@requires(Permission.CONSULTANTS_MANAGE)
def import_form() -> str:
    """Choose a file."""
    return render_template("consultants/import.html", outcome=None)


@blueprint.post("/consultores/importar")
@requires(Permission.CONSULTANTS_MANAGE)
def import_consultants() -> str | tuple[str, int]:
    """Take a file in; what could not be is said line by line."""
    sent = request.files.get("arquivo")
    try:
        if sent is None or not sent.filename:
            raise GuicheError(_("Escolha um arquivo."), status=422)
        outcome = transfers.imported(acting_user(), sent.read())
    except GuicheError as error:
        page = render_template("consultants/import.html", outcome=None, fault=error.message)
        return page, error.status
    return render_template("consultants/import.html", outcome=outcome)
