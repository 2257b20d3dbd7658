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


def measures(one: Proposal) -> tuple[int, int, int]:
    """First payment (the entry), largest later one, total; in cents."""
    return one.entry, one.highest, one.total


def dominates(one: Proposal, other: Proposal) -> bool:
    """Whether one asks no more than another in all three measures, and less in one."""
    mine, theirs = measures(one), measures(other)
    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))


def dominated(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those that another of the set beats."""
    return [one for one in proposals if any(dominates(other, one) for other in proposals)]


def alike(one: Proposal, other: Proposal, total: int) -> bool:
    """Whether all three measures differ by less than R$ 1.00 and half a per cent of the debt."""
    least = max(100, half_up(total, 200))
    return all(abs(a - b) < least for a, b in zip(measures(one), measures(other), strict=True))


def problems(proposals: Sequence[Proposal], total: int) -> tuple[Problem, ...]:
    """What is wrong with a set in the order A, B, C; empty when it is distinct."""
    found = []
    if dominated(proposals):
        found.append(Problem.DOMINATED)
    pairs = [(a, b) for i, a in enumerate(proposals) for b in proposals[i + 1 :]]
    if any(alike(a, b, total) for a, b in pairs):
        found.append(Problem.ALIKE)
    if any(a.total > b.total or a.entry < b.entry for a, b in pairs):
        found.append(Problem.DISORDERED)
    return tuple(found)
