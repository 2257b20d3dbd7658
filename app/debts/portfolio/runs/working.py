"""A worker's turn at a run: read part after part, compute, keep what came out.

Each part is kept in one transaction with the place behind it: whatever is killed in between,
another worker goes on from there. What two workers made of one part is kept once.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import insert, or_, select

from app import clock
from app.debts.engine.faults import DebtFault
from app.debts.engine.policies import Policy, read_policy
from app.debts.portfolio.files import reading
from app.debts.portfolio.files.cells import RowReader
from app.debts.portfolio.files.parts import Part, Refused, joined
from app.debts.portfolio.files.series import series
from app.debts.portfolio.runs import keeping, pulling, queries, results
from app.debts.portfolio.runs.computing import Outcome, compute
from app.debts.portfolio.runs.models import (
    UNDER_WAY,
    PortfolioPart,
    PortfolioRefusal,
    PortfolioRun,
)
from app.debts.portfolio.runs.pulling import Place
from app.debts.portfolio.runs.service import announce, wake, wake_sheet
from app.debts.portfolio.runs.summary import summary
from app.errors import GuicheError
from app.extensions import current_settings, db
from app.integrations.base import IntegrationError
from app.integrations.base import Outcome as CallOutcome
from app.media.storage import StorageError
from app.transactions import atomic
from app.words import N_, said

log = structlog.get_logger()

PART_ROWS = 50_000
PART_SECONDS = 2.0  # or as many rows as are read in this time: the bar moves on
SLICE_SECONDS = 20.0  # how long a job works before others get their turn
TRIES = 5
MOST_REFUSED = 20_000  # rows kept with their reason; beyond they are counted only
STOPPED = N_(
    "O processamento parou várias vezes sem avançar. Nada foi perdido: tente de novo e, se parar "
    "outra vez, avise um administrador."
)


def run(run_id: int) -> None:
    """Go on with a run for a while."""
    made = _begin(run_id)
    if made is None:
        return
    try:
        read = _pull if made.source == "sienge" else _read
        if made.state == "reading" and not read(made):
            wake(run_id)  # its time is over
            return
        made = queries.find(run_id)
        if made.state == "computing":
            _compute(made)
    except GuicheError as error:
        _fail(run_id, error.message)
    except DebtFault as fault:
        _fail(run_id, fault.said(said))
    except IntegrationError as error:
        _wait_for_erp(run_id, error)
    except StorageError as error:
        log.warning("portfolio_waits_for_storage", run_id=run_id, reason=str(error))


def _begin(run_id: int) -> PortfolioRun | None:
    with atomic():
        made = queries.locked(run_id)
        if not made.is_under_way:
            return None
        if made.attempts >= TRIES:
            made.state, made.error, made.finished_at = "failed", STOPPED, clock.now()
            announce(made)
            return None
        made.attempts += 1
        made.worked_at = clock.now()
        if made.state == "queued":
            made.state = "computing" if made.all_read else "reading"
            announce(made)
    return made


def _read(made: PortfolioRun) -> bool:
    """Parts until the end of the file, or of this job's time; whether the end was reached."""
    until = time.monotonic() + SLICE_SECONDS
    if made.content_key is None:
        raise GuicheError(N_("O arquivo já não está guardado. Envie-o de novo."))
    reader = RowReader(made.columns, sorted(made.indexes))
    number = len(queries.parts(made.id))
    position, line = made.position, made.line
    with keeping.fetched(made.content_key) as file:
        rows = reading.rows(file, position, line)
        if position == 0:
            first = next(rows)  # the titles
            position, line = first.next, first.line + 1
        while True:
            part, refused, last = _part(rows, reader)
            end = last is None
            if last is not None:
                position, line = last.next, last.line + 1
            number += 1
            if not _keep(made, number, part, refused, position, line, end):
                return True  # somebody cancelled it, or was faster
            if end:
                return True
            # A spreadsheet is unpacked anew from its first row by whoever goes on.
            if time.monotonic() > until and made.total:
                return False


def _pull(made: PortfolioRun) -> bool:
    """The same from the ERP: an answer a part."""
    until = time.monotonic() + SLICE_SECONDS
    place = Place(**made.pulled)
    number = len(queries.parts(made.id))
    db.session.rollback()  # nothing stays open while the ERP takes its time
    while not place.ended:
        part, refused, place = pulling.step(place, made.day, f"portfolio:{made.id}")
        number += 1
        if not _keep(made, number, part, refused, place.at, 1, place.ended, place):
            return True
        if time.monotonic() > until:
            return place.ended
    return True


