"""`flask finance …`: what auditors run."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.debts.audit.cases import Verdict, read_cases, verdicts
from app.debts.engine.faults import DebtFault

finance = AppGroup("finance", help="Debts: checks of the arithmetic.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(finance)


@finance.command("audit", with_appcontext=False)  # opens nothing
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Print the differences only.")
def audit(file: Path, quiet: bool) -> None:
    """Recompute every case of FILE (see docs/audit.md); exit 1 on any difference."""
    try:
        cases = read_cases(file)
    except DebtFault as fault:
        raise click.ClickException(f"{file}: {fault}") from None
    wrong = 0
    for verdict in verdicts(cases):
        wrong += not verdict.right
        if not (quiet and verdict.right):
            click.echo(_told(verdict))
    click.echo(f"{len(cases)} casos, {len(cases) - wrong} certos, {wrong} com diferença.")
    if wrong:
        raise SystemExit(1)


def _told(verdict: Verdict) -> str:
    if verdict.right:
        return f"ok         {verdict.case}"
    if verdict.fault is not None:
        return f"erro       {verdict.case}: {verdict.fault}"
    return "\n".join(
        f"diferença  {verdict.case}: {one.key}: "
        f"esperado {_shown(one.expected)}, calculado {_shown(one.found)}"
        for one in verdict.differences
    )


def _shown(value: object, depth: int = 0) -> str:
    """A value as the file would write it, cut where it is long or deep."""
    if depth > 4:
        text = "…"
    elif isinstance(value, list):
        text = f"[{', '.join(_shown(one, depth + 1) for one in value)}]"
    elif isinstance(value, Mapping):
        inner = (f"{name}: {_shown(one, depth + 1)}" for name, one in value.items())
        text = f"{{{', '.join(inner)}}}"
    elif isinstance(value, Decimal):
        text = f"{value:f}"
    else:
        text = {"None": "nada", "True": "true", "False": "false"}.get(str(value), str(value))
    return text if len(text) <= 200 else f"{text[:199]}…"
