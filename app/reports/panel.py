"""What waits, what runs and what is late, for whoever opens the home page.

Each number is one expression: the page reads all of them in one statement, and the same expressions
are the version of the region that shows them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Integer, Select, Text, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import clock
from app.accounts import presence
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels.models import Channel
from app.conversations import queries as conversations
from app.conversations.filters import waits_since
from app.conversations.models import Conversation, InboxCounter
from app.extensions import db
from app.forwarding.models import Waiting
from app.intake.models import Receipt
from app.protocols import queries as protocols
from app.reports import finance
from app.reports.late_work import late_work
from app.reports.tile import Tile, count
from app.scheduling.models import ScheduledMessage

LEAST_HOURS = 9  # so that a morning is no single column
LATE = timedelta(minutes=15)  # when the list's waiting time turns red
NOT_SENT = ("failed", "uncertain")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Somebody who attends: whether they are there, and how many conversations they have."""

    person: User
    state: str
    total: int


@dataclass(frozen=True, slots=True)
class Hour:
    """How many conversations began and ended in one hour of today."""

    hour: int
    opened: int
    closed: int


def tiles(viewer: User) -> list[Tile]:
    """The numbers that concern this person, what needs them first."""
    found: list[Tile] = []
    if viewer.can(Permission.CONVERSATIONS_WORK):
        found += _of_the_desk(viewer)
    if viewer.can(Permission.CONSULTANTS_VIEW):
        found.append(_line())
    if viewer.can(Permission.PROTOCOLS_VIEW):
        found.append(_protocols(viewer))
    if viewer.can(Permission.DEBTS_VIEW):
        found += finance.tiles(viewer)
    if viewer.can(Permission.CHANNELS_VIEW):
        found.append(_channels())
    if viewer.can(Permission.RECEIPTS_VIEW):
        found += [_receipts(), _late_work()]
    return found


def read(shown: list[Tile]) -> dict[str, str]:
    """Every number of these tiles as the page shows it; one statement."""
    if not shown:
        return {}
    row = db.session.execute(select(*(tile.text.label(tile.key) for tile in shown))).one()
    return {str(key): str(value) for key, value in row._mapping.items()}


def version(viewer: User) -> Select[tuple[str]] | None:
    """The numbers as one text, "3/0/12", as the browser reads them off the page."""
    shown = [tile.text for tile in tiles(viewer)]
    if not shown:
        return None
    joined = shown[0]
    for text in shown[1:]:
        joined = joined + literal("/") + text
    return select(joined)


def _of_the_desk(viewer: User) -> list[Tile]:
    waits = Conversation.waiting_since.is_not(None)
    is_late = waits_since <= clock.now() - LATE
    day_ends = _midnight() + timedelta(days=1)
    mine = count(conversations.list_query(viewer, "mine", "waiting", 1).where(waits))
    nobodys = count(conversations.list_query(viewer, "unassigned", "waiting", 1))
    late = conversations.list_query(viewer, "mine", "waiting", 1).where(is_late)
    lost = conversations.list_query(viewer, "mine", "newest", 1)
    back = conversations.list_query(viewer, "snoozed", "newest", 1).where(
        Conversation.owner_id == viewer.id, Conversation.snoozed_until < day_ends
    )
    planned = select(1).where(
        ScheduledMessage.author_id == viewer.id,
        ScheduledMessage.state == "waiting",
        ScheduledMessage.send_at < day_ends,
    )
    missed = select(1).where(
        ScheduledMessage.author_id == viewer.id, ScheduledMessage.state == "missed"
    )
    return [
        Tile(
            "mine", _("Esperam por você"), _("clientes seus sem resposta"), "message-circle",
            "/conversas?aba=mine&ordem=waiting", mine, "wait",
        ),
        Tile(
            "late", _("Em atraso"), _("seus, há mais de 15 min"), "alarm",
            "/conversas?aba=mine&ordem=waiting&espera=15", count(late), "late",
        ),
        Tile(
            "unassigned", _("Sem dono"), _("esperam que alguém assuma"), "inbox",
            "/conversas?aba=unassigned&ordem=waiting", nobodys, "wait",
        ),
        Tile(
            "not_sent", _("Não enviadas"), _("a última palavra não chegou"), "alert-circle",
            "/conversas?aba=mine",
            count(lost.where(Conversation.last_message_status.in_(NOT_SENT))), "late", True,
        ),
        Tile(
            "scheduled", _("Saem hoje"), _("mensagens que você agendou"), "calendar-time",
            "/agendadas", count(planned),
        ),
        Tile(
            "missed", _("Agendadas que não saíram"), _("decida o que fazer"), "alert-triangle",
            "/agendadas?ver=nao-enviadas", count(missed), "late", True,
        ),
        Tile(
            "snoozed", _("Voltam hoje"), _("conversas adiadas"), "clock-pause",
            "/conversas?aba=snoozed",
            count(back),
        ),
        _overdue(viewer),
    ]  # fmt: skip