def _wait_for_erp(run_id: int, error: IntegrationError) -> None:
    """What may pass is waited for without counting as a try; what will not is said."""
    if error.status != 429 and error.outcome is CallOutcome.REFUSED:
        _fail(run_id, error.message)
        return
    log.warning("portfolio_waits_for_erp", run_id=run_id, reason=error.message)
    with atomic():
        made = queries.locked(run_id)
        if error.status == 429 and made.is_under_way:
            made.attempts = max(0, made.attempts - 1)
            made.worked_at = clock.now() + timedelta(seconds=error.wait_seconds or 60)


def _part(
    rows: Iterator[reading.Row], reader: RowReader
) -> tuple[Part, list[Refused], reading.Row | None]:
    """The next rows, those that are refused, and the last row; None at the end of the file."""
    part, refused = Part(), list[Refused]()
    until = time.monotonic() + PART_SECONDS
    for count, row in enumerate(rows, 1):
        try:
            part.add(reader.read(row.cells))
        except DebtFault as fault:
            refused.append(Refused.of(fault, row.line))
        if count >= PART_ROWS or (count % 1000 == 0 and time.monotonic() > until):
            return part, refused, row
    return part, refused, None


def _keep(
    made: PortfolioRun,
    number: int,
    part: Part,
    refused: Sequence[Refused],
    position: int,
    line: int,
    end: bool,
    place: Place | None = None,
) -> bool:
    """Put a part away with the place behind it; False when the run is no longer ours."""
    with tempfile.NamedTemporaryFile(prefix="guiche-carteira-") as file:
        part.save(Path(file.name))
        key = keeping.keep(Path(file.name))
    with atomic():
        found = queries.locked(made.id)
        ours = found.state == "reading" and len(queries.parts(made.id)) == number - 1
        if not ours:
            keeping.forget(key)
            return False
        db.session.add(PortfolioPart(run_id=found.id, number=number, key=key))
        found.instalments += len(part.value)
        found.settled += part.settled
        found.aside += part.aside
        if place is not None:
            found.pulled, found.total = asdict(place), pulling.length()
        _refuse(found, refused)
        found.position, found.line = position, line
        found.attempts, found.worked_at = 0, clock.now()
        if end:
            found.position, found.all_read, found.state = found.total, True, "computing"
        announce(found)
    return True


def _refuse(made: PortfolioRun, refused: Sequence[Refused]) -> None:
    room = max(0, MOST_REFUSED - made.refused)
    rows = [{"run_id": made.id, **asdict(one)} for one in refused[:room]]
    if rows:
        db.session.execute(insert(PortfolioRefusal), rows)
    made.refused += len(refused)


def _compute(made: PortfolioRun) -> None:
    policies = tuple(read_policy(one) for one in made.policies)
    with tempfile.TemporaryDirectory(prefix="guiche-carteira-") as folder:
        files = []
        for one in queries.parts(made.id):
            files.append(Path(folder) / f"{one.number}.npz")
            keeping.save(one.key, files[-1])
        db.session.rollback()  # nothing stays open while numbers are crunched
        book, refused = joined(files, policies[0])
    outcome = compute(book, policies, made.day, series(made.indexes))
    log.info("portfolio_computed", run_id=made.id, seconds=round(outcome.seconds, 3))
    with tempfile.NamedTemporaryFile(prefix="guiche-carteira-") as file:
        results.save(outcome, Path(file.name))
        key = keeping.keep(Path(file.name))
    _finish(made.id, outcome, [*refused, *outcome.refused], policies, key)


def _finish(
    run_id: int,
    outcome: Outcome,
    refused: Sequence[Refused],
    policies: tuple[Policy, ...],
    key: str,
) -> None:
    with atomic():
        made = queries.locked(run_id)
        if made.state != "computing":
            keeping.forget(key)
            return
        _refuse(made, refused)
        made.result = summary(outcome, policies) | {
            "milliseconds": max(1, round(outcome.seconds * 1000))
        }
        made.result_key = key
        made.state, made.finished_at, made.worked_at = "done", clock.now(), clock.now()
        keeping.forget_input(made)
        announce(made)


def _fail(run_id: int, reason: str) -> None:
    with atomic():
        made = queries.locked(run_id)
        if made.is_under_way:
            made.state, made.error, made.finished_at = "failed", reason, clock.now()
            announce(made)


def redrive() -> None:
    """Wake what no worker was at for a while: a job was lost, or its worker died."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds * 6)
    stuck = select(PortfolioRun.id, PortfolioRun.state).where(
        or_(PortfolioRun.state.in_(UNDER_WAY), PortfolioRun.sheet_state == "queued"),
        PortfolioRun.worked_at < clock.now() - patience,
    )
    for run_id, state in db.session.execute(stuck.order_by(PortfolioRun.id)).all():
        (wake if state in UNDER_WAY else wake_sheet)(run_id)
