"""Work that somebody is waiting for on a screen."""

from app.accounts import presence
from app.consultants import service as consultants
from app.conversations import service as conversations
from app.deadlines import keeping as deadlines
from app.debts.agreements import checking, hearing
from app.forwarding import service as forwarding
from app.hours import answering
from app.intake import service as intake
from app.scheduling import service as scheduling
from app.surveys import service as surveys


def retry_receipt(receipt_id: int) -> None:
    """Try again to understand one webhook that was kept."""
    intake.retry(receipt_id)


def redrive_receipts() -> None:
    """Find receipts whose processing was cut short or failed, and try them again."""
    intake.redrive()


def release_orphans() -> None:
    """Give back to the line what belongs to people who may not work on it any more."""
    conversations.release_orphans()


def wake_snoozed() -> None:
    """Bring back the conversations that were put off until now."""
    conversations.wake_due()


def send_scheduled() -> None:
    """Send the messages whose time has come."""
    scheduling.send_due()


def pass_deadlines() -> None:
    """Turn the deadlines that came near or were missed since the last look."""
    deadlines.pass_due()


def tell_waiting() -> None:
    """Tell customers who wait in line for long that they are not forgotten."""
    answering.tell_waiting()


def settle_presence() -> None:
    """Announce who went away or offline since the last look."""
    presence.settle()


def hand_out_waiting() -> None:
    """Hand over who waits for a consultant, as far as somebody is free."""
    forwarding.return_orphaned()
    forwarding.drain()


def settle_line() -> None:
    """The same for what was lost or came by the clock; who was not answered is back in front."""
    consultants.settle_presence()
    forwarding.return_orphaned()
    forwarding.return_silent()
    forwarding.drain()
    forwarding.tell_moved()


def ask_surveys() -> None:
    """Ask the customers of closed conversations how it was."""
    surveys.ask_due()


def settle_debt_answer(message_id: int) -> None:
    """Do what a customer's answer to an offer, or to the identity check, asks for."""
    hearing.settle(message_id)


def check_agreement(agreement_id: int) -> None:
    """Read the ERP again for an agreement that was accepted."""
    checking.check(agreement_id)


def redrive_agreements() -> None:
    """Find answers and acceptances that wait for too long."""
    hearing.redrive()
    checking.redrive()
