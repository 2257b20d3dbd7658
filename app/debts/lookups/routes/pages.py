"""The search, a customer with their contracts, and asking the ERP again."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import audit
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts import ids
from app.debts.lookups import finding, hooks, live, presenting, queries, service
from app.debts.lookups.models import ErpCustomer
from app.debts.lookups.routes.blueprint import CUSTOMER, blueprint
from app.errors import NotFound
from app.extensions import db
from app.integrations.sienge import client
from app.transactions import atomic
from app.web import path_for


@blueprint.get("")
@requires(Permission.DEBTS_VIEW)
def search_page() -> str:
    """The box, whom the copy of the directory finds, and the last look-ups."""
    typed = request.args.get("q", "").replace("\0", "").strip()[:200]
    found, more = finding.find(typed) if typed else ([], False)
    return render_template(
        "debts/lookups/search.html", typed=typed, found=found, more=more,
        configured=client.is_configured(), **_last(),
    )  # fmt: skip


@blueprint.get("/consultas")
@requires(Permission.DEBTS_VIEW)
def last_lookups() -> str:
    """The last look-ups alone, for a page that fell behind."""
    return render_template("debts/lookups/_last.html", **_last())


@blueprint.post("/consultas")
@requires(Permission.DEBTS_VIEW)
def look_up() -> Response:
    """A CPF or CNPJ is asked for in the ERP, all else in the copy: neither stands in an address."""
    typed = request.form.get("q", "").replace("\0", "").strip()[:200]
    chosen = request.form.get("cliente", "")
    if chosen.isdecimal() and len(chosen) < 19:
        known = db.session.get(ErpCustomer, int(chosen))
        if known is None or not known.document:
            raise NotFound
        typed = known.document
    if ids.cpf(typed) is None and ids.cnpj(typed) is None:
        return redirect(path_for("debts.search_page", q=typed), 303)
    made = service.look_up(typed, actor=acting_user())
    return redirect(path_for("debts.customer_page", mark=made.mark), 303)


@blueprint.get(CUSTOMER)
@requires(Permission.DEBTS_VIEW)
def customer_page(mark: str) -> str:
    """A customer: contracts, statement, blocks, both figures."""
    return render_template("debts/lookups/customer.html", **_customer(mark))


@blueprint.get(CUSTOMER + "/conteudo")
@requires(Permission.DEBTS_VIEW)
def customer_content(mark: str) -> str:
    """The same without its frame, for a page that fell behind."""
    return render_template("debts/lookups/_customer.html", **_customer(mark))


@blueprint.post(CUSTOMER + "/consultas")
@requires(Permission.DEBTS_VIEW)
def refresh(mark: str) -> str:
    """Ask the ERP again; what is known stays on the screen meanwhile."""
    service.look_up(service.of_mark(mark), actor=acting_user(), refresh=True)
    return customer_content(mark)


@blueprint.post(CUSTOMER + "/documento")
@requires(Permission.CPF_REVEAL)
def reveal(mark: str) -> str:
    """The whole CPF or CNPJ; who asked is recorded."""
    document = service.of_mark(mark)
    with atomic():
        audit.record(acting_user(), "debts.document_shown", "debt_snapshot", mark)
    return render_template(
        "debts/lookups/_document.html", mark=mark, document=document,
        shown=presenting.whole(document),
    )  # fmt: skip


def _last() -> dict[str, Any]:
    return {
        "last": queries.last_lookups(),
        "last_version": db.session.scalar(live.lookups_version()),
    }


def _customer(mark: str) -> dict[str, Any]:
    asked = request.args.get("contrato", "")
    bill = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    page = queries.of_mark(mark)
    chosen = page.chosen(bill)
    viewer = acting_user()
    panels: dict[str, list[Any]] = {"actions": [], "panes": []}
    if chosen is not None and page.shown is not None:
        for name, makers in (("actions", hooks.contract_actions), ("panes", hooks.contract_panes)):
            made = [make(viewer, page.shown, chosen) for make in makers]
            panels[name] = [one for one in made if one]
    return {"page": page, "one": chosen, **panels}