def _overdue(viewer: User) -> Tile:
    whose = "all" if viewer.can(Permission.CONVERSATIONS_VIEW_ALL) else "mine"
    query = conversations.list_query(viewer, whose, "due", 1).where(Conversation.due_state == 2)
    name, hint = _("Prazo vencido"), _("promessas que já passaram da hora")
    href = f"/conversas?aba={whose}&ordem=due&prazo=atrasado"
    return Tile("overdue", name, hint, "clock", href, count(query), "late", True)


def _line() -> Tile:
    waits = select(1).where(Waiting.state == "waiting")
    name, hint = _("Na fila da vez"), _("esperam um consultor")
    return Tile("line", name, hint, "user-check", "/fila", count(waits), "wait")


def _protocols(viewer: User) -> Tile:
    chosen = protocols.ProtocolFilter(status="open")
    query = protocols.query(viewer, chosen, literal(1))
    name, hint = _("Protocolos abertos"), _("ainda sem andamento")
    href = "/protocolos/lista?situacao=open"
    return Tile("protocols", name, hint, "file-text", href, count(query))


def _channels() -> Tile:
    down = select(1).where(Channel.active, Channel.state == "disconnected")
    name = _("Canais fora do ar")
    return Tile("down", name, _("nada entra nem sai"), "plug", "/canais", count(down), "late", True)


def _receipts() -> Tile:
    failed = select(1).where(Receipt.state == "failed")
    name, hint = _("Recebimentos com falha"), _("guardados, à espera de você")
    href = "/recebimentos?estado=failed"
    return Tile("receipts", name, hint, "webhook", href, count(failed), "late", True)


def _late_work() -> Tile:
    name, hint = _("Trabalho parado"), _("há mais de 5 s: veja os workers")
    return Tile("stuck", name, hint, "alarm", "/recebimentos", count(late_work()), "late", True)


def _midnight() -> datetime:
    return clock.now().astimezone(clock.COMPANY_ZONE).replace(
        hour=0, minute=0, second=0, microsecond=0
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staff:
    """Everyone who attends, and the version of the region that shows them."""

    people: list[Loaded]
    version: str


def staff() -> Staff:
    """Everyone who attends: who is there first, then who has most."""
    attending = conversations.attending(conversations.active_staff())
    version = str(db.session.scalar(loads_version()) or "")
    parts = [part.removeprefix("user:").partition("=") for part in version.split(",") if part]
    totals = {user_id: int(total) for user_id, _equals, total in parts}
    there = presence.state_of(person.id for person in attending)
    loaded = [
        Loaded(person, there.get(person.id, "offline"), totals.get(str(person.id), 0))
        for person in attending
    ]
    order = {"online": 0, "away": 1, "offline": 2}
    loaded.sort(key=lambda one: (order[one.state], -one.total, one.person.name))
    return Staff(loaded, version)


def loads_version() -> Select[tuple[str]]:
    """Who has how many conversations, as one text."""
    one = InboxCounter.tab + literal("=") + cast(InboxCounter.total, Text)
    joined = func.string_agg(one, aggregate_order_by(literal(","), InboxCounter.tab))
    held = InboxCounter.tab.startswith("user:"), InboxCounter.total > 0
    return select(func.coalesce(joined, "")).where(*held)


@dataclass(frozen=True, slots=True)
class Day:
    """Today by hours without a hole between them, and the version of the region that shows it."""

    hours: list[Hour]
    version: str

    @property
    def labels(self) -> list[str]:
        """The names of the hours."""
        return [f"{one.hour}h" for one in self.hours]

    @property
    def opened(self) -> int:
        """How many conversations began today."""
        return sum(one.opened for one in self.hours)

    @property
    def closed(self) -> int:
        """How many ended today."""
        return sum(one.closed for one in self.hours)


def day() -> Day:
    """Today until now, beginning with the first hour in which anything happened."""
    version = str(db.session.scalar(day_version()) or "")
    counts = [part.split("=") for part in version.split(",") if part]
    opened = {int(hour[1:]): int(count) for hour, count in counts if hour[0] == "o"}
    closed = {int(hour[1:]): int(count) for hour, count in counts if hour[0] == "c"}
    now = clock.now().astimezone(clock.COMPANY_ZONE).hour
    first = min([*opened, *closed, max(0, now - LEAST_HOURS + 1)])
    hours = [Hour(hour, opened.get(hour, 0), closed.get(hour, 0)) for hour in range(first, now + 1)]
    return Day(hours, version)


def day_version() -> Select[tuple[str]]:
    """What began ("o9=12") and ended ("c9=8") in each hour of today, as one text."""
    both = union_all(_by_hour("o", Conversation.created_at), _by_hour("c", Conversation.closed_at))
    rows = both.subquery()
    line = rows.c.kind + cast(rows.c.hour, Text) + literal("=") + cast(rows.c.total, Text)
    joined = func.string_agg(line, aggregate_order_by(literal(","), rows.c.kind, rows.c.hour))
    return select(func.coalesce(joined, ""))


def _by_hour(kind: str, moment: Any) -> Select[Any]:
    local = func.timezone(str(clock.COMPANY_ZONE), moment)
    hour = cast(func.extract("hour", local), Integer).label("hour")
    columns: tuple[Any, ...] = (literal(kind).label("kind"), hour, func.count().label("total"))
    return select(*columns).where(moment >= _midnight()).group_by(hour)
