"""The history of an agreement: each thing that happens is added with who, when and by which way."""

from functools import partial
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.debts.agreements import live
from app.debts.agreements.lifecycle import State, may_follow
from app.debts.agreements.models import Agreement, AgreementEvent, FinanceTask
from app.errors import Conflict, NotFound
from app.extensions import db
from app.transactions import on_commit

SYSTEM = "sistema"
CUSTOMER = "cliente"


def locked(agreement_id: int) -> Agreement:
    """The agreement, everybody else waiting. Raises NotFound."""
    query = select(Agreement).where(Agreement.id == agreement_id).with_for_update(of=Agreement)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def happened(
    agreement: Agreement,
    kind: str,
    by: User | str = SYSTEM,
    *,
    way: str = "",
    message_id: int | None = None,
    text_hash: str = "",
    **details: Any,
) -> AgreementEvent:
    """Add to the history of a locked agreement; its pages follow after the commit."""
    event = AgreementEvent(
        agreement_id=agreement.id,
        at=clock.now(),
        kind=kind,
        state=agreement.state,
        actor_id=by.id if isinstance(by, User) else None,
        actor_name=by.name if isinstance(by, User) else by,
        way=way,
        message_id=message_id,
        text_hash=text_hash,
        details=details,
    )
    db.session.add(event)
    agreement.version = (agreement.version or 0) + 1
    db.session.flush()
    on_commit(
        partial(
            live.agreement_changed, agreement.id, agreement.offer_id, agreement.conversation_id
        ),
        once=("agreement", agreement.id),
    )
    return event


def become(agreement: Agreement, state: State, by: User | str = SYSTEM, **details: Any) -> None:
    """Move a locked agreement on, and say so. Raises Conflict for what does not follow."""
    if not may_follow(State(agreement.state), state):
        raise Conflict("O acordo não está mais nesta situação: atualize a página.")
    agreement.state = state
    if state not in (State.ACCEPTED, State.EFFECTIVE):
        agreement.ended_at = clock.now()
    happened(agreement, state, by, **details)


def open_task(
    kind: str,
    title: str,
    figures: list[list[str]],
    agreement: Agreement | None = None,
    conversation_id: int | None = None,
) -> FinanceTask:
    """Something that finance has to do by hand, with all its figures; the same once only."""
    if agreement is not None:
        known = db.session.scalar(
            select(FinanceTask).where(
                FinanceTask.agreement_id == agreement.id, FinanceTask.kind == kind
            )
        )
        if known is not None:
            return known
    task = FinanceTask(
        agreement_id=agreement.id if agreement else None,
        conversation_id=conversation_id,
        kind=kind,
        title=title,
        figures=figures,
        created_at=clock.now(),
    )
    db.session.add(task)
    db.session.flush()
    on_commit(live.tasks_changed, once="finance tasks")
    return task


def close_task(agreement: Agreement, kind: str) -> None:
    """What no longer has to be done."""
    tasks = db.session.scalars(
        select(FinanceTask).where(
            FinanceTask.agreement_id == agreement.id,
            FinanceTask.kind == kind,
            FinanceTask.done_at.is_(None),
        )
    )
    for task in tasks:
        task.done_at, task.version = clock.now(), task.version + 1
    on_commit(live.tasks_changed, once="finance tasks")
