"""What waits, runs and is late for finance."""

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.debts.agreements.models import Agreement, FinanceTask
from app.debts.simulations import queries as simulations
from app.reports.tile import Tile, count

RUNNING = ("accepted", "effective")


def tiles(viewer: User) -> list[Tile]:
    """What this person has to decide and finance to do by hand, which agreements run, and of which
    a payment is overdue."""
    approvals = simulations.may_be_decided_by(viewer)
    tasks = select(1).where(FinanceTask.done_at.is_(None))
    running = select(1).where(Agreement.state.in_(RUNNING))
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    return [
        Tile(
            "approvals", _("Aprovações"), _("propostas que esperam por você"), "circle-check",
            "/financeiro/aprovacoes", count(select(1).where(*approvals)), "wait", True,
        ),
        Tile(
            "tasks", _("Tarefas do financeiro"), _("a lançar ou conferir no ERP"), "list-check",
            "/financeiro/tarefas", count(tasks), "wait",
        ),
        Tile(
            "agreements", _("Acordos em vigor"), _("aceitos e em pagamento"), "file-text",
            "/financeiro/acordos?situacao=active", count(running),
        ),
        Tile(
            "unpaid", _("Acordos em atraso"), _("com parcela vencida"), "alarm",
            "/financeiro/acordos?situacao=active", count(running.where(Agreement.next_due < today)),
            "late",
        ),
    ]  # fmt: skip
