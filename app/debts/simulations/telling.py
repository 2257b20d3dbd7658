"""Whom an offer calls: those who may decide it, and its author once they did."""

from app.debts.simulations import approval, wording
from app.debts.simulations.models import WAITING, DebtOffer
from app.notifications import service as notifications
from app.notifications.kinds import APPROVAL, DECIDED
from app.web import path_for


def offer_changed(offer: DebtOffer) -> None:
    """In the transaction in which it happened."""
    key, link = f"offer-{offer.id}", path_for("simulations.offer_page", offer_id=offer.id)
    if offer.state == WAITING:
        who = [person.id for person in approval.deciders(offer)]
        notifications.tell(
            who, APPROVAL, key=key, link=link, by=offer.author.name, detail=offer.about
        )
        return
    notifications.settle_key(APPROVAL, key)
    if offer.state in ("approved", "refused") and offer.approver is not None:
        # The bell says the two parts of "state: about" each in the reader's language.
        detail = f"{wording.STATES[offer.state]}: {offer.about}"
        notifications.tell(
            [offer.author_id], DECIDED, key=key, link=link, by=offer.approver.name, detail=detail
        )
