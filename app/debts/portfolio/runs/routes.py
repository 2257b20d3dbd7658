"""Carteira: a portfolio in, how far its simulation got, what came out, and the files."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.accounts import audit, audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts import tabs
from app.debts.engine.faults import DebtFault
from app.debts.engine.policies import read_policy
from app.debts.portfolio.files import meanings, reading
from app.debts.portfolio.runs import (
    choosing,
    keeping,
    live,
    queries,
    results,
    service,
    sockets,
    wording,
)
from app.debts.portfolio.runs.models import PortfolioRun
from app.errors import Conflict, GuicheError
from app.exports.routes import csv_file, xlsx_file
from app.exports.sheets import csv_text
from app.integrations.sienge import client
from app.media.storage import StorageError
from app.transactions import atomic
from app.words import N_, said

__all__ = ["blueprint", "init_app", "sockets"]  # importing the sockets is what registers them

blueprint = Blueprint("portfolio", __name__, url_prefix="/financeiro/carteira")
ONE = "/<int:run_id>"
UPLOAD_BYTES = reading.MAX_BYTES + 256 * 1024  # the form around the file
FIRST_SHOWN = 20


def init_app(app: Flask) -> None:
    """Add the pages, and how their figures read."""
    audit_words.ACTIONS.update(
        {
            "portfolio.started": N_("Iniciou a simulação da carteira"),
            "portfolio.cancelled": N_("Cancelou a simulação da carteira"),
            "portfolio.retried": N_("Tentou de novo a simulação da carteira"),
            "portfolio.exported": N_("Exportou a simulação da carteira"),
        }
    )
    audit_words.ENTITIES["portfolio_run"] = N_("simulação de carteira")
    app.register_blueprint(blueprint)
    tabs.add(tabs.Tab(60, "portfolio.runs", N_("Carteira"), Permission.DEBTS_PORTFOLIO))
    app.jinja_env.globals.update(
        portfolio_state=wording.run_state, portfolio_band=wording.band_name,
        portfolio_letter=wording.letter_name, portfolio_differing=wording.differing,
    )  # fmt: skip
    app.jinja_env.filters.update(
        reais=wording.reais, round_reais=wording.round_reais, thousands=wording.thousands
    )


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, values: object) -> None:
    """Only here may a body be larger than a webhook's; set before anything reads the form."""
    if endpoint == "portfolio.upload":
        request.max_content_length = UPLOAD_BYTES
    elif endpoint == "portfolio.start":
        request.max_content_length = service.SERIES_BYTES + 256 * 1024


@blueprint.get("")
@requires(Permission.DEBTS_PORTFOLIO)
def runs() -> str:
    """The form for a portfolio, and every simulation with what became of it."""
    return _list("")


@blueprint.get("/linhas")
@requires(Permission.DEBTS_PORTFOLIO)
def run_rows() -> str:
    """The list alone."""
    return render_template("debts/portfolio/_runs.html", runs=queries.newest(live.LISTED))


@blueprint.get("/modelo.csv")
@requires(Permission.DEBTS_PORTFOLIO)
def model() -> Response:
    """A spreadsheet to fill in: every column we read, and two rows that show how."""
    titles = [said(one.name) for one in meanings.MEANINGS]
    first = ["4521", "10/12/2026", "1250,00", "", "PM", "não", "IPCA", "15/03/2024", "2", "1",
             "48", "0", "6500,00"]  # fmt: skip
    second = ["4521", "10/01/2027", "1250,00", "", "PM", "não", "IPCA", "15/03/2024"]
    return csv_file(csv_text([titles, first, second + [""] * 5]), "carteira-modelo")


@blueprint.post("")
@requires(Permission.DEBTS_PORTFOLIO)
def upload() -> BaseResponse | tuple[str, int]:
    """Keep a file; its columns are shown next."""
    file = request.files.get("arquivo")
    try:
        if file is None or not file.filename:
            raise GuicheError(_("Escolha um arquivo CSV ou XLSX."), status=422)
        with tempfile.NamedTemporaryFile(prefix="guiche-carteira-") as kept:
            file.save(kept)
            kept.flush()
            policies = choosing.usual()
            made = service.upload(acting_user(), file.filename, Path(kept.name), policies)
    except GuicheError as error:
        return _list(error.message), error.status
    return redirect(url_for("portfolio.run_page", run_id=made.id))


@blueprint.post("/sienge")
@requires(Permission.DEBTS_PORTFOLIO)
def pull() -> BaseResponse:
    """A portfolio from the ERP: day and policies are shown next."""
    made = service.pull(acting_user(), choosing.usual())
    return redirect(url_for("portfolio.run_page", run_id=made.id))


@blueprint.get(ONE)
@requires(Permission.DEBTS_PORTFOLIO)
def run_page(run_id: int) -> str:
    """What the columns mean; or how far it got; or what came out."""
    return _page(queries.find(run_id))


@blueprint.get(ONE + "/andamento")
@requires(Permission.DEBTS_PORTFOLIO)
def run_part(run_id: int) -> str:
    """The same without the page around it."""
    return render_template("debts/portfolio/_run.html", made=queries.find(run_id))


