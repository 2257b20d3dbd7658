"""The calculation behind a figure: from `"A"` or `"C.cost"` or `"C:12"` to the steps that made it.

`"debt"` is the total, `"line:39"` an instalment of the statement, `"B"` a whole proposal, `"B:3"`
its third instalment; what follows a dot is where to look first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.debts.engine.debt import Debt
from app.debts.engine.explanation.charges import explain_line
from app.debts.engine.explanation.proposals import (
    cost_step,
    explain_debt,
    explain_instalment,
    explain_proposal,
)
from app.debts.engine.explanation.steps import Step
from app.debts.engine.policies import Policy
from app.debts.engine.proposals import Proposal
from app.debts.engine.statement.lines import Line
from app.errors import NotFound

# What in a figure's name leads to which rules or labels of the steps.
FOCUS = {
    "discount": ("Desconto",),
    "entry": ("Valor da entrada", "Principal que fica", "Valor financiado"),
    "cost": ("Custo efetivo",),
    "total": ("Total do acordo",),
    "lines": (),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What figures are explained from: a result on the screen, or an offer that was frozen."""

    debt: Debt
    policy: Policy
    proposals: Sequence[Proposal]
    costs: Mapping[str, Any]
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A dialog: its title, its steps (one in focus), and the table that may be opened further."""

    title: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    proposal: Proposal | None = None
    lines: Sequence[Line] = ()
    back: str = ""


def explain(source: Source, figure: str) -> Explained:
    """The calculation of a figure. Raises NotFound for what there is none of."""
    name, _dot, focus = figure.partition(".")
    kind, colon, which = name.partition(":")
    if kind == "debt":
        return Explained(
            _("Total atualizado"), _said([explain_debt(source.debt, source.policy)]),
            lines=source.lines,
        )  # fmt: skip
    if kind == "line":
        return _line(source, which)
    proposal = next((one for one in source.proposals if one.letter == kind), None)
    if proposal is None:
        raise NotFound
    if colon:
        return _instalment(source, proposal, which)
    steps = list(explain_proposal(proposal, source.debt, source.policy))
    cost = source.costs.get(kind)
    if proposal.lines and cost is not None:
        steps.append(cost_step(proposal, cost, source.policy))
    return Explained(_("Proposta %(letter)s", letter=kind), _said(steps, focus), proposal=proposal)


def _line(source: Source, which: str) -> Explained:
    line = next((one for one in source.lines if one.instalment.id == which), None)
    if line is None:
        raise NotFound
    number = line.instalment.number or line.instalment.id
    steps = _said(explain_line(line))
    return Explained(_("Parcela %(k)s", k=number), steps, back="debt")


def _instalment(source: Source, proposal: Proposal, which: str) -> Explained:
    known = which.isdecimal() and len(which) < 4 and 1 <= int(which) <= len(proposal.lines)
    if not known:
        raise NotFound
    steps = _said(explain_instalment(proposal, int(which), source.policy), k=int(which))
    title = _("Proposta %(letter)s, parcela %(k)s", letter=proposal.letter, k=which)
    return Explained(title, steps, back=proposal.letter)


def _said(steps: Sequence[Step], focus: str = "", k: int = 0) -> list[dict[str, Any]]:
    wanted = FOCUS.get(focus, ())
    found = []
    for step in steps:
        told = step.data(_)
        label = str(told["label"])
        told["label"] = label % {"k": k} if "%(k)" in label else label
        told["focus"] = any(step.label.startswith(start) for start in wanted)
        found.append(told)
    return found
