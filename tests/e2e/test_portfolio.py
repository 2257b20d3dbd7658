"""A portfolio in the browser: sent, followed without a reload, read, taken along."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.cast import Cast
from tests.debts.portfolio.test_runs import sheet
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import violations

pytestmark = pytest.mark.browser


def test_a_portfolio_is_sent_followed_and_read(
    app: Flask, visit: Visit, cast: Cast, tmp_path: Path, work
) -> None:
    file = tmp_path / "carteira.csv"
    file.write_text(sheet())
    page = visit(cast.fabio, "/financeiro/carteira")
    other = visit(cast.gisele, "/financeiro/carteira")
    expect(other.get_by_text("Nenhuma simulação ainda")).to_be_visible()
    page.get_by_label("Planilha CSV ou XLSX").set_input_files(file)
    page.get_by_role("button", name="Enviar e conferir").click()
    expect(page.get_by_label("Vencimento").first).to_have_value("due")
    assert violations(page) == []
    page.locator("[name=A-desc_multa-1]").fill("100")
    page.get_by_role("button", name="Simular").click()
    expect(page.get_by_role("status").filter(has_text="Na fila")).to_be_visible()
    expect(other.get_by_text("carteira.csv")).to_be_visible()
    work("bulk")
    expect(page.get_by_text("6 contratos foram refeitos um a um")).to_be_visible()
    expect(page.get_by_role("heading", name="As duas políticas lado a lado")).to_be_visible()
    expect(page.get_by_text("2 · guiche 1 ajustada").first).to_be_visible()
    expect(other.get_by_text("5 de 6 contratos em atraso")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Preparar o resumo em XLSX").click()
    expect(page.get_by_role("button", name="Preparando o resumo…")).to_be_visible()
    work("bulk")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Baixar o resumo em XLSX").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
