"""Whole portfolios: uploaded, computed by a worker part by part, shown, exported."""

import csv
import io
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from app import clock
from app.accounts.models import AuditEntry
from app.debts.engine.charges import LateTerms
from app.debts.engine.offer import propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.statement.analysis import analyse
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.contract import Category, Contract, Instalment
from app.debts.portfolio.runs import choosing, keeping, working
from app.debts.portfolio.runs.models import PortfolioPart, PortfolioRefusal, PortfolioRun
from app.debts.portfolio.runs.service import today
from app.errors import GuicheError
from app.extensions import db
from app.media.storage import StorageError, storage
from tests.browser_client import as_page
from tests.counting import counted_queries

HOME = "/financeiro/carteira"
# What the page itself sends for both policies when nothing is turned.
KNOBS = {f"{key}-{n}": value for n in (0, 1) for key, value in choosing.shown(GUICHE).items()}


def due(days_ago: int) -> str:
    return f"{today() - timedelta(days=days_ago):%d/%m/%Y}"


def sheet(contracts: int = 6, late: int = 3, coming: int = 9) -> str:
    """Contract n owes `late` instalments of n × 250 (the first owes none), and pays 2 % and 1 %."""
    lines = ["Contrato;Vencimento;Valor;Tipo;Multa;Juros;Renda"]
    for n in range(contracts):
        first = (late if n else 0) * 30 - 15
        lines += [
            f"C-{n};{due(first - 30 * k)};{(n + 1) * 250},00;PM;2;1;6.500,00"
            for k in range((late if n else 0) + coming)
        ]
    return "\n".join(lines)


