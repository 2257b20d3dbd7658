"""What the rooms above tell the line, which knows nothing of them."""

from collections.abc import Callable

from app.conversations.models import Conversation

# Whether nobody attends this conversation's customers at this hour; filled by create_app().
is_closed: list[Callable[[Conversation], bool]] = []


def closed(conversation: Conversation) -> bool:
    """Whether they are told by others that nobody attends now, so that no wait is promised."""
    return any(asked(conversation) for asked in is_closed)
