"""Everything that can be done with conversations; nothing else writes their tables."""

from app.conversations.service.authors import Author
from app.conversations.service.hooks import on_inbound
from app.conversations.service.inbound import (
    receive,
    record_delivery,
    record_echo,
    record_status,
)
from app.conversations.service.ownership import (
    close,
    follow_staff,
    hand_to_people,
    release_orphans,
    reopen,
    return_to_bot,
    take_over,
    transfer,
)
from app.conversations.service.reading import mark_read, save_draft
from app.conversations.service.replies import add_note, reply, resend
from app.conversations.threads import locked

__all__ = [
    "Author",
    "add_note",
    "close",
    "follow_staff",
    "hand_to_people",
    "locked",
    "mark_read",
    "on_inbound",
    "receive",
    "record_delivery",
    "record_echo",
    "record_status",
    "release_orphans",
    "reopen",
    "reply",
    "resend",
    "return_to_bot",
    "save_draft",
    "take_over",
    "transfer",
]
