"""The bot's proposals: under the policy alone, in the name of a person who may grant them."""

from flask_babel import gettext as _

from app.accounts.models import User
from app.company import service as company
from app.debts.agreements import sending
from app.debts.agreements.saying import wording
from app.debts.lookups import service as lookups
from app.debts.simulations import service as simulations
from app.debts.simulations.inputs import Inputs
from app.errors import Conflict
from app.extensions import db


def responsible() -> User | None:
    """Who answers for the bot's proposals; None while nobody does."""
    chosen = [part for part in company.get(wording.BOT_PERSON).split(",") if part.isdecimal()]
    person = db.session.get(User, int(chosen[0])) if chosen else None
    return person if person is not None and person.active and person.approval_level else None


def for_bot(conversation_id: int, document: str, bill: str) -> int:
    """Simulate, freeze and send; the offer's id. Raises Conflict where a person has to."""
    person = responsible()
    snapshot = lookups.latest(document)
    if person is None or snapshot is None:
        raise Conflict(_("Ninguém responde pelas propostas do robô."))
    if not lookups.is_recent(snapshot):
        snapshot = lookups.look_up_now(document, actor=None)
    subject = simulations.subject_of(snapshot.id, bill)
    inputs = Inputs(day=simulations.today())
    kept = simulations.keep(person, subject, inputs, _("Robô, conversa %(id)s", id=conversation_id))
    offer = simulations.create_offer(person, kept.id, conversation_id=conversation_id)
    if offer.state != "approved":
        raise Conflict(_("A oferta espera aprovação."))
    sending.send_in_conversation(offer.id, conversation_id, person)
    return offer.id
