"""A whole desk's years in minutes: conversations and messages by COPY, for measurements.

The same seed, date, size and staff give the same rows, whatever the machine.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as time_of_day
from random import Random

from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.contacts.models import Contact, ContactIdentity
from app.conversations import counters
from app.conversations.models import Conversation, Message
from app.extensions import current_settings, db
from app.labels.models import Label
from app.seed.load import tables
from app.seed.load.names import person_name
from app.seed.load.rows import FIRST_NUMBER, Desk, History, phone_of
from app.seed.staff import hire
from app.teams.models import Team
from app.transactions import atomic

TABLES = ["contacts", "contact_identities", "conversations", "messages"]
MESSAGES_EACH = 10  # of a conversation, on average
TEAMS = ("Cobrança", "Obras", "Vendas")
LABELS = ("Boleto", "Vistoria", "Renegociação", "Visita", "Cadastro")  # in the order of the topics
COLLEAGUES = 25  # beside the staff of the demo

Say = Callable[[str], None]


class Refused(Exception):
    """The load does not go into this database; the text says why, in Portuguese."""


def load(
    messages: int = 1_000_000,
    conversations: int | None = None,
    seed: int = 1,
    until: date | None = None,
    say: Say = lambda _: None,
) -> str:
    """Add a history that ends at the last midnight before `until` (today). Says what it did.

    Raises Refused in production, beside real people's data, and when it was there already.
    """
    count = conversations or max(1, messages // MESSAGES_EACH)
    if messages < 4 * count:
        raise Refused("Cada conversa precisa de ao menos 4 mensagens.")
    _refuse_beside_real_data()
    began = time.monotonic()
    with atomic():
        desk = _desk(until or clock.now().astimezone(clock.COMPANY_ZONE).date())
        _fill(History(desk, count, messages, seed), say)
        say("Conferindo as contagens…")
        counters.settle()
    _analyze()
    took = time.monotonic() - began
    return (
        f"{count} conversas e {messages} mensagens em {took:.0f} s "
        f"({messages / took:.0f} mensagens por segundo)."
    )


def _refuse_beside_real_data() -> None:
    if current_settings().is_production:
        raise Refused("A carga não entra em produção: são pessoas e conversas inventadas.")
    invented = ContactIdentity.value.like("+5500%")
    if db.session.scalar(select(ContactIdentity.id).where(~invented).limit(1)):
        raise Refused("Este banco tem contatos de verdade; a carga só entra em um banco de testes.")
    first = phone_of(FIRST_NUMBER)
    if db.session.scalar(select(ContactIdentity.id).where(ContactIdentity.value == first)):
        raise Refused("A carga já está neste banco.")


def _desk(until: date) -> Desk:
    """Who attends, on which channels, and the ids after which the new rows are numbered."""
    hire(current_settings().demo_password)
    channels = list(
        db.session.scalars(select(Channel.id).where(Channel.active).order_by(Channel.id))
    )
    if not channels:
        raise Refused("Não há canal ativo. Crie um em Canais e rode de novo.")
    midnight = datetime.combine(until, time_of_day(), clock.COMPANY_ZONE)
    teams = [_named(Team, name) for name in TEAMS]
    staff = _colleagues(teams)
    return Desk(
        staff=[person.id for person in staff],
        channels=channels,
        teams={person.id: person.team_ids[0] for person in staff if person.team_ids},
        labels=[_named(Label, name) for name in LABELS],
        end=int(midnight.timestamp()),
        last_ids={
            model.__tablename__: db.session.scalar(select(func.max(model.id))) or 0
            for model in (Contact, ContactIdentity, Conversation, Message)
        },
    )


def _named(model: type[Team] | type[Label], name: str) -> int:
    """The team or label of this name, made when there is none."""
    found = db.session.scalar(select(model.id).where(func.fold(model.name) == func.fold(name)))
    if found is None:
        made = model(name=name)
        db.session.add(made)
        db.session.flush()
        found = made.id
    return found


def _colleagues(teams: list[int]) -> list[User]:
    """Attendants without a password: the history is theirs, nobody enters as one of them."""
    for number in range(COLLEAGUES):
        email = f"carga-{number:02d}@guiche.local"
        if not db.session.scalar(select(User.id).where(User.email == email)):
            name = person_name(Random(email))  # noqa: S311 - the same names every time
            team = [teams[number % len(teams)]]
            db.session.add(
                User(name=name, email=email, roles=["attendant"], active=True, team_ids=team)
            )
    db.session.flush()
    query = select(User).where(User.active).order_by(User.id)
    return [user for user in db.session.scalars(query) if "attendant" in user.roles]


def _fill(history: History, say: Say) -> None:
    connection = db.session.connection().connection.driver_connection
    assert connection is not None  # noqa: S101 - the session holds it
    db.session.flush()
    with tables.unindexed(connection, TABLES):
        tables.copy(connection, "messages", history.MESSAGE, tables.chunked(history.messages(say)))
        say("Conversas e contatos…")
        tables.copy(connection, "conversations", history.CONVERSATION, history.talks.chunks())
        tables.copy(connection, "contacts", history.CONTACT, tables.chunked(history.contacts()))
        tables.copy(connection, "contact_identities", history.IDENTITY, history.identities.chunks())
        say("Índices…")
    tables.follow_ids(connection, *TABLES)


def _analyze() -> None:
    """Tell the planner what came; outside any transaction, as it asks for."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ANALYZE {', '.join(TABLES)}")


__all__ = ["Refused", "load"]