def upload(client: Any, content: bytes, name: str = "carteira.csv") -> PortfolioRun:
    answer = client.post(
        HOME, data={"arquivo": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.text[-2000:]
    return newest()


def newest() -> PortfolioRun:
    db.session.rollback()
    return (
        db.session.query(PortfolioRun).order_by(PortfolioRun.id.desc()).populate_existing().first()
    )


def start(client: Any, made: PortfolioRun, **changed: Any) -> Any:
    columns = {f"coluna-{place}": key for place, key in enumerate(made.columns)}
    form = {**columns, "dia": made.day.isoformat(), **changed}
    return client.post(f"{HOME}/{made.id}", data=form, content_type="multipart/form-data")


def computed(client: Any, work: Any, content: str, **changed: Any) -> PortfolioRun:
    made = upload(client, content.encode())
    answer = start(client, made, **changed)
    assert answer.status_code == 302, answer.text[-2000:]
    work("bulk")
    return newest()


@pytest.fixture
def fabio(login_as, cast, context):
    return as_page(login_as(cast.fabio))


def test_a_portfolio_is_computed_and_its_page_says_so(fabio, work):
    made = computed(fabio, work, sheet(), **{**KNOBS, "A-desc_multa-1": "100"})
    assert (made.state, made.refused, made.instalments) == ("done", 0, 5 * 12 + 9)
    told = made.result
    assert (told["contracts"], told["late_contracts"], told["late_instalments"]) == (6, 5, 15)
    engine = [of_engine(n) for n in range(1, 6)]
    assert told["total"] == sum(one.debt.total for one in engine)
    first, second = told["policies"]
    for letter in "ABC":
        wanted = sum(one.of(letter).total for one in engine)
        assert first["letters"][letter]["total"] == wanted, letter
    assert second["letters"]["A"]["total"] == told["principal"]  # all charges waived
    assert (first["label"], second["label"]) == ("guiche 1", "guiche 1 ajustada")
    assert sum(band["contracts"] for band in told["bands"]) == 6
    assert (told["sample"], [one["contracts"] for one in told["differing"]]) == (6, [0, 0])
    html = fabio.get(f"{HOME}/{made.id}").text
    for words in ("Conferida", "6 contratos foram refeitos", "lado a lado", "Vencido por tempo"):
        assert words in html
    assert db.session.query(AuditEntry).filter_by(action="portfolio.started").count() == 1


def of_engine(n: int):
    """The same contract by the scalar engine."""
    contract = Contract(f"C-{n}", late=LateTerms())
    rows = [
        Instalment(str(k), today() - timedelta(days=75 - 30 * k), (n + 1) * 250_00,
                   Category.MONTHLY)
        for k in range(12)
    ]  # fmt: skip
    debt = debt_from(analyse(contract, rows, today()), income=6_500_00)
    return propose(debt, GUICHE)


def test_rows_that_cannot_be_are_named_by_contract_and_field_and_the_rest_counts(fabio, work):
    odd = [
        "D-1;30/02/2026;100,00;PM;2;1;",
        "D-2;10/10/2026;-5,00;PM;2;1;",
        "D-3;10/10/2026;10000000000,00;PM;2;1;",
        ";10/10/2026;5,00;PM;2;1;",
        "D-4;10/10/2026;abc;PM;2;1;",
        f"C-1;{due(40)};5,00;PM;1;1;",
    ]
    made = computed(fabio, work, "\n".join([sheet(), *odd]))
    assert (made.state, made.refused, made.result["contracts"]) == ("done", 6, 6)
    rows = list(csv.reader(io.StringIO(fabio.get(f"{HOME}/{made.id}/recusadas.csv").text[1:]),
                           delimiter=";"))  # fmt: skip
    assert [(row[1], row[2]) for row in rows[1:]] == [
        ("D-1", "Vencimento"), ("D-2", "Valor original"), ("D-3", "Valor original"),
        ("", "Contrato"), ("D-4", "Valor original"), ("C-1", "Multa (%)"),
    ]  # fmt: skip
    assert "não existe" in rows[1][3]
    assert "D-4" in fabio.get(f"{HOME}/{made.id}/recusadas").text


def test_indexes_come_beside_it_and_a_missing_month_refuses_its_row_only(fabio, work):
    content = f"Contrato;Vencimento;Valor;Índice;Data-base\nA;{due(40)};1000,00;IPCA;01/03/2025\n"
    content += f"B;{due(40)};1000,00;IPCA;01/03/1999\nE;{due(40)};1000,00;CUB;01/03/2025"
    months = [(year, month) for year in (2025, 2026, 2027) for month in range(1, 13)]
    series = "\n".join(["índice;mês;variação", *(f"IPCA;{m:02d}/{y};1,00" for y, m in months)])
    made = upload(fabio, content.encode())
    assert start(fabio, made, indices=(io.BytesIO(series.encode()), "i.csv")).status_code == 302
    work("bulk")
    made = newest()
    assert made.state == "done", made.error
    assert (made.result["contracts"], made.refused) == (1, 2)
    assert made.result["principal"] > 1000_00
    reasons = {one.contract: one.reason for one in db.session.query(PortfolioRefusal)}
    assert "IPCA de 1999-02" in reasons["B"]
    assert "CUB" in reasons["E"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"coluna-2": ""}, "Valor original"),
        ({"coluna-3": "due"}, "mesmo campo"),
        ({"dia": "ontem"}, "dia do cálculo"),
        ({"A-desc_multa-1": "130"}, "vai de 0 a 100"),
        ({"indices": (io.BytesIO(b"IPCA;13/2026;1\nIPCA;14/2026;1"), "i.csv")}, "mês"),
    ],
)
def test_what_cannot_be_computed_is_said_before_it_begins(fabio, changed, said):
    made = upload(fabio, sheet().encode())
    answer = start(fabio, made, **changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert newest().state == "mapping"


def test_no_spreadsheet_is_refused_with_words(fabio):
    for content, said in ((b"", "saibamos ler"), (b"so titulos\n", "linha de títulos")):
        data = {"arquivo": (io.BytesIO(content), "x.csv")}
        answer = fabio.post(HOME, data=data, content_type="multipart/form-data")
        assert answer.status_code in (415, 422)
        assert said in answer.text


def test_a_worker_killed_in_the_middle_is_followed_by_another(fabio, work, monkeypatch):
    made = upload(fabio, sheet(contracts=20).encode())
    start(fabio, made)
    killed = subprocess.run([sys.executable, "-c", DIES, str(made.id)], timeout=60)
    assert killed.returncode == -9
    between = newest()
    assert between.state == "reading"
    assert 0 < between.instalments < 9 + 19 * 12
    clock.shift(timedelta(minutes=5))
    monkeypatch.setattr(working, "PART_ROWS", 50)
    working.redrive()
    work("bulk")
    done = newest()
    assert (done.state, done.instalments) == ("done", 9 + 19 * 12)
    assert done.result["contracts"] == 20
    assert db.session.query(PortfolioPart).count() == 0  # needed no more


DIES = """
import os, signal, sys
from app import create_app
from app.debts.portfolio.runs import working
working.PART_ROWS = 50
keep, kept = working._keep, []
def dying(*given):
    if len(kept) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    kept.append(1)
    return keep(*given)
working._keep = dying
with create_app().app_context():
    working.run(int(sys.argv[1]))
"""


def test_what_stops_again_and_again_ends_as_a_row_to_try_again(fabio, work, monkeypatch):
    made = upload(fabio, sheet().encode())
    start(fabio, made)

    def broken(*given: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(working, "_compute", broken)
        for _ in range(working.TRIES + 2):
            try:
                working.run(made.id)
            except MemoryError:
                db.session.rollback()
    failed = newest()
    assert (failed.state, failed.instalments) == ("failed", 69)
    html = fabio.get(f"{HOME}/{made.id}").text
    assert "Tentar de novo" in html
    assert fabio.post(f"{HOME}/{made.id}/nova-tentativa").status_code == 200
    work("bulk")
    assert newest().state == "done"


def test_it_is_cancelled_at_once_and_leaves_nothing_behind(fabio, work):
    made = upload(fabio, sheet().encode())
    key = made.content_key
    start(fabio, made)
    found = working._begin(made.id)
    assert fabio.post(f"{HOME}/{made.id}/cancelamento").status_code == 200
    with pytest.raises((StorageError, GuicheError)):
        working._read(found)  # the file is gone
    work("bulk")
    assert newest().state == "cancelled"
    with pytest.raises(StorageError):
        storage().read(key, 0, 10)
    assert fabio.post(f"{HOME}/{made.id}/cancelamento").status_code == 409
    assert db.session.query(PortfolioPart).count() == 0


def test_contracts_leave_as_csv_and_the_summary_as_xlsx(fabio, work):
    made = computed(fabio, work, sheet())
    text = fabio.get(f"{HOME}/{made.id}/contratos.csv").text
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert len(rows) == 7
    assert len({len(row) for row in rows}) == 1
    third = dict(zip(rows[0], rows[3], strict=True))
    cash = of_engine(2).of("A").total
    assert third["A · total · 1 guiche 1"] == f"{cash // 100},{cash % 100:02d}"
    assert rows[1][6] == "0,00"
    assert fabio.get(f"{HOME}/{made.id}/resumo.xlsx").status_code == 409
    fabio.post(f"{HOME}/{made.id}/resumo")
    work("bulk")
    book = load_workbook(io.BytesIO(fabio.get(f"{HOME}/{made.id}/resumo.xlsx").data))
    assert book.sheetnames == ["Resumo", "Faixas", "Políticas"]
    told = {row[0].value: row[1].value for row in book["Resumo"].iter_rows(min_row=2)}
    assert told["Total vencido (R$)"] == pytest.approx(newest().result["total"] / 100)


def test_xlsx_is_read_too(fabio, work):
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    for line, text in enumerate(sheet().split("\n")):
        cells: list[Any] = text.split(";")
        if line:
            cells[2] = float(cells[2].replace(",", "."))
        page.write_row(line, 0, cells)
    book.close()
    made = upload(fabio, file.getvalue(), "carteira.xlsx")
    start(fabio, made)
    work("bulk")
    assert newest().result["total"] == sum(of_engine(n).debt.total for n in range(1, 6))


def test_old_simulations_go_with_their_files(fabio, work):
    made = computed(fabio, work, sheet())
    key = made.result_key
    clock.shift(timedelta(days=91))
    keeping.forget_old()
    assert db.session.query(PortfolioRun).count() == 0
    with pytest.raises(StorageError):
        storage().read(key, 0, 10)


def test_only_who_may_simulate_portfolios_sees_them(login_as, cast):
    assert login_as(cast.fabio).get(HOME).status_code == 200
    ana = as_page(login_as(cast.ana))
    for path in (HOME, f"{HOME}/1", f"{HOME}/1/contratos.csv", f"{HOME}/1/recusadas.csv"):
        assert ana.get(path).status_code == 404
    assert ana.post(f"{HOME}/1/cancelamento").status_code == 403


def test_the_list_takes_the_same_few_statements_however_long(fabio, work):
    computed(fabio, work, sheet())
    fabio.get(HOME)
    with counted_queries() as one:
        fabio.get(HOME)
    upload(fabio, sheet().encode())
    with counted_queries() as two:
        fabio.get(HOME)
    assert one.total == two.total
