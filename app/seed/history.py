"""Three weeks of talks of a desk that is in use, the same for the same seed and date."""

from datetime import date, datetime, time, timedelta
from random import Random

from app import clock
from app.seed.people import Customer, customer
from app.seed.talks import Talk
from app.seed.themes import THEMES, Step, Theme

TALKS = 48
WEEKS = 3
ATTENDANTS = ("atendente", "atendente2")
# Of the talks that still run: how many steps were taken, and how long ago the last one was.
RUNNING = (
    *((3, 2.0), (5, 11.0), (9, 4.0), (7, 55.0)),
    *((4, 130.0), (10, 24.0), (6, 0.7), (8, 38.0)),
)
SNOOZED = {5: 20.0, 7: -1.0}  # of those that still run
OUTCOMES = ("read", "read", "read", "delivered", "read", "sent", "failed", "read", "uncertain")


def history(seed: int, now: datetime) -> list[Talk]:
    """The talks up to `now`: those that still run first, then those that ended, newest first."""
    chance = Random(f"{seed}:{_local(now).date()}")  # noqa: S311 - nothing secret: sample data
    moments = _moments(chance, _local(now).date(), TALKS - len(RUNNING))
    talks = []
    for number in range(TALKS):
        theme = THEMES[number % len(THEMES)]
        who = customer(chance, number)
        pair = chance.sample(ATTENDANTS, 2)
        steps = _said(theme, who, pair)
        if number < len(RUNNING):
            taken, ago = RUNNING[number]
            steps = steps[:taken]
            ages = [ago + steps[-1][0] - offset for offset, _, _ in steps]
        else:
            began = moments[number - len(RUNNING)]
            age = (now - began).total_seconds() / 60
            ages = [age - offset for offset, _, _ in steps]
        steps = tuple((old, by, text) for old, (_, by, text) in zip(ages, steps, strict=True))
        talks.append(_talk(theme, who, steps, OUTCOMES[number % len(OUTCOMES)], number))
    return talks


def _talk(theme: Theme, who: Customer, steps: tuple[Step, ...], outcome: str, number: int) -> Talk:
    last = next((by for _, by, _ in reversed(steps) if not by.startswith(("close", "note"))), "")
    return Talk(
        who.name,
        who.phone,
        steps,
        cpf=who.cpf if number % 3 else None,
        email=who.email if number % 2 else None,
        language="en" if "English" in theme.steps[0][2] else "pt-BR",
        about=f"{who.project}, {who.unit}." if number % 2 == 0 else None,
        outcome="read" if last == "customer" else outcome,
        kinds={n: kind for n, kind in theme.kinds.items() if n < len(steps)},
        label=theme.label,
        reason=theme.reason,
        priority=4 if theme.label == "Reclamação" else 3 if theme.label == "Renegociação" else 0,
        snoozed=SNOOZED.get(number, 0),
        known={
            "Empreendimento": who.project,
            "Unidade": who.unit,
            "Cliente desde": f"20{18 + number % 8}-{number % 12 + 1:02d}-15",
        },
    )


def _said(theme: Theme, who: Customer, pair: list[str]) -> tuple[Step, ...]:
    names = dict(zip("ab", pair, strict=True))
    words = {"first": who.first, "project": who.project, "unit": who.unit, "city": who.city}
    steps = []
    for offset, by, text in theme.steps:
        act, *people = by.split(":")
        by = ":".join([names.get(act, act), *(names[one] for one in people)])
        steps.append((offset, by, text.format(**words)))
    return tuple(steps)


def _moments(chance: Random, today: date, count: int) -> list[datetime]:
    """When the ended talks began: on working days, in office hours, more of them lately."""
    days = [today - timedelta(days=n) for n in range(3, WEEKS * 7)]
    days = [day for day in days if day.weekday() < 5]
    chosen = [days[int(len(days) * chance.random() ** 1.4)] for _ in range(count)]
    times = [time(chance.randint(8, 16), chance.randint(0, 59)) for _ in range(count)]
    found = [
        datetime.combine(day, at, clock.COMPANY_ZONE) for day, at in zip(chosen, times, strict=True)
    ]
    return sorted(found, reverse=True)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(clock.COMPANY_ZONE)
