"""What people do with runs: upload, start, cancel, try again, ask for the summary's sheet."""

import tempfile
from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

from flask_babel import gettext as _

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.debts.engine.faults import DebtFault
from app.debts.engine.months import FIRST_YEAR, LAST_YEAR
from app.debts.engine.policies import Policy, written_policy
from app.debts.portfolio.files import meanings, reading
from app.debts.portfolio.files.cells import RowReader
from app.debts.portfolio.files.series import Kept, read_series
from app.debts.portfolio.runs import keeping, live, queries
from app.debts.portfolio.runs.models import PortfolioRun
from app.debts.portfolio.sets import check_policy
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.integrations.sienge import client
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import said

SAMPLE = 5  # rows of the preview
SERIES_BYTES = 2 * 1024 * 1024
SERIES_ROWS = 50_000


def upload(by: User, name: str, file: Path, policies: Sequence[Policy]) -> PortfolioRun:
    """Keep a file and guess its columns. Raises GuicheError when it cannot be read."""
    total = reading.size(file)
    head = [row.cells for row in islice(reading.rows(file), SAMPLE + 1)]
    if len(head) < 2:
        words = _("A planilha precisa de uma linha de títulos e de ao menos uma parcela.")
        raise GuicheError(words, status=422)
    header = [cell[:200] for cell in head[0]]
    key = keeping.keep(file)
    with atomic():
        made = PortfolioRun(
            made_by_id=by.id, made_at=clock.now(), source="file", name=_file_name(name),
            day=today(), policies=[written_policy(one) for one in policies], content_key=key,
            content_size=file.stat().st_size, total=total, header=header,
            sample=[[cell[:200] for cell in cells] for cells in head[1:]],
            columns=meanings.guess(header),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        announce(made)
        return made


def pull(by: User, policies: Sequence[Policy]) -> PortfolioRun:
    """A portfolio that the ERP will be asked for. Raises Conflict where none is set up."""
    if not client.is_configured():
        raise Conflict(_("O Sienge não está configurado: preencha SIENGE_URL e as credenciais."))
    with atomic():
        made = PortfolioRun(
            made_by_id=by.id, made_at=clock.now(), source="sienge", name=_("Carteira do Sienge"),
            day=today(), policies=[written_policy(one) for one in policies],
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        announce(made)
        return made


def today() -> date:
    """The company's day."""
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def _file_name(given: str) -> str:
    """What people called it, for their eyes only."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:120] or _("planilha")


def read_indexes(content: bytes) -> Kept:
    """Index series from a file. Raises GuicheError naming row and field."""
    if len(content) > SERIES_BYTES:
        raise GuicheError(_("O arquivo de índices passa de 2 MB."), status=413)
    with tempfile.NamedTemporaryFile(prefix="guiche-indices-") as kept:
        kept.write(content)
        kept.flush()
        rows = [row.cells for row in islice(reading.rows(Path(kept.name)), SERIES_ROWS)]
    try:
        return read_series(rows)
    except DebtFault as fault:
        raise GuicheError(fault.said(said), status=422) from None


def start(
    run_id: int,
    by: User,
    chosen: Sequence[str],
    day: date,
    policies: Sequence[Policy],
    indexes: Kept | None = None,
) -> PortfolioRun:
    """Let a worker begin. `chosen` says what each column means. Raises GuicheError, Conflict."""
    meant = [key if key in meanings.BY_KEY else "" for key in chosen]
    if any(key and meant.count(key) > 1 for key in meant):
        raise GuicheError(_("Duas colunas foram ligadas ao mesmo campo."), status=422)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise GuicheError(_("A data vai de 1970 a 2100."), status=422)
    try:
        if meant:  # the ERP's answers have no columns to be given a meaning
            RowReader(meant, ())
        for policy in policies:
            check_policy(policy)
    except DebtFault as fault:
        raise GuicheError(fault.said(said), status=422) from None
    with atomic():
        made = queries.locked(run_id)
        if made.state != "mapping" or bool(made.header) != bool(meant):
            raise Conflict(_("Esta simulação já começou."))
        made.columns = meant + [""] * (len(made.header) - len(meant))
        made.day, made.policies = day, [written_policy(one) for one in policies]
        if indexes is not None:
            made.indexes = indexes
        _begin(made, by, "portfolio.started")
        return made


def _begin(made: PortfolioRun, by: User, action: str) -> None:
    made.state, made.error, made.attempts = "queued", None, 0
    made.finished_at, made.worked_at = None, clock.now()
    said_of_it = {"name": made.name, "day": made.day.isoformat()}
    audit.record(by, action, "portfolio_run", made.id, None, said_of_it)
    announce(made)
    on_commit(partial(wake, made.id))


def cancel(run_id: int, by: User) -> PortfolioRun:
    """End it at once; a worker that is at it finds out at its next part. Raises Conflict."""
    with atomic():
        made = queries.locked(run_id)
        if made.state not in ("mapping", "queued", "reading", "computing", "failed"):
            raise Conflict(_("Esta simulação já terminou."))
        made.state, made.finished_at = "cancelled", clock.now()
        audit.record(by, "portfolio.cancelled", "portfolio_run", made.id)
        keeping.forget_input(made)
        announce(made)
        return made


def retry(run_id: int, by: User) -> PortfolioRun:
    """Go on behind the last part that is kept. Raises Conflict."""
    with atomic():
        made = queries.locked(run_id)
        if made.state != "failed":
            raise Conflict(_("Só uma simulação que parou pode ser tentada de novo."))
        _begin(made, by, "portfolio.retried")
        return made


def request_sheet(run_id: int, by: User) -> PortfolioRun:
    """Let a worker write the summary as XLSX. Raises Conflict."""
    with atomic():
        made = queries.locked(run_id)
        if made.state != "done":
            raise Conflict(_("O resumo só existe depois que a simulação termina."))
        if made.sheet_state in ("none", "failed"):
            made.sheet_state, made.worked_at = "queued", clock.now()
            audit.record(
                by, "portfolio.exported", "portfolio_run", made.id, None, {"format": "xlsx"}
            )
            announce(made)
            on_commit(partial(wake_sheet, made.id))
        return made


def announce(made: PortfolioRun) -> None:
    """A run has changed, in the transaction under way."""
    made.version = (made.version or 0) + 1
    on_commit(partial(live.run_changed, made), once=("portfolio run", made.id))


def wake(run_id: int) -> None:
    """Have a worker go on."""
    enqueue("jobs.bulk.run_portfolio", run_id, queue="bulk")


def wake_sheet(run_id: int) -> None:
    """Have a worker write the summary."""
    enqueue("jobs.bulk.write_portfolio_sheet", run_id, queue="bulk")
