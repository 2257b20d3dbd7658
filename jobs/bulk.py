"""House-keeping that must never hold up live work."""

from app.accounts import attempts
from app.channels import usual
from app.contacts.files import service as contact_files
from app.contacts.transfers import exporting, importing, undoing
from app.contacts.transfers import files as transfer_files
from app.conversations import counters
from app.conversations import service as conversations
from app.conversations.batches import service as batches
from app.deadlines import rounds as deadlines
from app.debts.api import service as debt_api
from app.debts.portfolio.runs import keeping as portfolio_files
from app.debts.portfolio.runs import sheet as portfolio_sheet
from app.debts.portfolio.runs import working as portfolio_runs
from app.exports import making
from app.intake import retention
from app.media import service as media
from app.notifications import service as notifications
from app.protocols import exporting as protocol_exports


def close_silent() -> None:
    """Warn of closing, and close, what customers no longer answer."""
    conversations.close_silent()


def discard_held(channel_id: int, by_id: int) -> None:
    """Mark as not sent what a channel held for too long, as a manager decided."""
    conversations.discard_now(channel_id, by_id)


def run_batch(batch_id: int) -> None:
    """Go on with an act on several conversations."""
    batches.run(batch_id)


def redrive_batches() -> None:
    """Go on with the acts that a dead worker, or a lost job, left behind."""
    batches.redrive()


def settle_deadlines() -> None:
    """Go on setting the clocks of open conversations after promises or hours changed."""
    deadlines.run()


def redrive_deadlines() -> None:
    """Go on with such a round that a dead worker, or a lost job, left behind."""
    deadlines.redrive()


def settle_counters() -> None:
    """Recount the tabs of the inbox and say if a counter had drifted."""
    counters.settle()


def make_partitions() -> None:
    """Make the coming months' partitions of receipts and of the ledger."""
    retention.make_partitions()


def forget_old_receipts() -> None:
    """Delete receipts and ledger rows that are older than the settings allow."""
    retention.forget()


def forget_old_attempts() -> None:
    """Delete log-in tries that no lock counts any more."""
    attempts.forget_old()


def forget_old_hours() -> None:
    """Delete what the watch over silent channels no longer looks at."""
    usual.forget_old()


def forget_unused_files() -> None:
    """Delete files that somebody uploaded and never sent, or removed from a contact."""
    contact_files.forget_removed()
    media.forget_unused()


def import_contacts(import_id: int) -> None:
    """Take over the next rows of an import."""
    importing.run(import_id)


def undo_import(import_id: int) -> None:
    """Take the next lines of an import back."""
    undoing.run(import_id)


def export_contacts(export_id: int) -> None:
    """Write the file of an export."""
    making.run(exporting.KIND, export_id)


def export_protocols(export_id: int) -> None:
    """Write the file of an export of protocols."""
    making.run(protocol_exports.KIND, export_id)


def redrive_transfers() -> None:
    """Wake imports and exports whose worker died; forget files that expired."""
    importing.redrive()
    making.redrive(exporting.KIND)
    making.redrive(protocol_exports.KIND)
    transfer_files.forget_needless()


def forget_old_imports() -> None:
    """Delete the rows of imports that ended three months ago."""
    importing.forget_old(90)


def forget_old_notices() -> None:
    """Delete what bells hold longer than anybody looks back."""
    notifications.forget_old()


def run_portfolio(run_id: int) -> None:
    """Go on with a simulation over a portfolio."""
    portfolio_runs.run(run_id)


def write_portfolio_sheet(run_id: int) -> None:
    """Write the summary of such a simulation."""
    portfolio_sheet.write(run_id)


def redrive_portfolios() -> None:
    """Go on with simulations that a dead worker, or a lost job, left behind."""
    portfolio_runs.redrive()


def forget_old_portfolios() -> None:
    """Delete simulations that ended three months ago, and their files."""
    portfolio_files.forget_old()


def forget_expired_look_ups() -> None:
    """Delete what tokens looked up and may no longer ask about."""
    debt_api.forget_expired()
