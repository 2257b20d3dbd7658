"""Importações: a file in, its columns given a meaning, its progress, and what was refused."""

import io
from collections.abc import Iterator

from flask import Response, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.routes.blueprint import blueprint
from app.contacts.transfers import columns, exporting, importing, reading
from app.contacts.transfers.models import ContactImport
from app.errors import Conflict, GuicheError

IMPORT = "/importacoes/<int(max=9223372036854775807):import_id>"
UPLOAD_BYTES = reading.MAX_BYTES + 64 * 1024  # the form around the file
FIRST_REFUSED = 20
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
    return render_template("contacts/imports.html", imports=importing.newest(), error=None)


@blueprint.get("/importacoes/linhas")
@requires(Permission.CONTACTS_IMPORT)
def import_rows() -> str:
    """The list alone."""
    return render_template("contacts/_imports.html", imports=importing.newest())


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
            "contacts/imports.html", imports=importing.newest(), error=error.message
        )
        return page, error.status
    return redirect(url_for("contacts.import_page", import_id=made.id))


@blueprint.get(IMPORT)
@requires(Permission.CONTACTS_IMPORT)
def import_page(import_id: int) -> str:
    """What the columns mean, or how far it got."""
    return _page(importing.find(import_id))


@blueprint.get(IMPORT + "/andamento")
@requires(Permission.CONTACTS_IMPORT)
def import_progress(import_id: int) -> str:
    """How far it got, alone."""
    return render_template("contacts/_import_progress.html", made=importing.find(import_id))


@blueprint.post(IMPORT)
@requires(Permission.CONTACTS_IMPORT)
def start_import(import_id: int) -> BaseResponse | tuple[str, int]:
    """Let a worker take the rows over."""
    found = importing.find(import_id)
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
        return render_template("contacts/_import_progress.html", made=found)
    return redirect(url_for("contacts.import_page", import_id=import_id))


@blueprint.get(IMPORT + "/recusadas")
@requires(Permission.CONTACTS_IMPORT)
def refused_list(import_id: int) -> str:
    """The first refused rows, to look at."""
    rows = importing.refused_rows(importing.find(import_id).id, size=FIRST_REFUSED)
    return render_template("contacts/_refused.html", refused=rows)


@blueprint.get(IMPORT + "/recusadas.csv")
@requires(Permission.CONTACTS_IMPORT)
def refused_csv(import_id: int) -> Response:
    """The refused rows with the reason, to be corrected and imported again."""
    found = importing.find(import_id)
    lines = (exporting.csv_line(cells) for cells in _refused(found))
    return _download(stream_with_context(_marked(lines)), "text/csv", f"recusadas-{import_id}.csv")


@blueprint.get(IMPORT + "/recusadas.xlsx")
@requires(Permission.CONTACTS_IMPORT)
def refused_xlsx(import_id: int) -> Response:
    """The same as XLSX; of very many only CSV is offered."""
    found = importing.find(import_id)
    if found.refused > MOST_IN_XLSX:
        raise Conflict(_("São linhas demais para XLSX aqui. Baixe o CSV."))
    import xlsxwriter  # here: it makes every start slower

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(_("Recusadas"))
    for number, cells in enumerate(_refused(found)):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(file.getvalue(), kind, f"recusadas-{import_id}.xlsx")


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines


def _refused(found: ContactImport) -> Iterator[list[str]]:
    """The original columns, then the line in the original file and the reason."""
    width = len(found.header)
    yield [*found.header, _("Linha"), _("Motivo da recusa")]
    after = 0
    while rows := importing.refused_rows(found.id, after):
        for row in rows:
            cells = [*row.cells, *[""] * width][:width]
            yield [*cells, str(row.line), row.reason or ""]
        after = rows[-1].line


def _download(body: object, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=kind, headers=headers)  # type: ignore[arg-type]  # bytes or lines


def _page(
    found: ContactImport, chosen: list[str] | None = None, known: str = "fill", error: str = ""
) -> str:
    return render_template(
        "contacts/import.html", made=found, chosen=chosen or found.columns, known=known,
        error=error, meanings=columns.meanings(custom_fields.in_use()),
    )  # fmt: skip
