"""The demo's consultants, a week of turns behind them, and customers who wait for one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from sqlalchemy import select, update

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.consultants import service as consultants
from app.contacts.models import Contact
from app.conversations import service as conversations
from app.conversations.models import Message, OutboxEntry
from app.extensions import current_settings, db
from app.forwarding import service as forwarding
from app.protocols import service as protocols
from app.seed.talks import Talk
from app.seed.telling import tell

# Name, languages, capacity, key of the log-in, and how they stand today.
PEOPLE = (
    ("Beatriz Carvalho", ("pt-BR", "es"), 8, "atendente", "offline"),
    ("Rafael Moreira", ("pt-BR",), 6, "atendente2", "offline"),
    ("Camila Azevedo Prates", ("pt-BR",), None, None, "online"),
    ("Diego Sampaio", ("pt-BR",), 5, None, "online"),
    ("Elisa Fontoura", ("pt-BR",), None, None, "online"),
    ("Gustavo Penha", ("pt-BR",), 4, None, "paused"),
    ("Heloísa Brandão", ("pt-BR", "en", "es"), None, None, "offline"),
    ("Ignacio Duarte", ("es",), 4, None, "offline"),
    ("Karen Whitfield", ("en",), 3, None, "paused"),
    ("Leandro Quintela", ("pt-BR",), None, None, "online"),
    ("Nádia Rezende", ("pt-BR",), 5, None, "offline"),
    ("Tomás Villela", ("pt-BR", "es"), None, None, "left"),
)
# Minutes ago, and what was said: they are forwarded at the end, in the contact's language.
WAITING = (
    Talk(
        "Lucía Fernández",
        "5500900019001",
        (
            (44, "customer", "Buenas tardes, quiero hablar con un asesor sobre un departamento"),
            (43, "take:atendente2", ""),
        ),
        language="es",
    ),
    Talk(
        "Mateo Giménez",
        "5500900019002",
        (
            (31, "customer", "Hola, ¿me pueden explicar la financiación?"),
            (30, "take:atendente", ""),
        ),
        language="es",
    ),
    Talk(
        "Olivia Hartley",
        "5500900019003",
        (
            (18, "customer", "Hello! Could somebody tell me about the handover of the keys?"),
            (17, "take:atendente2", ""),
        ),
        language="en",
    ),
)
HANDED = (
    Talk(
        "Priscila Antunes",
        "5500900019004",
        (
            (63, "customer", "Bom dia, quero renegociar as parcelas do meu contrato"),
            (62, "take:atendente", ""),
        ),
    ),
    Talk(
        "Wagner Tavares",
        "5500900019005",
        (
            (27, "customer", "Preciso falar com o consultor da venda, por favor"),
            (26, "take:atendente2", ""),
        ),
    ),
)
DAYS, A_DAY = 7, 9


def employ(staff: dict[str, User]) -> dict[str, int]:
    """The consultants, as they began some days ago; their ids by name."""
    made = {}
    for number, (name, languages, capacity, login, _) in enumerate(PEOPLE):
        given = {
            "name": name,
            "languages": languages,
            "capacity": capacity,
            "email": f"consultor{number + 1}@exemplo.com.br",
            "phone": f"+55009000{30_000 + number}",
            "user_id": staff[login].id if login else None,
            "online": True,
        }
        with _ago(minutes=(DAYS + 1) * 1440 - number):
            made[name] = consultants.create(staff["gestor"], given).id
    return made


def take_turns(seed: int) -> None:
    """A week of hand-outs as the callers of the API ask for them, most of them closed since.

    They end before the first of `HANDED`: numbers follow the time.
    """
    chance = Random(seed)  # noqa: S311 - sample data
    contacts = db.session.scalars(select(Contact.id).order_by(Contact.id)).all()
    for minutes in _minutes(chance):
        language = chance.choices(("pt-BR", "en", "es"), (8, 1, 1))[0]
        with _ago(minutes=minutes):
            taken = consultants.take_turn(
                language, by="token Site", contact_id=chance.choice(contacts)
            )
        status = "closed" if minutes > 1440 else chance.choice(("open", "in_progress", "waiting"))
        if status != "open":
            with _ago(minutes=minutes - chance.randint(1, 15)):
                protocols.change(taken.protocol_id, "token Site", {"status": status})


def _minutes(chance: Random) -> Sequence[int]:
    """When, oldest first, in office hours of the last days and in the last hours of today."""
    past = [day * 1440 + chance.randint(0, 420) for day in range(1, DAYS) for _ in range(A_DAY)]
    return sorted([*past, *(70 + 23 * number for number in range(12))], reverse=True)


def stand(staff: dict[str, User], ids: dict[str, int]) -> None:
    """How each of them stands today."""
    manager = staff["gestor"]
    for name, _, _, login, state in PEOPLE:
        if login:
            consultants.follow_presence(staff[login].id, "online")
            consultants.follow_presence(staff[login].id, "offline")  # until they open the page
        elif state == "paused":
            consultants.pause_consultant(manager, ids[name], "almoço")
        elif state == "left":
            consultants.leave(manager, ids[name])
        elif state == "offline":
            consultants.set_online(manager, ids[name], online=False)


def forward(channel: Channel, staff: dict[str, User]) -> None:
    """Two conversations go to whose turn it is; three wait: nobody of their language is there."""
    for talk in (*HANDED, *WAITING):
        conversation_id = tell(talk, channel, staff)
        minutes, act, _ = talk.steps[-1]
        by = staff[act.partition(":")[2]]
        with _ago(minutes=minutes - 1):
            version = conversations.locked(conversation_id).owner_version
            forwarding.forward(conversation_id, by, version)
        _settle(conversation_id)


def _settle(conversation_id: int) -> None:
    """What the system said has arrived; nothing is sent."""
    db.session.flush()
    entries = update(OutboxEntry).where(OutboxEntry.conversation_id == conversation_id)
    db.session.execute(entries.values(state="done"))
    said = select(Message).where(
        Message.conversation_id == conversation_id, Message.direction == "out"
    )
    for message in db.session.scalars(said):
        message.status, message.provider_id = "read", f"EXEMPLO-OUT-{message.id}"


@contextmanager
def _ago(minutes: float) -> Iterator[None]:
    """The clock stands so many minutes back."""
    clock.shift(_own_shift() - timedelta(minutes=minutes))
    try:
        yield
    finally:
        clock.shift(_own_shift())


def _own_shift() -> timedelta:
    return timedelta(seconds=current_settings().clock_shift_seconds)
