"""Looking at the outside systems from time to time, and getting files from them."""

from app.channels import service as channels
from app.channels import watching
from app.debts.agreements import following, octadesk
from app.debts.lookups import connection as erp_connection
from app.debts.lookups import directory as erp_directory
from app.debts.lookups import documents as erp_documents
from app.debts.lookups import service as debt_lookups
from app.intake import erp as erp_events
from app.media import preparing
from app.media import service as media
from app.protocols.crm import service as crm


def check_channels() -> None:
    """Ask each provider whether its instances are connected: callbacks can be lost."""
    channels.check_all()
    watching.look_at_all()


def check_channel(channel_id: int) -> None:
    """Ask about one channel, of which somebody unproven said that it changed."""
    channels.check_one(channel_id)


def prepare_attachment(attachment_id: int) -> None:
    """Fetch and examine one file of a message or a contact."""
    preparing.prepare(attachment_id)


def redrive_attachments() -> None:
    """Find files that wait for a worker too long, and those that a dead one left half done."""
    media.redrive()


def write_crm_entry(entry_id: int) -> None:
    """Write one protocol to the CRM, as far as it is not there."""
    crm.run(entry_id)


def redrive_crm() -> None:
    """Find what is due for the CRM, and what a dead worker left half done."""
    crm.redrive()


def look_up_debts(snapshot_id: int) -> None:
    """Ask the ERP about one customer."""
    debt_lookups.run(snapshot_id)


def redrive_look_ups() -> None:
    """Find look-ups that wait for a worker too long, and those that a dead one left."""
    debt_lookups.redrive()


def send_offer(sending_id: int) -> None:
    """Send one offer by Octadesk, once."""
    octadesk.deliver(sending_id)


def redrive_offers() -> None:
    """Find offers that wait for Octadesk, and those that a dead worker left."""
    octadesk.redrive()


def follow_agreement(agreement_id: int) -> None:
    """Read what was paid of one agreement, and take the steps that are due."""
    following.look_at(agreement_id)


def follow_agreements() -> None:
    """Look at every agreement in life that nobody looked at for an hour; end old offers."""
    following.look_at_all()


def keep_erp_directory() -> None:
    """Copy what changed among the ERP's customers and contracts, once a day."""
    erp_directory.keep_up()


def fetch_erp_document(document_id: int) -> None:
    """Get a second copy or a PDF while its link lives."""
    erp_documents.run(document_id)


def redrive_erp_documents() -> None:
    """Find documents that wait for a worker too long, and those that a dead one left."""
    erp_documents.redrive()


def forget_erp_documents() -> None:
    """Delete second copies of long ago."""
    erp_documents.forget_old()


def test_erp() -> None:
    """Try each resource of the ERP, as an administrator asked."""
    erp_connection.test()


def hear_erp(receipt_id: int) -> None:
    """Read again whom an event of the ERP is about."""
    erp_events.hear(receipt_id)
