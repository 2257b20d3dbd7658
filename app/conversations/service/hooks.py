"""How higher features hear of what happens here, inside the same transaction."""

from collections.abc import Callable

from app.conversations.models import Conversation, Message

# Called with each customer message; filled by create_app().
on_inbound: list[Callable[[Conversation, Message], None]] = []
