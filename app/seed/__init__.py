"""Sample data: invented people, area code 00, told through the product's own services."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.channels.service import environment_channel
from app.conversations.models import Conversation
from app.deadlines import rounds
from app.extensions import current_settings, db
from app.protocols.crm import service as crm
from app.seed import turns
from app.seed.furnishing import furnish
from app.seed.history import history
from app.seed.later import leave_for_later
from app.seed.promising import promise
from app.seed.protocols import tell_protocols
from app.seed.rated import rate, turn_on
from app.seed.staff import hire
from app.seed.talks import TALKS
from app.seed.telling import mark, tell
from app.transactions import atomic

SEED = 20261120


def seed() -> str:
    """Fill an empty database with staff and talks; safe to run again. Says what it did."""
    with atomic():
        staff = hire(current_settings().demo_password)
    if db.session.scalar(select(Conversation.id).limit(1)):
        return "Os dados de exemplo já estavam lá."
    channel = environment_channel()
    if channel is None:
        return "Equipe criada. Sem ZAPI_INSTANCE_ID não há canal para as conversas de exemplo."
    talks = (*TALKS, *history(SEED, clock.now()))
    with atomic():
        furniture = furnish(staff)
    try:
        with atomic():
            for talk in talks:
                conversation_id = tell(talk, channel, staff, furniture.reasons)
                clock.shift(timedelta(seconds=current_settings().clock_shift_seconds))
                mark(talk, conversation_id, staff["gestor"], furniture)
    finally:
        clock.shift(timedelta(seconds=current_settings().clock_shift_seconds))
    with atomic():
        leave_for_later(staff)
    with atomic():
        people = turns.employ(staff)
    with atomic(), crm.unfollowed():  # what was long ago is not sent anew
        tell_protocols(SEED, staff)
        turns.take_turns(SEED)
    with atomic():
        turns.stand(staff, people)
        turns.forward(channel, staff)
        turn_on(staff["gestor"])
    with atomic():
        rate(channel)
    with atomic():
        promise(staff)
    rounds.run()  # of what was promised every process knows once it is committed
    total = len(talks) + len(turns.HANDED) + len(turns.WAITING)
    return f"{len(staff)} pessoas e {total} conversas de exemplo."
