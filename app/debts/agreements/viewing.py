"""That a customer opened their page, and that somebody could not prove who they are there."""

from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.conversations import service as desk
from app.conversations.threads import note_event
from app.debts.agreements import live, recording
from app.debts.agreements.models import OfferSending
from app.debts.simulations import approval
from app.extensions import db
from app.forwarding.service import call_people
from app.transactions import atomic, on_commit


def seen(offer_id: int) -> None:
    """Keep the first time that the page was opened by who proved to be the holder."""
    unseen = select(OfferSending.id).where(
        OfferSending.offer_id == offer_id, OfferSending.viewed_at.is_(None)
    )
    if db.session.scalar(unseen.limit(1)) is None:
        return
    with atomic():
        offer = approval.locked(offer_id)
        rows = db.session.scalars(
            select(OfferSending)
            .where(OfferSending.offer_id == offer_id, OfferSending.viewed_at.is_(None))
            .with_for_update()
        ).all()
        for row in rows:
            row.viewed_at, row.version = clock.now(), row.version + 1
        if rows:
            approval.happened(offer, recording.CUSTOMER, "viewed")
            on_commit(partial(live.offer_changed, offer.id, offer.conversation_id))


def not_proved(offer_id: int) -> None:
    """The day's tries are used up: a person takes over."""
    with atomic():
        offer = approval.locked(offer_id)
        if offer.conversation_id is not None:
            conversation = desk.locked(offer.conversation_id)
            note_event(conversation, "identity_failed")
            if conversation.owner_kind == "bot":
                call_people(conversation, _("a identidade não foi confirmada na página"))
            return
        title = _("Falar com o cliente: não confirmou a identidade na página da proposta")
        known = f"#{offer.id}"
        recording.open_task("talk", title, [[_("Oferta"), known], [_("Cliente"), offer.about]])
