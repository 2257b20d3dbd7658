"""How higher features hear of what happens here, inside the same transaction."""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement

from app.accounts.models import User
from app.channels.models import Channel
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message

Heard = tuple[Conversation, Message]

# Called with each customer message; filled by create_app().
on_inbound: list[Callable[[Conversation, Message], None]] = []
# Called once with all customer messages of a transaction: for what is one statement for all.
on_inbound_together: list[Callable[[Sequence[Heard]], None]] = []
# Called with each text that a person wrote: to the customer, or as a note.
on_written: list[Callable[[Conversation, Message], None]] = []
# Called with each text that its author took back before it left.
on_taken_back: list[Callable[[Conversation, Message], None]] = []
# Called with each person that a note mentions, never with its author.
on_mention: list[Callable[[Conversation, Message, User], None]] = []
# Conditions on conversations to whose customers something will yet be said: silence ends none.
still_to_come: list[Callable[[], ColumnElement[bool]]] = []
# Called after each change of owner or status, with the conversation as it is now.
on_owner_changed: list[Callable[[Conversation], None]] = []
# Called when a person passed a conversation to another: (conversation, receiver, by).
on_given: list[Callable[[Conversation, User, User], None]] = []
# Called when a person took a conversation from another: (conversation, loser, by).
on_taken: list[Callable[[Conversation, User, User], None]] = []
# Called when a snooze ended by its time.
on_woken: list[Callable[[Conversation], None]] = []
# Called when a conversation was closed by somebody or for silence.
on_closed: list[Callable[[Conversation], None]] = []
# Asked with a text whose sender has no conversation open, before one is: True when it was kept with
# a closed one and opens none.
kept_apart: list[Callable[[Channel, Contact, Message], bool]] = []
