"""What managers promise, each time recorded; nothing else writes the table of promises."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts import audit
from app.accounts.models import User
from app.channels.models import Channel
from app.company import memory
from app.conversations.models import PRIORITIES
from app.deadlines import live, rounds
from app.deadlines.models import DeadlinePolicy
from app.deadlines.policies import NAMES, Policy
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.teams.models import Team
from app.transactions import atomic, on_commit

_LOCK = 7_301_016  # of two who put promises in order at once, one waits
LONGEST = 60 * 24 * 90  # minutes
MOST = 50


def create(actor: User, wanted: Policy) -> DeadlinePolicy:
    """A promise, asked last. Raises GuicheError for what cannot be."""
    _check(wanted)
    with atomic() as session:
        _lock()
        last, count = session.execute(
            select(func.coalesce(func.max(DeadlinePolicy.position), 0), func.count())
        ).one()
        if count >= MOST:
            raise GuicheError(_("São até 50 prazos. Mude um dos que existem."), status=422)
        row = DeadlinePolicy(position=last + 1, active=True, version=0)
        _write(row, wanted)
        session.add(row)
        session.flush()
        _changed(actor, row, "deadline.created", None)
    return row


def edit(actor: User, policy_id: int, wanted: Policy) -> DeadlinePolicy:
    """Other conversations or targets."""
    _check(wanted)
    with atomic():
        row = _find(policy_id)
        before = _told(row)
        _write(row, wanted)
        if _told(row) != before:
            _changed(actor, row, "deadline.edited", before)
    return row


def move_up(actor: User, policy_id: int) -> DeadlinePolicy:
    """Ask it one place earlier."""
    with atomic():
        row = _find(policy_id)
        above = db.session.scalars(
            select(DeadlinePolicy)
            .where(DeadlinePolicy.position < row.position)
            .order_by(DeadlinePolicy.position.desc())
            .limit(1)
        ).one_or_none()
        if above is not None:
            row.position, above.position = above.position, row.position
            above.version += 1
            _changed(actor, row, "deadline.moved", None)
    return row


def switch(actor: User, policy_id: int, active: bool) -> DeadlinePolicy:
    """Use it no more, or again."""
    with atomic():
        row = _find(policy_id)
        if row.active != active:
            row.active = active
            _changed(actor, row, "deadline.resumed" if active else "deadline.paused", None)
    return row


def _check(wanted: Policy) -> None:
    targets = (wanted.first_minutes, wanted.next_minutes, wanted.resolution_minutes)
    if not any(targets):
        raise GuicheError(_("Preencha ao menos um dos prazos."), status=422)
    if any(target is not None and not 0 < target <= LONGEST for target in targets):
        raise GuicheError(_("Um prazo vai de 1 minuto a 90 dias."), status=422)
    if not 1 <= wanted.warn_percent <= 99:
        raise GuicheError(_("O aviso vem entre 1 e 99 % do prazo."), status=422)
    if wanted.priority is not None and wanted.priority not in range(len(PRIORITIES)):
        raise GuicheError(_("Escolha uma das prioridades."), status=422)
    for model, number in ((Team, wanted.team_id), (Channel, wanted.channel_id)):
        if number is not None and db.session.get(model, number) is None:
            raise NotFound


def _write(row: DeadlinePolicy, wanted: Policy) -> None:
    for name in NAMES:
        setattr(row, name, getattr(wanted, name))


def _changed(
    actor: User, row: DeadlinePolicy, action: str, before: dict[str, object] | None
) -> None:
    row.version += 1
    audit.record(actor, action, "deadline", row.id, before, _told(row))
    memory.forget()
    rounds.begin()
    on_commit(live.policies_changed, once="deadlines")


def _told(row: DeadlinePolicy) -> dict[str, object]:
    team = db.session.get(Team, row.team_id) if row.team_id else None
    channel = db.session.get(Channel, row.channel_id) if row.channel_id else None
    return {
        "team": team.name if team else "",
        "channel": channel.name if channel else "",
        "priority": PRIORITIES[row.priority] if row.priority is not None else "",
        **{name: getattr(row, name) for name in NAMES[3:]},
    }


def _find(policy_id: int) -> DeadlinePolicy:
    _lock()
    row = db.session.get(DeadlinePolicy, policy_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _lock() -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
