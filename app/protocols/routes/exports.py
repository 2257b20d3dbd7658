"""Exportação: the list of protocols as CSV at once, or as XLSX that a worker makes."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.exports import making
from app.exports.routes import csv_file, dated, xlsx_file
from app.protocols import exporting, queries
from app.protocols.routes.blueprint import blueprint

EXPORT = "/exportacoes/<int:export_id>"


@blueprint.get("/exportacoes/nova")
@requires(Permission.PROTOCOLS_EXPORT)
def new_export() -> str:
    """How many would be exported, and in which form."""
    chosen = queries.parse_filter(request.args)
    total = exporting.count(acting_user(), chosen)
    return render_template("protocols/export_new.html", chosen=chosen, total=total)


@blueprint.post("/exportacoes")
@requires(Permission.PROTOCOLS_EXPORT)
def export() -> Response | BaseResponse:
    """A CSV at once, or an XLSX that is being made."""
    chosen = queries.parse_filter(request.form)
    if request.form.get("formato") == "xlsx":
        made = exporting.request_xlsx(acting_user(), chosen)
        return redirect(url_for("protocols.export_page", export_id=made.id))
    return csv_file(exporting.csv_export(acting_user(), chosen), dated("protocolos"))


@blueprint.get(EXPORT)
@requires(Permission.PROTOCOLS_EXPORT)
def export_page(export_id: int) -> str:
    """How far the file is, and the link to it, for who asked for it."""
    made = making.find(exporting.KIND, export_id, acting_user())
    return render_template("protocols/export.html", made=made)


@blueprint.get(EXPORT + "/andamento")
@requires(Permission.PROTOCOLS_EXPORT)
def export_progress(export_id: int) -> str:
    """How far it is, alone."""
    made = making.find(exporting.KIND, export_id, acting_user())
    return render_template("protocols/_export_progress.html", made=made)


@blueprint.get(EXPORT + "/protocolos.xlsx")
@requires(Permission.PROTOCOLS_EXPORT)
def download_export(export_id: int) -> Response:
    """The file, as long as it lasts."""
    content = making.content_of(exporting.KIND, export_id, acting_user())
    return xlsx_file(content, dated("protocolos"))