@blueprint.post(ONE)
@requires(Permission.DEBTS_PORTFOLIO)
def start(run_id: int) -> BaseResponse | tuple[str, int]:
    """Let a worker begin."""
    found = queries.find(run_id)
    chosen = [request.form.get(f"coluna-{place}", "") for place in range(len(found.header))]
    try:
        bases = [read_policy(one) for one in found.policies]
        policies = [choosing.chosen(base, request.form, n) for n, base in enumerate(bases)]
        file = request.files.get("indices")
        told = file.read(service.SERIES_BYTES + 1) if file and file.filename else b""
        indexes = service.read_indexes(told) if told else None
        service.start(run_id, acting_user(), chosen, _day(), policies, indexes)
    except DebtFault as fault:
        return _page(found, chosen, fault.said(said)), 422
    except Conflict:
        pass  # somebody was faster: the page shows how far it got
    except GuicheError as error:
        return _page(found, chosen, error.message), error.status
    return redirect(url_for("portfolio.run_page", run_id=run_id))


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("dia", ""))
    except ValueError:
        raise GuicheError(_("Escolha o dia do cálculo."), status=422) from None


@blueprint.post(ONE + "/cancelamento")
@requires(Permission.DEBTS_PORTFOLIO)
def cancel(run_id: int) -> BaseResponse | str:
    """End it."""
    return _after(service.cancel(run_id, acting_user()))


@blueprint.post(ONE + "/nova-tentativa")
@requires(Permission.DEBTS_PORTFOLIO)
def retry(run_id: int) -> BaseResponse | str:
    """Go on behind the last part that is kept."""
    return _after(service.retry(run_id, acting_user()))


@blueprint.post(ONE + "/resumo")
@requires(Permission.DEBTS_PORTFOLIO)
def request_sheet(run_id: int) -> BaseResponse | str:
    """Let a worker write the summary as XLSX."""
    return _after(service.request_sheet(run_id, acting_user()))


@blueprint.get(ONE + "/resumo.xlsx")
@requires(Permission.DEBTS_PORTFOLIO)
def sheet(run_id: int) -> Response:
    """The summary, once it is written."""
    made = queries.find(run_id)
    return xlsx_file(
        (keeping.chunks(made.sheet_key, made.sheet_size), made.sheet_size),
        f"carteira-{run_id}-resumo",
    )


@blueprint.get(ONE + "/contratos.csv")
@requires(Permission.DEBTS_PORTFOLIO)
def contracts(run_id: int) -> Response:
    """Every contract's figures, sent while they are read."""
    made = queries.find(run_id)
    if made.result_key is None or made.result is None:
        raise Conflict(_("Os contratos só existem depois que a simulação termina."))
    with atomic():
        audit.record(
            acting_user(), "portfolio.exported", "portfolio_run", run_id, None, {"format": "csv"}
        )
    labels = [f"{n} {one['label']}" for n, one in enumerate(made.result["policies"], 1)]
    return csv_file(csv_text(_contracts(made.result_key, labels)), f"carteira-{run_id}-contratos")


def _contracts(key: str, labels: list[str]) -> Iterator[list[str]]:
    try:
        with keeping.fetched(key) as file:
            yield results.header(labels)
            yield from results.rows(file)
    except StorageError:
        raise Conflict(_("Este arquivo já não está disponível.")) from None


@blueprint.get(ONE + "/recusadas")
@requires(Permission.DEBTS_PORTFOLIO)
def refused(run_id: int) -> str:
    """The first rows that were left out, to look at."""
    rows = queries.refusals(queries.find(run_id).id, size=FIRST_SHOWN)
    return render_template("debts/portfolio/_refused.html", rows=rows)


@blueprint.get(ONE + "/recusadas.csv")
@requires(Permission.DEBTS_PORTFOLIO)
def refused_csv(run_id: int) -> Response:
    """All that are kept, each with contract, field and reason."""
    found = queries.find(run_id)
    return csv_file(csv_text(_refused(found.id)), f"carteira-{run_id}-recusadas")


def _refused(run_id: int) -> Iterator[list[str]]:
    yield [_("Linha"), _("Contrato"), _("Campo"), _("Motivo")]
    after = 0
    while rows := queries.refusals(run_id, after):
        for row in rows:
            yield [str(row.line or ""), row.contract, said(row.field), row.reason]
        after = rows[-1].id


def _after(made: PortfolioRun) -> BaseResponse | str:
    if request.headers.get("HX-Request"):
        return render_template("debts/portfolio/_run.html", made=made)
    return redirect(url_for("portfolio.run_page", run_id=made.id))


def _list(error: str) -> str:
    return render_template(
        "debts/portfolio/runs.html",
        runs=queries.newest(live.LISTED),
        error=error,
        has_erp=client.is_configured(),
    )


def _page(found: PortfolioRun, chosen: list[str] | None = None, error: str = "") -> str:
    if found.state != "mapping":
        return render_template("debts/portfolio/run.html", made=found)
    policies = [read_policy(one) for one in found.policies]
    given = request.form if error else {}
    knobs = [
        (knob, [
            given.get(f"{knob.key}-{n}", choosing.shown(policy)[knob.key])
            for n, policy in enumerate(policies)
        ])
        for knob in choosing.KNOBS
    ]  # fmt: skip
    return render_template(
        "debts/portfolio/mapping.html", made=found, chosen=chosen or found.columns, error=error,
        meanings=meanings.MEANINGS, knobs=knobs, policies=policies, methods=choosing.METHODS,
        day=given.get("dia", found.day.isoformat()),
    )  # fmt: skip
