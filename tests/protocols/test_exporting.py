"""Exports: one row per protocol, cells that nobody's spreadsheet runs, sheets that end."""

import io

import openpyxl
import pytest

from app.exports import making, sheets
from app.protocols import exporting, service
from tests.browser_client import as_page


@pytest.fixture
def gisele(login_as, cast):
    return as_page(login_as(cast.gisele))


def test_csv_has_a_row_for_each_and_runs_nothing(make, gisele, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 2)
    for text in ("=1+1", "Visita", "@x", "-2"):
        make(language="pt-BR", description=text)
    lines = gisele.post("/protocolos/lista/exportacoes", data={"formato": "csv"}).text.splitlines()
    assert len(lines) == 5
    assert [line.split(";")[0] for line in lines[1:]] == ["#00004", "#00003", "#00002", "#00001"]
    assert "'=1+1" in lines[4]
    assert "'@x" in lines[2]


def test_xlsx_is_made_by_a_worker_and_goes_on_in_the_next_sheet(
    app, make, gisele, work, monkeypatch
):
    monkeypatch.setattr(sheets, "SHEET_ROWS", 3)
    monkeypatch.setattr(sheets, "PROGRESS", 2)
    monkeypatch.setattr(exporting, "BATCH", 2)
    for _ in range(5):
        made = make(language="es")
    with app.app_context():
        service.change(made.id, "teste", {"status": "closed"})
    page = gisele.post("/protocolos/lista/exportacoes", data={"formato": "xlsx"})
    assert page.location == "/protocolos/lista/exportacoes/1"
    assert "Preparando" in gisele.get(page.location).text
    work("bulk")
    assert "Baixar XLSX" in gisele.get(page.location + "/andamento").text
    book = openpyxl.load_workbook(
        io.BytesIO(gisele.get(page.location + "/protocolos.xlsx").data), read_only=True
    )
    assert [len(list(sheet.rows)) for sheet in book] == [3, 3, 2]


def test_an_export_is_its_makers_alone(make, gisele, login_as, cast):
    make()
    gisele.post("/protocolos/lista/exportacoes", data={"formato": "xlsx"})
    assert login_as(cast.adriana).get("/protocolos/lista/exportacoes/1").status_code == 404
    assert login_as(cast.ana).get("/protocolos/lista/exportacoes/nova").status_code == 404


def test_a_file_that_kills_every_worker_ends_as_failed(app, make, gisele):
    make()
    page = gisele.post("/protocolos/lista/exportacoes", data={"formato": "xlsx"}).location
    with app.app_context():
        for _ in range(making.TRIES):
            assert making._begin(exporting.KIND, 1)  # and died
        making.run(exporting.KIND, 1)
    assert "Não foi possível preparar o arquivo" in gisele.get(page).text
