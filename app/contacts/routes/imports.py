"""Importações: a file in, its columns given a meaning, its progress, and what was refused."""

import io
from collections.abc import Iterator

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.routes.blueprint import blueprint
from app.contacts.transfers import columns, importing, queries, reading, undoing
from app.contacts.transfers.models import ContactImport
from app.errors import Conflict, GuicheError
from app.exports.routes import csv_file, xlsx_file
from app.exports.sheets import csv_text

IMPORT = "/importacoes/<int(max=9223372036854775807):import_id>"
UPLOAD_BYTES = reading.MAX_BYTES + 64 * 1024  # the form around the file
FIRST_SHOWN = 20
MOST_IN_XLSX = 5_000  # refused rows that a request may write


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, values: object) -> None:
    """Only here may a body be larger than a webhook's; set before anything reads the form."""
    if endpoint == "contacts.upload_import":
        request.max_content_length = UPLOAD_BYTES


@blueprint.get("/importacoes")
@requires(Permission.CONTACTS_IMPORT)
def imports() -> str:
    """The form for a file, and every import with what became of it."""
    return render_template("contacts/imports.html", imports=queries.newest(), error=None)


@blueprint.get("/importacoes/linhas")
@requires(Permission.CONTACTS_IMPORT)
def import_rows() -> str:
    """The list alone."""
    return render_template("contacts/_imports.html", imports=queries.newest())


@blueprint.post("/importacoes")
@requires(Permission.CONTACTS_IMPORT)
def upload_import() -> BaseResponse | tuple[str, int]:
    """Keep a file; its columns are shown next."""
    file = request.files.get("arquivo")
    try:
        if file is None or not file.filename:
            raise GuicheError(_("Escolha um arquivo CSV ou XLSX."), status=422)
        made = importing.upload(acting_user(), file.filename, file.read(reading.MAX_BYTES + 1))
    except GuicheError as error:
        page = render_template(
            "contacts/imports.html", imports=queries.newest(), error=error.message
        )
        return page, error.status
    return redirect(url_for("contacts.import_page", import_id=made.id))


@blueprint.get(IMPORT)
@requires(Permission.CONTACTS_IMPORT)
def import_page(import_id: int) -> str:
    """What the columns mean, or how far it got."""
    return _page(queries.find(import_id))


@blueprint.get(IMPORT + "/andamento")
@requires(Permission.CONTACTS_IMPORT)
def import_progress(import_id: int) -> str:
    """How far it got, alone."""
    return _progress(queries.find(import_id))


@blueprint.post(IMPORT)
@requires(Permission.CONTACTS_IMPORT)
def start_import(import_id: int) -> BaseResponse | tuple[str, int]:
    """Let a worker take the rows over."""
    found = queries.find(import_id)
    chosen = [request.form.get(f"coluna-{place}", "") for place in range(len(found.header))]
    known = request.form.get("conhecidos", "fill")
    try:
        importing.start(import_id, acting_user(), chosen, known)
    except Conflict:
        pass  # somebody was faster: the page shows how far it got
    except GuicheError as error:
        return _page(found, chosen, known, error.message), error.status
    return redirect(url_for("contacts.import_page", import_id=import_id))


@blueprint.post(IMPORT + "/cancelamento")
@requires(Permission.CONTACTS_IMPORT)
def cancel_import(import_id: int) -> BaseResponse | str:
    """Stop before the next row."""
    found = importing.cancel(import_id, acting_user())
    if request.headers.get("HX-Request"):
        return _progress(found)
    return redirect(url_for("contacts.import_page", import_id=import_id))


@blueprint.post(IMPORT + "/volta")
@requires(Permission.CONTACTS_IMPORT)
def undo_import(import_id: int) -> str:
    """Take it back: what it made or changed, and nobody else changed since."""
    return _progress(undoing.start(import_id, acting_user()))


@blueprint.get(IMPORT + "/recusadas")
@requires(Permission.CONTACTS_IMPORT)
def refused_list(import_id: int) -> str:
    """The first refused rows, to look at."""
    return _first(import_id, "refused")


@blueprint.get(IMPORT + "/recusadas.csv")
@requires(Permission.CONTACTS_IMPORT)
def refused_csv(import_id: int) -> Response:
    """The refused rows with the reason, to be corrected and imported again."""
    lines = csv_text(_lines(queries.find(import_id), "refused"))
    return csv_file(lines, f"recusadas-{import_id}")


@blueprint.get(IMPORT + "/recusadas.xlsx")
@requires(Permission.CONTACTS_IMPORT)
def refused_xlsx(import_id: int) -> Response:
    """The same as XLSX; of very many only CSV is offered."""
    found = queries.find(import_id)
    if found.refused > MOST_IN_XLSX:
        raise Conflict(_("São linhas demais para XLSX aqui. Baixe o CSV."))
    import xlsxwriter  # here: it makes every start slower

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(_("Recusadas"))
    for number, cells in enumerate(_lines(found, "refused")):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell)
    book.close()
    content = file.getvalue()
    return xlsx_file((iter([content]), len(content)), f"recusadas-{import_id}")


@blueprint.get(IMPORT + "/mantidas")
@requires(Permission.CONTACTS_IMPORT)
def kept_list(import_id: int) -> str:
    """The first lines of which something stays after it was taken back, to look at."""
    return _first(import_id, "kept")


@blueprint.get(IMPORT + "/mantidas.csv")
@requires(Permission.CONTACTS_IMPORT)
def kept_csv(import_id: int) -> Response:
    """All of them, each with why."""
    return csv_file(csv_text(_lines(queries.find(import_id), "kept")), f"mantidas-{import_id}")


def _first(import_id: int, state: str) -> str:
    rows = queries.rows_with_reason(queries.find(import_id).id, state, size=FIRST_SHOWN)
    return render_template("contacts/_refused.html", rows=rows, state=state)


def _lines(found: ContactImport, state: str) -> Iterator[list[str]]:
    """The original columns, then the line in the original file and the reason."""
    width = len(found.header)
    why = _("Motivo da recusa") if state == "refused" else _("Por que fica")
    yield [*found.header, _("Linha"), why]
    after = 0
    while rows := queries.rows_with_reason(found.id, state, after):
        for row in rows:
            cells = [*row.cells, *[""] * width][:width]
            yield [*cells, str(row.line), row.reason or ""]
        after = rows[-1].line


def _progress(found: ContactImport) -> str:
    may_undo = undoing.may_undo(found, acting_user())
    return render_template("contacts/_import_progress.html", made=found, may_undo=may_undo)


def _page(
    found: ContactImport, chosen: list[str] | None = None, known: str = "fill", error: str = ""
) -> str:
    return render_template(
        "contacts/import.html", made=found, chosen=chosen or found.columns, known=known,
        error=error, meanings=columns.meanings(custom_fields.in_use()),
        may_undo=undoing.may_undo(found, acting_user()),
    )  # fmt: skip
