"""How the company may approach somebody about a debt. Pure; each refusal says why, in words.

CDC arts. 42 and 71, LGPD, and the strictest of the states' laws on hours, applied to messages too
(POLICY). The rules hold for whoever presses the button: the server asks them before each message.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from app.debts.agreements.places import UNKNOWN, Place
from app.debts.engine.calendar import bank_holidays
from app.words import N_

FROM, UNTIL = time(9), time(18)
SATURDAY_UNTIL = time(14)
NO_SATURDAYS = frozenset({"RJ", "ES", "AM", ""})  # and where the state is not known
A_DAY, A_WEEK = 1, 3
ANSWERING = timedelta(hours=1)  # so long a message still answers what the customer wrote
LEAST_VALIDITY = timedelta(days=2)  # CDC art. 54-B


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that stands in the way: its key, a marked sentence, what fills it, until when."""

    rule: str
    text: str
    values: dict[str, str] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approach:
    """What is known when a message about a debt is about to leave.

    `earlier` are the moments of our own such messages to this person, `last_inbound` when they last
    wrote to us. `names_debt` is false for what only asks who is there; `is_new` is false for what
    follows from their own agreement.
    """

    now: datetime
    place: Place = UNKNOWN
    identified: bool = False
    names_debt: bool = True
    opted_out: bool = False
    not_holder: bool = False
    promise_until: date | None = None
    disputed: bool = False
    blocks: tuple[str, ...] = ()
    earlier: tuple[datetime, ...] = ()
    last_inbound: datetime | None = None
    valid_until: date | None = None
    has_address: bool = True


def without_debt(approach: Approach, place: Place) -> Approach:
    """The same for a message that says nothing of a debt, to a number of this place."""
    return replace(approach, names_debt=False, place=place)


def refusals(approach: Approach) -> list[Refusal]:
    """Everything that forbids it now, in the order in which people can do something about it."""
    return list(_refusals(approach))


def _refusals(approach: Approach) -> Iterator[Refusal]:
    if not approach.has_address:
        yield Refusal("address", N_("Não há telefone nem conversa por onde enviar."))
    if approach.not_holder:
        yield Refusal("holder", N_("Deste número responderam que não é o titular: não se envia."))
    if approach.opted_out:
        yield Refusal(
            "opt_out",
            N_(
                "O contato pediu para não receber mensagens. Use outro meio, ou espere que escreva."
            ),
        )
    for block in approach.blocks:
        yield Refusal("block", block)
    if approach.disputed:
        yield Refusal("dispute", N_("O cliente contestou a dívida: resolva isso com ele antes."))
    if approach.names_debt and not approach.identified:
        yield Refusal(
            "identity",
            N_("O cliente ainda não confirmou a identidade: peça a confirmação antes de falar da "
               "dívida."),
        )  # fmt: skip
    yield from _validity(approach)
    yield from _promise(approach)
    if not is_answer(approach):
        yield from _hours(approach)
        yield from _frequency(approach)


def is_answer(approach: Approach) -> bool:
    """Whether it answers what they just wrote: that may be said at any hour."""
    last = approach.last_inbound
    return last is not None and timedelta() <= approach.now - last < ANSWERING


def _validity(approach: Approach) -> Iterator[Refusal]:
    until = approach.valid_until
    if until is None:
        return
    today = approach.now.astimezone(UNKNOWN.zone).date()
    if until < today:
        yield Refusal("expired", N_("A proposta venceu: faça uma nova simulação."))
    elif until - today < LEAST_VALIDITY:
        yield Refusal(
            "validity",
            N_("A proposta vence em menos de dois dias, o mínimo que a lei pede: "
               "faça uma nova simulação."),
        )  # fmt: skip


def _promise(approach: Approach) -> Iterator[Refusal]:
    if approach.promise_until is None:
        return
    if approach.now.astimezone(approach.place.zone).date() <= approach.promise_until:
        day = f"{approach.promise_until:%d/%m/%Y}"
        yield Refusal("promise", N_("O cliente prometeu pagar até %(day)s: espere."), {"day": day})


def _hours(approach: Approach) -> Iterator[Refusal]:
    local = approach.now.astimezone(approach.place.zone)
    if _is_open(local, approach.place):
        return
    opens = next_hour(approach.now, approach.place)
    values = {"when": f"{opens.astimezone(approach.place.zone):%d/%m/%Y %H:%M}"}
    text = N_("Fora do horário em que se pode cobrar: envie a partir de %(when)s.")
    yield Refusal("hours", text, values, opens)


def _is_open(local: datetime, place: Place) -> bool:
    day = local.date()
    if day.weekday() == 6 or day in bank_holidays(day.year):
        return False
    if day.weekday() == 5:
        return place.state not in NO_SATURDAYS and FROM <= local.time() < SATURDAY_UNTIL
    return FROM <= local.time() < UNTIL


def next_hour(now: datetime, place: Place) -> datetime:
    """Now, or when one may next write first."""
    local = now.astimezone(place.zone)
    if _is_open(local, place):
        return now
    for ahead in range(15):
        opens = datetime.combine(local.date() + timedelta(days=ahead), FROM, place.zone)
        if opens > local and _is_open(opens, place):
            return opens
    return now + timedelta(days=1)  # two weeks of holidays: there are none


def _frequency(approach: Approach) -> Iterator[Refusal]:
    zone = approach.place.zone
    today = approach.now.astimezone(zone).date()
    last = approach.last_inbound
    unanswered = [at for at in approach.earlier if last is None or at > last]
    if sum(at.astimezone(zone).date() == today for at in unanswered) >= A_DAY:
        yield Refusal(
            "day", N_("Já houve hoje uma mensagem sem resposta: espere até amanhã ou a resposta.")
        )
    week = approach.now - timedelta(days=7)
    if sum(at > week for at in approach.earlier) >= A_WEEK:
        text = N_("Já houve %(count)s mensagens em sete dias, o máximo por cliente.")
        yield Refusal("week", text, {"count": str(A_WEEK)})
