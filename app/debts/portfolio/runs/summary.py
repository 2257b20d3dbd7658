"""What a run's page shows, as plain numbers: bands, both policies, the sample. Money in cents."""

from typing import Any

import numpy as np

from app.debts.engine.policies import Policy, written_policy
from app.debts.engine.statement.analysis import BANDS
from app.debts.portfolio.columns import Ints
from app.debts.portfolio.debtors import Column
from app.debts.portfolio.runs.computing import Outcome
from app.debts.portfolio.sets import NEGLIGIBLE, NORMAL, SMALL, Sets

MOST_TOLD = 20  # differences that the page names


def summary(outcome: Outcome, policies: tuple[Policy, ...]) -> dict[str, Any]:
    """JSON values: sums over all contracts, never over the sample."""
    found = outcome.balances
    total = found.total
    return {
        "contracts": len(outcome.book.names),
        "settled_contracts": outcome.book.settled_contracts,
        "instalments": len(outcome.book.columns.value),
        "late_instalments": int(found.late_rows.sum()),
        "late_contracts": int(np.count_nonzero(found.late_rows)),
        "principal": _sum(found.principal),
        "fine": _sum(found.fine),
        "interest": _sum(found.interest),
        "total": _sum(total),
        "open": _sum(outcome.book.columns.value),
        "bands": _bands(found.oldest, total),
        "policies": [
            _of_policy(sets, policy, total)
            for sets, policy in zip(outcome.sets, policies, strict=True)
        ],
        "sample": outcome.sample,
        "differing": [_differing(outcome, number) for number in range(len(policies))],
    }


def _sum(values: Ints) -> int:
    return int(values.sum())


def _bands(oldest: Ints, total: Ints) -> list[dict[str, Any]]:
    """By the delay of each contract's oldest instalment; the first band is those up to date."""
    rows = []
    for since, until in ((0, 0), *BANDS):
        inside = oldest >= since
        if until is not None:
            inside &= oldest <= until
        rows.append(
            {
                "since": since,
                "until": until,
                "contracts": int(np.count_nonzero(inside)),
                "total": _sum(total[inside]),
            }
        )
    return rows


def _of_policy(sets: Sets, policy: Policy, total: Ints) -> dict[str, Any]:
    ladders = np.bincount(sets.ladder, minlength=4)
    return {
        "label": policy.label,
        "fingerprint": policy.fingerprint,
        "content": written_policy(policy),
        "normal": int(ladders[NORMAL]),
        "small": int(ladders[SMALL]),
        "negligible": int(ladders[NEGLIGIBLE]),
        "letters": {
            "A": _of_letter(sets.a, total),
            "B": _of_letter(sets.b, total),
            "C": _of_letter(sets.c, total),
        },
    }


def _of_letter(column: Column, total: Ints) -> dict[str, int]:
    """`owed` is what those contracts owe that have this proposal, `discount` what is waived of it
    (negative where the plan's interest is more); `at_once` is what comes in first."""
    there = column.there
    owed, asked = _sum(total[there]), _sum(column.total[there])
    many = int(np.count_nonzero(there))
    # In cash there is no entry: all of it is paid at once.
    first = np.where(column.count == 0, column.total, column.entry)
    return {
        "contracts": many,
        "owed": owed,
        "total": asked,
        "discount": owed - asked,
        "at_once": _sum(first[there]),
        "instalments": _sum(column.count[there]),
        "above": int(np.count_nonzero(column.above & there)),
    }


def _differing(outcome: Outcome, number: int) -> dict[str, Any]:
    differing = outcome.differing[number]
    return {
        "contracts": len({one.contract for one in differing}),
        "told": [
            {
                "contract": outcome.book.names[one.contract],
                "what": one.what,
                "columns": str(one.columns),
                "engine": str(one.engine),
            }
            for one in differing[:MOST_TOLD]
        ],
    }
