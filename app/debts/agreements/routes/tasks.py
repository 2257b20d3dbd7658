"""Tarefas: what finance does by hand, with all its figures; done, or taken back."""

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.agreements import acting, queries
from app.debts.agreements.routes.blueprint import blueprint


@blueprint.get("/tarefas")
@requires(Permission.DEBTS_VIEW)
def task_list() -> str:
    """What is to be done, or (`feitas`) what was."""
    return render_template("debts/agreements/tasks.html", tasks=_tasks())


@blueprint.get("/tarefas/linhas")
@requires(Permission.DEBTS_VIEW)
def task_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("debts/agreements/_tasks.html", tasks=_tasks())


@blueprint.post("/tarefas/<int:task_id>/conclusao")
@requires(Permission.DEBTS_SIMULATE)
def finish_task(task_id: int) -> str:
    """It is done."""
    acting.launch(task_id, request.form.get("titulo", ""), acting_user())
    return task_rows()


@blueprint.delete("/tarefas/<int:task_id>/conclusao")
@requires(Permission.DEBTS_SIMULATE)
def reopen_task(task_id: int) -> str:
    """It was not."""
    acting.reopen(task_id, acting_user())
    return task_rows()


def _tasks() -> queries.TaskList:
    return queries.tasks(bool(request.args.get("feitas")))
