"""Everything that can be done with conversations; nothing else writes their tables."""

from app.conversations.service.annotating import record_revocation
from app.conversations.service.authors import Author, check_may_send
from app.conversations.service.choosing import MOST_SHOWN as MOST_HELD_SHOWN
from app.conversations.service.choosing import (
    discard_held,
    discard_now,
    held_of,
    release_held,
)
from app.conversations.service.closing import asks_for_reason, close, reopen
from app.conversations.service.files import note_files, send_files, send_kept
from app.conversations.service.hooks import (
    Heard,
    kept_apart,
    on_closed,
    on_inbound,
    on_inbound_together,
    on_mention,
    on_taken_back,
    on_written,
    still_to_come,
)
from app.conversations.service.inbound import receive, record_echo
from app.conversations.service.lookups import TryLater
from app.conversations.service.marks import prioritise, relabel
from app.conversations.service.mentions import mentionable
from app.conversations.service.opting import heed, is_about_consent
from app.conversations.service.ownership import (
    follow_staff,
    hand_to_people,
    lock_contact_of,
    release_orphans,
    return_to_bot,
    take_over,
    transfer,
)
from app.conversations.service.reading import mark_read, save_draft
from app.conversations.service.replies import add_note, checked_text, reply, resend
from app.conversations.service.silence import close_silent
from app.conversations.service.snoozing import snooze, wake, wake_due
from app.conversations.service.taking_back import take_back
from app.conversations.service.ticks import record_delivery, record_status
from app.conversations.service.together import Incoming, receive_free
from app.conversations.service.writing import Extras, payload_of
from app.conversations.threads import locked

__all__ = [
    "MOST_HELD_SHOWN",
    "Author",
    "Extras",
    "Heard",
    "Incoming",
    "TryLater",
    "add_note",
    "asks_for_reason",
    "check_may_send",
    "checked_text",
    "close",
    "close_silent",
    "discard_held",
    "discard_now",
    "follow_staff",
    "hand_to_people",
    "heed",
    "held_of",
    "is_about_consent",
    "kept_apart",
    "lock_contact_of",
    "locked",
    "mark_read",
    "mentionable",
    "note_files",
    "on_closed",
    "on_inbound",
    "on_inbound_together",
    "on_mention",
    "on_taken_back",
    "on_written",
    "payload_of",
    "prioritise",
    "receive",
    "receive_free",
    "record_delivery",
    "record_echo",
    "record_revocation",
    "record_status",
    "relabel",
    "release_held",
    "release_orphans",
    "reopen",
    "reply",
    "resend",
    "return_to_bot",
    "save_draft",
    "send_files",
    "send_kept",
    "snooze",
    "still_to_come",
    "take_back",
    "take_over",
    "transfer",
    "wake",
    "wake_due",
]
