"""When the customer speaks of payments: the bot's talk by numbers, identity first."""

import re
from collections.abc import Callable, Sequence

from app.assistant.rules import PERSON, READABLE, TOPICS, Turn, fold, greeting_of, topic_of
from app.contacts.models import Contact
from app.conversations.models import Conversation
from app.debts.agreements import talking
from app.extensions import current_settings

PAYMENTS = next(iter(TOPICS))  # boletos and payments: the first of the menu
Said = Sequence[tuple[str, str]]  # kinds and bodies, the oldest first


def turn(
    step: str, conversation: Conversation, contact: Contact, said: Said
) -> tuple[Turn, Callable[[], None]] | None:
    """What the bot says of debts, and what it keeps with it; None when they speak of other things.

    The newest text counts: the talk goes by question and answer. May ask the ERP, so it is called
    outside a transaction.
    """
    texts = [body for kind, body in said if kind in READABLE]
    if len(texts) != len(said) or not texts or not talking.is_on():
        return None
    body = texts[-1]
    if re.search(PERSON, fold(body)):
        return None
    found = talking.respond(conversation, body)
    if found is None and any(topic_of(one) == PAYMENTS for one in texts):
        found = talking.begin(conversation)
    if found is None:
        return None
    hello = greeting_of(contact.name, current_settings().company_name) if step == "greeting" else ""
    return Turn(hello + found.text, "topic", topic=PAYMENTS, hand_over=found.hand_over), found.keep
