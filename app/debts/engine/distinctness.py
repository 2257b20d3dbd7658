"""When proposals are worth choosing between: none dominated, none alike, in order (§6.5)."""

from collections.abc import Sequence
from enum import StrEnum

from app.debts.engine.money import half_up
from app.debts.engine.proposals import Proposal


class Problem(StrEnum):
    """What makes a set not distinct."""

    DOMINATED = "dominada"
    ALIKE = "parecidas"
    DISORDERED = "fora_de_ordem"


Measures = tuple[int, int, int]


def measures(one: Proposal) -> Measures:
    """First payment (the entry), largest later one, total; in cents."""
    return one.entry, one.highest, one.total


def _dominates(one: Measures, other: Measures) -> bool:
    """Whether one asks no more than another in all three measures, and less in one."""
    return one != other and one[0] <= other[0] and one[1] <= other[1] and one[2] <= other[2]


def dominated(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those that another of the set beats."""
    known = [measures(one) for one in proposals]
    return [
        one
        for one, mine in zip(proposals, known, strict=True)
        if any(_dominates(other, mine) for other in known)
    ]


def _alike(one: Measures, other: Measures, total: int) -> bool:
    """Whether all three measures differ by less than R$ 1.00 and half a per cent of the debt."""
    least = max(100, half_up(total, 200))
    return all(abs(a - b) < least for a, b in zip(one, other, strict=True))


def problems(proposals: Sequence[Proposal], total: int) -> tuple[Problem, ...]:
    """What is wrong with a set in the order A, B, C; empty when it is distinct."""
    known = [measures(one) for one in proposals]
    pairs = [(a, b) for i, a in enumerate(known) for b in known[i + 1 :]]
    tests = (
        (Problem.DOMINATED, any(_dominates(a, b) or _dominates(b, a) for a, b in pairs)),
        (Problem.ALIKE, any(_alike(a, b, total) for a, b in pairs)),
        (Problem.DISORDERED, any(a[2] > b[2] or a[0] < b[0] for a, b in pairs)),
    )
    return tuple(problem for problem, holds in tests if holds)
