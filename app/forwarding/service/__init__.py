"""Everything that can be done with conversations on their way to a consultant."""

from app.forwarding.service.draining import drain, tell_moved
from app.forwarding.service.following import follow_closing, follow_owner
from app.forwarding.service.handing import Forwarded, call_people, forward, take_out
from app.forwarding.service.returning import return_orphaned, return_silent
from app.forwarding.service.undoing import undo

__all__ = [
    "Forwarded",
    "call_people",
    "drain",
    "follow_closing",
    "follow_owner",
    "forward",
    "return_orphaned",
    "return_silent",
    "take_out",
    "tell_moved",
    "undo",
]
