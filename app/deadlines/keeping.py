"""Keeping the clocks of conversations: set in the transaction that starts, pauses or stops them.

Whatever changes what decides about the clocks (`WATCHED`) has them looked at once, at the end of
its transaction and under the lock that it holds; no act has to think of it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import object_session

from app import clock, transactions
from app.business_time import Calendar
from app.conversations import live as desk_live
from app.conversations import viewers
from app.conversations.models import Conversation, Message
from app.conversations.service import locked
from app.conversations.threads import announce, note_event
from app.deadlines import clocks, policies
from app.deadlines.clocks import LATE, NEAR, ON_TIME, Due, Facts
from app.deadlines.policies import Policy
from app.extensions import db
from app.hours import known as hours
from app.transactions import atomic, before_commit, on_commit

WATCHED = (
    *("status", "owner_kind", "waiting_since", "answered_at", "snoozed_at"),
    *("team_id", "channel_id", "priority"),
)
CLOCKS = ("response", "resolution")
AT_ONCE = 200  # the next sweep takes the rest

# Called with a conversation whose deadline ("first", "next", "resolution") is near or was missed
# (the state), and with one that has none any more of which somebody was told.
on_late: list[Callable[[Conversation, str, int], None]] = []
on_kept: list[Callable[[Conversation], None]] = []


def follow() -> None:
    """Hear of all that decides; safe to call again."""
    for name in WATCHED:
        attribute = getattr(Conversation, name)
        if not event.contains(attribute, "set", _was_set):
            event.listen(attribute, "set", _was_set)


def _was_set(talk: Conversation, value: Any, before: Any, _initiator: Any) -> None:
    if value != before and object_session(talk) is not None and transactions.is_open():
        settle_later(talk)


def heard(talk: Conversation, _message: Message) -> None:
    """A customer wrote, which is kept past all attributes: their waiting may have begun."""
    if talk.owner_kind != "bot":
        settle_later(talk)


def settle_later(talk: Conversation) -> None:
    """Look at its clocks at the end of the transaction under way."""
    if talk.id is not None:
        before_commit(partial(settle, talk), once=("deadlines", talk.id))


def settle(talk: Conversation, quiet: bool = False) -> bool:
    """Set both clocks of a locked conversation by how it stands; whether anything changed.

    `quiet`: what is late by now is written down, but nobody is called for it.
    """
    now, before = clock.now(), _shown(talk)
    policy = policies.policy_of(talk.team_id, talk.channel_id, talk.priority)
    if policy is None and before == (None, None, None, ON_TIME) and talk.resolution_since is None:
        return False
    calendar = _calendar(talk, policy)
    facts = Facts(
        is_open=talk.status == "open",
        is_elsewhere=talk.owner_kind in ("bot", "outside"),
        waiting_since=talk.waiting_since,
        is_answered=talk.answered_at is not None,
        is_snoozed=talk.snoozed_at is not None,
    )
    missed = _miss_passed(talk, now)  # before anybody looked: an answer that came late
    _set_response(talk, facts, policy, calendar)
    _set_resolution(talk, facts, policy, calendar, now)
    if quiet:
        _miss_passed(talk, now)
    else:
        _call_for(talk, missed)
    _sum_up(talk)
    if before[3] and not talk.due_state:
        for hook in on_kept:
            hook(talk)
    if _shown(talk) == before:
        return False
    _show_above_thread(talk)
    return True


def _calendar(talk: Conversation, policy: Policy | None) -> Calendar | None:
    if policy is None or not policy.in_hours:
        return None
    return hours.hours_of(talk.team_id, talk.channel_id).calendar


def _set_response(
    talk: Conversation, facts: Facts, policy: Policy | None, calendar: Calendar | None
) -> None:
    kind = clocks.response_kind(facts, policy)
    due = None
    if kind and policy and talk.waiting_since:
        due = clocks.response_due(policy, kind, calendar, talk.waiting_since)
    _set(talk, "response", due)
    talk.response_kind = kind if due else None
    if due is None:
        talk.response_state = ON_TIME


def _set_resolution(
    talk: Conversation,
    facts: Facts,
    policy: Policy | None,
    calendar: Calendar | None,
    now: datetime,
) -> None:
    since = talk.resolution_since
    if not clocks.resolution_runs(facts, policy):
        if since is not None:
            talk.resolution_spent += clocks.seconds_between(calendar, since, now)
        talk.resolution_since = None
        _set(talk, "resolution", None)
        return
    if since is None:
        # It began when they began to wait; what it stood still for does not count.
        began = talk.waiting_since if talk.waiting_since and not talk.resolution_spent else now
        since = talk.resolution_since = min(began, now)
    assert policy is not None  # noqa: S101 - it runs
    _set(
        talk,
        "resolution",
        clocks.resolution_due(policy, calendar, since, talk.resolution_spent),
    )


def _set(talk: Conversation, name: str, due: Due | None) -> None:
    """A clock that moved is told of anew, as far as it is not late already."""
    setattr(talk, f"{name}_due_at", due.due_at if due else None)
    setattr(talk, f"{name}_warn_at", due.warn_at if due else None)
    if due is not None:
        told = getattr(talk, f"{name}_state")
        setattr(talk, f"{name}_state", min(told, due.state_at(clock.now())))


def _running(talk: Conversation) -> list[tuple[str, Due, int]]:
    """The clocks that run, with what was told of them."""
    found = []
    for name in CLOCKS:
        due, warn = getattr(talk, f"{name}_due_at"), getattr(talk, f"{name}_warn_at")
        if due is not None:
            found.append((name, Due(due, warn or due), getattr(talk, f"{name}_state")))
    return found


def _sum_up(talk: Conversation) -> None:
    running = _running(talk)
    talk.due_at = min((due.due_at for _, due, _ in running), default=None)
    talk.due_state = max((state for *_, state in running), default=ON_TIME)
    looks = [due.due_at if state else due.warn_at for _, due, state in running if state < LATE]
    talk.due_check_at = min(looks, default=None)


def _miss_passed(talk: Conversation, now: datetime) -> list[tuple[str, str]]:
    """Write down what is late and was not known to be: the clocks, and what each is for."""
    missed = []
    for name, due, state in _running(talk):
        if state < LATE and due.due_at <= now:
            kind = kind_of(talk, name)
            setattr(talk, f"{name}_state", LATE)
            note_event(talk, "deadline_missed", clock=kind, due=due.due_at.isoformat())
            missed.append((name, kind))
    return missed


def _call_for(talk: Conversation, missed: list[tuple[str, str]]) -> None:
    """Nobody is called for what was answered meanwhile."""
    late = {name for name, _, state in _running(talk) if state == LATE}
    for name, kind in missed:
        if name in late:
            for hook in on_late:
                hook(talk, kind, LATE)


def kind_of(talk: Conversation, name: str) -> str:
    """What a clock is for: "first" or "next" answer, or the "resolution"."""
    return (talk.response_kind or "first") if name == "response" else name


def pass_due() -> None:
    """Turn what came near or passed since the last look; each in its own transaction, once."""
    due = (
        select(Conversation.id)
        .where(Conversation.due_check_at <= clock.now())
        .order_by(Conversation.due_check_at)
        .limit(AT_ONCE)
    )
    for talk_id in db.session.scalars(due).all():
        with atomic():
            _pass(locked(talk_id))


def _pass(talk: Conversation) -> None:
    now, before = clock.now(), talk.due_state
    _call_for(talk, _miss_passed(talk, now))
    for name, due, state in _running(talk):
        if state < NEAR and due.warn_at <= now:
            setattr(talk, f"{name}_state", NEAR)
            for hook in on_late:
                hook(talk, kind_of(talk, name), NEAR)
    _sum_up(talk)
    if talk.due_state != before:
        talk.version += 1
        announce(talk)
        _show_above_thread(talk)


def _shown(talk: Conversation) -> tuple[Any, ...]:
    return (talk.response_due_at, talk.resolution_due_at, talk.due_check_at, talk.due_state)


def _show_above_thread(talk: Conversation) -> None:
    on_commit(partial(_push_marks, talk), once=("marks", talk.id))


def _push_marks(talk: Conversation) -> None:
    if viewers.looked_at([talk.id]):
        desk_live.marks_changed(talk)
