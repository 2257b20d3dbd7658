"""The summary of a run as XLSX, written by a worker: bands, both policies, the sample."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask_babel import gettext as _

from app import clock
from app.debts.engine.money import to_reais
from app.debts.portfolio.runs import keeping, queries
from app.debts.portfolio.runs.models import PortfolioRun
from app.debts.portfolio.runs.service import announce
from app.debts.portfolio.runs.wording import band_name, letter_name
from app.errors import GuicheError
from app.media.storage import StorageError
from app.transactions import atomic

log = structlog.get_logger()

Put = Callable[[list[object]], None]


def write(run_id: int) -> None:
    """A worker's turn: write the file; begun anew when the worker before it died."""
    made = queries.find(run_id)
    if made.sheet_state != "queued" or made.result is None:
        return
    try:
        with tempfile.NamedTemporaryFile(prefix="guiche-carteira-", suffix=".xlsx") as file:
            _fill(Path(file.name), made, made.result)
            size = Path(file.name).stat().st_size
            key = keeping.keep(Path(file.name), keeping.XLSX)
    except (GuicheError, StorageError) as error:
        log.warning("portfolio_sheet_failed", run_id=run_id, reason=str(error))
        _settle(run_id, "failed")
        return
    _settle(run_id, "done", key, size)


def _settle(run_id: int, state: str, key: str | None = None, size: int = 0) -> None:
    with atomic():
        made = queries.locked(run_id)
        if made.sheet_state != "queued":
            if key:
                keeping.forget(key)
            return
        made.sheet_state, made.sheet_key, made.sheet_size = state, key, size
        made.worked_at = clock.now()
        announce(made)


def _fill(file: Path, made: PortfolioRun, result: dict[str, Any]) -> None:
    import xlsxwriter  # here: it makes every start slower

    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": "#,##0.00"})

    def sheet(name: str, titles: list[str]) -> Put:
        page = book.add_worksheet(name)
        page.write_row(0, 0, titles, bold)
        page.set_column(0, 0, 34)
        page.set_column(1, max(1, len(titles) - 1), 18)
        page.freeze_panes(1, 0)
        at = [1]

        def put(cells: list[object]) -> None:
            for place, cell in enumerate(cells):
                if isinstance(cell, _Money):
                    page.write_number(at[0], place, float(to_reais(int(cell))), money)
                elif isinstance(cell, int):
                    page.write_number(at[0], place, cell)
                else:
                    page.write_string(at[0], place, str(cell))
            at[0] += 1

        return put

    _overview(sheet(_("Resumo"), [_("O quê"), _("Valor")]), made, result)
    bands = sheet(_("Faixas"), [_("Atraso"), _("Contratos"), _("Total vencido (R$)")])
    for band in result["bands"]:
        bands([band_name(band), band["contracts"], _Money(band["total"])])
    titles = [_("Proposta"), *(one["label"] for one in result["policies"])]
    _policies(sheet(_("Políticas"), titles), result["policies"])
    book.close()


class _Money(int):
    """Cents that a cell shows as reais."""


def _overview(put: Put, made: PortfolioRun, result: dict[str, Any]) -> None:
    put([_("Carteira"), made.name])
    put([_("Data do cálculo"), f"{made.day:%d/%m/%Y}"])
    for words, key in (
        (_("Contratos com parcela em aberto"), "contracts"),
        (_("Contratos sem parcela em aberto"), "settled_contracts"),
        (_("Parcelas em aberto"), "instalments"),
        (_("Contratos em atraso"), "late_contracts"),
        (_("Parcelas vencidas"), "late_instalments"),
    ):
        put([words, result[key]])
    put([_("Linhas recusadas"), made.refused])
    for words, key in (
        (_("Principal corrigido (R$)"), "principal"),
        (_("Multa (R$)"), "fine"),
        (_("Juros de mora (R$)"), "interest"),
        (_("Total vencido (R$)"), "total"),
    ):
        put([words, _Money(result[key])])
    put([_("Contratos recalculados pelo motor"), result["sample"]])
    for policy, told in zip(result["policies"], result["differing"], strict=True):
        put([_("Contratos com diferença, %(policy)s", policy=policy["label"]), told["contracts"]])


def _policies(put: Put, policies: list[dict[str, Any]]) -> None:
    for letter in ("A", "B", "C"):
        for words, key, is_money in (
            (_("contratos"), "contracts", False),
            (_("total proposto (R$)"), "total", True),
            (_("desconto (R$)"), "discount", True),
            (_("entra de imediato (R$)"), "at_once", True),
            (_("acima da capacidade"), "above", False),
        ):
            values = [one["letters"][letter][key] for one in policies]
            shown = [_Money(one) if is_money else one for one in values]
            put([f"{letter_name(letter)}: {words}", *shown])
