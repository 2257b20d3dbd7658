"""What agreements announce: each page asks for its regions again."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import queries as conversations
from app.conversations.models import Conversation, Message
from app.debts.agreements.models import (
    Agreement,
    AgreementEvent,
    DebtIdentification,
    DebtTalk,
    FinanceTask,
    OfferSending,
)
from app.debts.simulations.models import DebtOffer
from app.extensions import db

ROOM = "agreements"  # everybody who may look at debts


def conversation_changed(conversation_id: int) -> None:
    """What stands beside a conversation changed: identity, offer or agreement."""
    live.touch(ROOM, f"talk-debts:{conversation_id}")


def offer_changed(offer_id: int, conversation_id: int | None = None) -> None:
    """An offer was sent, seen, or answered."""
    names = [f"offer-sending:{offer_id}", f"offer:{offer_id}"]
    if conversation_id is not None:
        names.append(f"talk-debts:{conversation_id}")
    live.touch(ROOM, *names)


def agreement_changed(agreement_id: int, offer_id: int, conversation_id: int | None) -> None:
    """An agreement went on."""
    names = [f"agreement:{agreement_id}", "agreements:*", f"offer-sending:{offer_id}"]
    if conversation_id is not None:
        names.append(f"talk-debts:{conversation_id}")
    live.touch(ROOM, *names)


def tasks_changed() -> None:
    """A task is new, done, or taken back."""
    live.touch(ROOM, "finance-tasks:*")


def _viewer(user_id: int) -> User | None:
    viewer = db.session.get(User, user_id)
    return viewer if viewer is not None and viewer.can(Permission.DEBTS_VIEW) else None


def _id(argument: str) -> int | None:
    return int(argument) if argument.isdecimal() and len(argument) < 19 else None


@live.region("agreement")
def _agreement_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    number = _id(argument)
    if number is None or _viewer(user_id) is None:
        return None
    version: Any = cast(Agreement.version, Text)
    return select(version).where(Agreement.id == number)


def newest() -> Select[tuple[str]]:
    """The version of every list of agreements: what happened last to any of them."""
    last: Any = cast(func.coalesce(func.max(AgreementEvent.id), 0), Text)
    return select(last)


@live.region("agreements")
def _list_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return newest() if _viewer(user_id) else None


def tasks() -> Select[tuple[str]]:
    """The version of the list of tasks: the newest, the open ones, what was done last."""
    newest_id: Any = func.coalesce(func.max(FinanceTask.id), 0)
    undone: Any = select(func.count()).where(FinanceTask.done_at.is_(None)).select_from(FinanceTask)
    last: Any = select(func.max(FinanceTask.done_at)).where(FinanceTask.done_at.is_not(None))
    parts: list[Any] = [
        cast(newest_id, Text),
        cast(undone.scalar_subquery(), Text),
        func.coalesce(cast(last.scalar_subquery(), Text), ""),
    ]
    return select(parts[0] + literal(":") + parts[1] + literal(":") + parts[2])


@live.region("finance-tasks")
def _tasks_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return tasks() if _viewer(user_id) else None


def sending_of(offer_id: int) -> Select[tuple[str]]:
    """How far an offer is on its way: its own version, its sendings', its agreement's."""
    sent: Any = select(func.coalesce(func.sum(OfferSending.version), 0)).where(
        OfferSending.offer_id == offer_id
    )
    agreed: Any = select(func.coalesce(func.sum(Agreement.version), 0)).where(
        Agreement.offer_id == offer_id
    )
    ticks: Any = select(func.coalesce(func.sum(Message.version), 0)).where(
        Message.id.in_(select(OfferSending.message_id).where(OfferSending.offer_id == offer_id))
    )
    joined: Any = cast(DebtOffer.version, Text)
    for part in (sent, ticks, agreed):
        joined = joined + literal(":") + cast(part.scalar_subquery(), Text)
    return select(joined).where(DebtOffer.id == offer_id)


@live.region("offer-sending")
def _sending_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    number = _id(argument)
    if number is None or _viewer(user_id) is None:
        return None
    return sending_of(number)


def of_conversation(conversation_id: int) -> Any:
    """The version of what stands beside a conversation, as a column of a query over it."""
    contact = Conversation.contact_id

    def latest(column: Any, condition: Any) -> Any:
        query = select(func.coalesce(func.sum(column), 0)).where(condition)
        return cast(query.correlate(Conversation).scalar_subquery(), Text)

    parts = [
        cast(contact, Text),
        latest(DebtIdentification.id, DebtIdentification.conversation_id == conversation_id),
        latest(DebtTalk.version, DebtTalk.conversation_id == conversation_id),
        latest(OfferSending.version, OfferSending.conversation_id == conversation_id),
        latest(
            Message.version,
            Message.id.in_(
                select(OfferSending.message_id).where(
                    OfferSending.conversation_id == conversation_id
                )
            ),
        ),
        latest(DebtOffer.version, DebtOffer.contact_id == contact),
        latest(Agreement.version, Agreement.contact_id == contact),
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + literal(":") + part
    return joined


@live.region("talk-debts")
def _talk_version(user_id: int, argument: str, shown: str) -> Select[Any] | None:
    number, viewer = _id(argument), _viewer(user_id)
    if number is None or viewer is None:
        return None
    query = select(of_conversation(number)).select_from(Conversation)
    return conversations.visible_to(viewer, query).where(Conversation.id == number)
