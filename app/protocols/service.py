"""What is done with protocols; the only writer of their tables."""

from app import clock
from app.accounts.models import User
from app.protocols import allocating
from app.protocols.models import Protocol

SYSTEM = "sistema"


def allocate(
    *,
    consultant_id: int | None = None,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    language: str | None = None,
    description: str | None = None,
    priority: str = "normal",
    origin: str = "turn",
    by: User | str = SYSTEM,
) -> Protocol:
    """A protocol with the next number, in the caller's transaction: rolled back, no number is used.

    The counter's row is locked from here until that transaction ends, so call it last. `origin` is
    what asked for it: `turn`, `api` or `desk`; `by` is who did, a person or a program's name.
    """
    return allocating.allocated(
        {
            "consultant_id": consultant_id,
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "language": language,
            "description": (description or "").replace("\0", ""),
            "priority": priority,
            "actor_id": by.id if isinstance(by, User) else None,
            "actor_name": by.name if isinstance(by, User) else by,
            "data": {"origin": origin, "consultant_id": consultant_id},
        },
        clock.shifted(),
    )
