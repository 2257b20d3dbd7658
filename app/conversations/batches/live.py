"""What a batch tells the person who began it, and who received many conversations at once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select

from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations.batches.models import Batch, BatchItem
from app.conversations.models import Conversation
from app.extensions import db
from app.live import push, region, user_room

MOST_REASONS = 5
_OPEN = ("waiting", "to_undo")


@dataclass(frozen=True, slots=True)
class Told:
    """How far a batch is, and of whom what was refused."""

    batch: Batch
    counts: dict[str, int]
    reasons: list[tuple[str, str]]  # name of the contact, why

    @property
    def finished(self) -> int:
        """How many have an outcome."""
        return self.batch.total - sum(self.counts.get(one, 0) for one in _OPEN)

    @property
    def version(self) -> str:
        """What tells one state of it from the next."""
        return f"{self.batch.state}-{self.finished}"


def told(batch: Batch) -> Told:
    """What its toast says."""
    of_it = BatchItem.batch_id == batch.id
    counts = db.session.execute(
        select(BatchItem.outcome, func.count()).where(of_it).group_by(BatchItem.outcome)
    ).all()
    reasons = db.session.execute(
        select(Contact.name, BatchItem.reason)
        .join(Conversation, Conversation.id == BatchItem.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(of_it, BatchItem.outcome.in_(("refused", "kept")))
        .order_by(BatchItem.conversation_id)
        .limit(MOST_REASONS)
    ).all()
    return Told(
        batch, {row[0]: row[1] for row in counts}, [(row[0], row[1] or "") for row in reasons]
    )


def batch_changed(batch_id: int) -> None:
    """It got further, or is done, or undone."""
    batch = db.session.get_one(Batch, batch_id, populate_existing=True)
    push(user_room(batch.user_id), "conversations/live/batch_changed.html", told=told(batch))


def given_many(user_id: int, by: User, count: int) -> None:
    """Somebody passed several conversations to this person at once."""
    if count:
        push(user_room(user_id), "conversations/live/given_many.html", by=by, count=count)


@region("batch")
def _batch_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not (argument.isdecimal() and len(argument) < 19):
        return None
    finished = func.count().filter(BatchItem.outcome.not_in(_OPEN))
    state: Any = Batch.state + literal("-") + cast(finished, Text)
    return (
        select(state)
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .where(Batch.id == int(argument), Batch.user_id == user_id)
        .group_by(Batch.id)
    )
