"""Everything that can be done with consultants and their turn; nothing else writes their tables."""

from app.consultants.service.keeping import (
    EmailTaken,
    create,
    edit,
    leave,
    reactivate,
)
from app.consultants.service.queue import pass_turn, pause, put_first, resume
from app.consultants.service.switching import (
    follow_presence,
    follow_staff,
    pause_consultant,
    set_online,
    settle_presence,
    switch,
)
from app.consultants.service.turns import (
    NobodyAvailable,
    choose,
    hold_again,
    number,
    release,
    take_turn,
    undo,
)

__all__ = [
    "EmailTaken",
    "NobodyAvailable",
    "choose",
    "create",
    "edit",
    "follow_presence",
    "follow_staff",
    "hold_again",
    "leave",
    "number",
    "pass_turn",
    "pause",
    "pause_consultant",
    "put_first",
    "reactivate",
    "release",
    "resume",
    "set_online",
    "settle_presence",
    "switch",
    "take_turn",
    "undo",
]
