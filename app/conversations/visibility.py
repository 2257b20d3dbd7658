"""Who may see which conversations: as a condition, as the rooms of a screen, and as an audience.

What the company chose decides between three rules; managers see everything under each of them. A
conversation without a team is every team's, and whoever owns one always sees it. The condition
(`sees`), the rooms a socket joins (`rooms_of`) and the rooms a change is sent to (`audience`,
`thread_room`) must say the same: tests/teams/ compares them.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company import memory
from app.company import service as company
from app.company.fields import Choice, Section, register
from app.conversations.models import Conversation
from app.live import kick_everyone, user_room
from app.teams import queries as teams
from app.words import N_

VISIBILITY = Choice(
    "visibility",
    N_("O que cada atendente vê"),
    "teams",
    options={
        "everything": N_("Todas as conversas"),
        "teams": N_("As conversas das suas equipes e as próprias"),
        "own": N_("As próprias e, das suas equipes, as que ninguém atende"),
    },
)
SECTION = register(
    Section(
        "visibility",
        N_("Quem vê o quê"),
        N_(
            "Vale na lista, na busca, nos números das abas e nas telas abertas, na hora. "
            "Gestores e administradores veem todas; conversas sem equipe são de todas as equipes."
        ),
        (VISIBILITY,),
    )
)

# Every screen is in other rooms then, and its lists and open thread are compared anew.
company.on_change.setdefault(VISIBILITY.key, []).append(kick_everyone)

EVERY_ROW = "inbox-all"


def rule() -> str:
    """What the company chose; without any team, teams hide nothing and cost nothing."""
    return memory.remember("visibility", _read_rule)


def _read_rule() -> str:
    chosen = company.get(VISIBILITY)
    return "everything" if chosen == "teams" and not teams.known() else chosen


def sees_all(viewer: User) -> bool:
    """Whether nothing of the desk is hidden from this person."""
    return viewer.can(Permission.CONVERSATIONS_VIEW) and (
        viewer.can(Permission.CONVERSATIONS_VIEW_ALL) or rule() == "everything"
    )


def sees(viewer: User) -> ColumnElement[bool] | None:
    """The condition on conversations that this person may see; None when all of them."""
    if not viewer.can(Permission.CONVERSATIONS_VIEW):
        return false()
    if sees_all(viewer):
        return None
    in_team = or_(Conversation.team_id.is_(None), Conversation.team_id.in_(viewer.team_ids))
    if rule() == "own":
        in_team = and_(Conversation.owner_id.is_(None), in_team)
    return or_(Conversation.owner_id == viewer.id, in_team)


def teams_of(viewer: User) -> list[int]:
    """The teams whose conversations this person sees; 0 stands for those without a team."""
    return [0, *sorted(viewer.team_ids)]


def rooms_of(viewer: User) -> list[str]:
    """The rooms in which rows and numbers of the lists reach this person, beside their own room."""
    if not viewer.can(Permission.CONVERSATIONS_VIEW):
        return []
    if sees_all(viewer):
        return [EVERY_ROW]
    only_unowned = rule() == "own"
    rows = [_rows_of(team_id, only_unowned) for team_id in teams_of(viewer)]
    return [*rows, *(numbers_of(team_id) for team_id in teams_of(viewer))]


def audience(conversation: Conversation) -> list[str]:
    """The rooms of all who see a conversation in their lists, and of nobody else."""
    return _audience(conversation, rule())


def audiences(conversations: Iterable[Conversation]) -> dict[tuple[str, ...], list[Conversation]]:
    """The same of several: those that the same rooms see, together."""
    present = rule()
    found: dict[tuple[str, ...], list[Conversation]] = {}
    for conversation in conversations:
        found.setdefault(tuple(_audience(conversation, present)), []).append(conversation)
    return found


def _audience(conversation: Conversation, present: str) -> list[str]:
    owner_id, team_id = conversation.owner_id, conversation.team_id
    rooms = [EVERY_ROW]
    if present == "everything":
        return rooms
    if present == "teams" or owner_id is None:
        rooms.append(_rows_of(team_id, present == "own"))
    if owner_id is not None and (present == "own" or team_id is not None):
        rooms.append(user_room(owner_id))
    return rooms


def thread_room(conversation_id: int, team_id: int | None, owner_id: int | None) -> str:
    """The room of those who have a conversation open.

    Where others may see it once its team or owner changed, the room's name changes too: nobody is
    in the new one before the rule let them in again.
    """
    present = rule()
    if present == "everything" or (present == "teams" and team_id is None):
        return f"conversation-{conversation_id}"
    return f"conversation-{conversation_id}-{present}-{team_id or 0}-{owner_id or 0}"


def numbers_of(team_id: int | None) -> str:
    """The room of those to whom the numbers of this team are told apart."""
    return f"inbox-numbers-{team_id or 0}"


def _rows_of(team_id: int | None, only_unowned: bool) -> str:
    return f"inbox-{'unowned' if only_unowned else 'team'}-{team_id or 0}"
