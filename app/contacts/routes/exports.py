"""Exportação: the list of contacts as CSV, or as XLSX that a worker makes."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts import listing
from app.contacts.routes.blueprint import blueprint
from app.contacts.transfers import exporting
from app.exports import making
from app.exports.routes import csv_file, dated, xlsx_file

EXPORT = "/exportacoes/<int(max=9223372036854775807):export_id>"


@blueprint.get("/exportacoes/nova")
@requires(Permission.CONTACTS_EXPORT)
def new_export() -> str:
    """How many would be exported, and in which form."""
    chosen = listing.parse_filter(request.args)
    return render_template("contacts/export_new.html", chosen=chosen, total=exporting.count(chosen))


@blueprint.post("/exportacoes")
@requires(Permission.CONTACTS_EXPORT)
def export() -> Response | BaseResponse:
    """A CSV at once, or an XLSX that is being made."""
    chosen = listing.parse_filter(request.form)
    whole_cpf = request.form.get("cpf_inteiro") == "1"
    if request.form.get("formato") == "xlsx":
        made = exporting.request_xlsx(acting_user(), chosen, whole_cpf)
        return redirect(url_for("contacts.export_page", export_id=made.id))
    lines = exporting.csv_export(acting_user(), chosen, whole_cpf)
    return csv_file(lines, dated("contatos"))


@blueprint.get(EXPORT)
@requires(Permission.CONTACTS_EXPORT)
def export_page(export_id: int) -> str:
    """How far the file is, and the link to it, for who asked for it."""
    made = making.find(exporting.KIND, export_id, acting_user())
    return render_template("contacts/export.html", made=made)


@blueprint.get(EXPORT + "/andamento")
@requires(Permission.CONTACTS_EXPORT)
def export_progress(export_id: int) -> str:
    """How far it is, alone."""
    made = making.find(exporting.KIND, export_id, acting_user())
    return render_template("contacts/_export_progress.html", made=made)


@blueprint.get(EXPORT + "/contatos.xlsx")
@requires(Permission.CONTACTS_EXPORT)
def download_export(export_id: int) -> Response:
    """The file, as long as it lasts."""
    content = making.content_of(exporting.KIND, export_id, acting_user())
    return xlsx_file(content, dated("contatos"))
