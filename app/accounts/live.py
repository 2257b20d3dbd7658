"""What the staff pages, the token list, the audit log and presence announce."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ARRAY, Integer, Select, Text, case, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts import presence_store
from app.accounts.models import ApiToken, AuditEntry, User
from app.accounts.permissions import Permission
from app.extensions import db
from app.live import push, region, user_room

STAFF = "admin-staff"
TOKENS = "admin-tokens"
AUDIT = "admin-audit"
PRESENCE = "presence"

MOST_SHOWN_ENTRIES = 200

_ROOM_PERMISSIONS = {
    STAFF: Permission.STAFF_MANAGE,
    TOKENS: Permission.TOKENS_MANAGE,
    AUDIT: Permission.AUDIT_VIEW,
}


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    yield user_room(user.id)
    yield from (room for room, permission in _ROOM_PERMISSIONS.items() if user.can(permission))
    if sees_presence(user):
        yield PRESENCE


def sees_presence(user: User) -> bool:
    """Whether this person's screens show who is there."""
    return user.can(Permission.CONVERSATIONS_VIEW) or user.can(Permission.STAFF_MANAGE)


def staff_changed(member: User) -> None:
    """Somebody was invited, changed, deactivated, let in again, or has just entered."""
    push(STAFF, "accounts/live/staff_changed.html", member=member)


def token_changed(token: ApiToken) -> None:
    """A token was made, used or revoked."""
    push(TOKENS, "accounts/live/token_changed.html", token=token)


def entry_added(entry: AuditEntry) -> None:
    """Something was recorded in the audit log."""
    push(AUDIT, "accounts/live/entry_added.html", entry=entry)


def presence_changed(user_id: int, state: str) -> None:
    """Somebody came, went away from their screen, or left."""
    push(
        PRESENCE, "accounts/live/presence_changed.html", changed={user_id: state},
        everyone=everyones_presence(),
    )  # fmt: skip
    push(user_room(user_id), "accounts/live/my_presence_changed.html", my_id=user_id, mine=state)


def everyones_presence() -> dict[int, presence_store.State]:
    """The state of every active member of staff."""
    return presence_store.state_of(db.session.scalars(select(User.id).where(User.active)))


def presence_version(states: Mapping[int, str]) -> str:
    """All states in one text: the version of the region that holds them."""
    return ",".join(f"{user_id}:{states[user_id]}" for user_id in sorted(states))


def _may(user_id: int, permission: Permission) -> bool:
    return db.session.get_one(User, user_id).can(permission)


def _shown_ids(shown: str) -> list[int]:
    ids = (part.partition(":")[0] for part in shown.rstrip("+").split(","))
    return [int(text) for text in ids if text.isdecimal() and len(text) < 10]


def _rows_in_shown_order(model: type[User] | type[ApiToken], shown: str) -> Select[tuple[str]]:
    """ "id:version" of every row, those on the page in the order in which it shows them."""
    place = func.array_position(cast(_shown_ids(shown), ARRAY(Integer)), model.id)
    row = cast(model.id, Text) + ":" + cast(model.version, Text)
    return select(func.string_agg(row, aggregate_order_by(literal(","), place, model.id)))


@region("staff")
def _staff(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not _may(user_id, Permission.STAFF_MANAGE):
        return None
    return _rows_in_shown_order(User, shown)


@region("staff-member")
def _staff_member(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not _may(user_id, Permission.STAFF_MANAGE) or not (ids := _shown_ids(argument)):
        return None
    version: Any = cast(User.version, Text)
    return select(version).where(User.id == ids[0])


@region("tokens")
def _tokens(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not _may(user_id, Permission.TOKENS_MANAGE):
        return None
    return _rows_in_shown_order(ApiToken, shown)


@region("audit")
def _audit(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The newest entries, as many as are shown, and "+" when there are older ones."""
    if not _may(user_id, Permission.AUDIT_VIEW):
        return None
    ids = _shown_ids(shown)
    size = max(min(len(ids), MOST_SHOWN_ENTRIES), 1)
    newest = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(size).subquery()
    row = cast(newest.c.id, Text) + ":1"
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id.desc()))
    older = exists().where(AuditEntry.id < func.min(newest.c.id))
    return select(listed + case((older.correlate(newest), "+"), else_=""))


@region("presence")
def _presence(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not sees_presence(db.session.get_one(User, user_id)):
        return None
    return select(literal(presence_version(everyones_presence())))


@region("my-presence")
def _my_presence(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return select(literal(presence_store.state_of([user_id])[user_id]))
