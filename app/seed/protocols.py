"""Protocols of the weeks before: each with what was written and what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.consultants.models import Consultant
from app.contacts.models import Contact
from app.extensions import current_settings, db
from app.protocols import service as protocols
from app.transactions import atomic

OLDEST, NEWEST = 21, 7  # days ago
A_DAY = 10
ABOUT = (
    ("Quer visitar o decorado no sábado de manhã.", "normal"),
    ("Pediu a segunda via do boleto de novembro.", "normal"),
    ("Infiltração no teto do banheiro social.", "high"),
    ("Dúvida sobre o prazo de entrega das chaves.", "normal"),
    ("Quer transferir o contrato para a filha.", "low"),
    ("Reclama de barulho da obra antes das 8h.", "high"),
    ("Quer renegociar três parcelas em atraso.", "urgent"),
    ("Pergunta se o condomínio aceita animais.", "low"),
    ("Pediu a planta da unidade em PDF.", "normal"),
    ("Quer a tabela de preços da segunda torre.", "normal"),
)
NOTES = (
    "Liguei e combinei retorno para amanhã.",
    "Enviei os documentos por e-mail.",
    "Aguardando resposta da obra.",
    "Cliente confirmou o horário.",
    "Encaminhei ao setor de contratos.",
)
# How far each gets, and how often that happens.
WAYS = (
    (("in_progress", "closed"), 60),
    (("in_progress", "waiting", "in_progress", "closed"), 20),
    (("in_progress", "waiting"), 8),
    (("in_progress",), 7),
    ((), 5),
)


def tell_protocols(seed: int, staff: dict[str, User]) -> int:
    """Allocate them in the order of time, and tell what happened to each; how many there are."""
    chance = Random(seed)  # noqa: S311 - sample data
    contacts = db.session.execute(select(Contact.id, Contact.language).order_by(Contact.id)).all()
    speakers = db.session.execute(
        select(Consultant.id, Consultant.languages).order_by(Consultant.id)
    ).all()
    if not contacts:
        return 0
    people = [staff[key] for key in ("atendente", "atendente2", "gestor")]
    moments = _moments(chance)
    for minutes in moments:
        contact_id, language = chance.choice(contacts)
        speaking = [number for number, tags in speakers if language in tags]
        _tell(chance, minutes, contact_id, language, speaking, chance.choice(people))
    return len(moments)


def _tell(
    chance: Random,
    minutes: float,
    contact_id: int,
    language: str,
    speaking: list[int],
    by: User,
) -> None:
    text, priority = chance.choice(ABOUT)
    with _ago(minutes), atomic():
        made = protocols.allocate(
            consultant_id=chance.choice(speaking) if speaking else None,
            contact_id=contact_id, language=language, description=text, priority=priority,
            origin="desk", by=by,
        )  # fmt: skip
    way = chance.choices([way for way, _ in WAYS], [weight for _, weight in WAYS])[0]
    for status in way:
        minutes = max(5.0, minutes - chance.randint(20, 900))
        with _ago(minutes):
            if chance.random() < 0.6:
                protocols.note(made.id, by, chance.choice(NOTES))
            protocols.change(made.id, by, {"status": status})


def _moments(chance: Random) -> list[float]:
    """Minutes ago, oldest first, between eight and six of the company's days."""
    now = clock.now().astimezone(clock.COMPANY_ZONE)
    found = []
    for days in range(OLDEST, NEWEST, -1):
        day = (now - timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
        for _ in range(A_DAY if day.weekday() < 6 else A_DAY // 3):
            found.append(now - (day + timedelta(minutes=chance.randint(0, 600))))
    return sorted((one.total_seconds() / 60 for one in found), reverse=True)


@contextmanager
def _ago(minutes: float) -> Iterator[None]:
    """The clock stands so many minutes back."""
    own = timedelta(seconds=current_settings().clock_shift_seconds)
    clock.shift(own - timedelta(minutes=minutes))
    try:
        yield
    finally:
        clock.shift(own)
