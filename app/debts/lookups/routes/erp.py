"""The ERP for administrators: the connection, the budget of calls, and what it did not answer."""

from typing import Any

from flask import render_template, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.lookups import connection, documents, queries, service
from app.debts.lookups.directory import link
from app.debts.lookups.models import ErpContract, ErpCustomer, Snapshot
from app.debts.lookups.routes.blueprint import CUSTOMER, blueprint
from app.errors import NotFound
from app.extensions import current_settings, db
from app.integrations.sienge import budget, client
from app.media.storage import StorageError, storage

SHOWN = 50
KINDS = ("boleto", "balance", "statement")


@blueprint.get("/sienge")
@requires(Permission.ERP_MANAGE)
def erp_page() -> str:
    """How things stand with the ERP."""
    return render_template("debts/lookups/erp.html", **_state())


@blueprint.get("/sienge/conteudo")
@requires(Permission.ERP_MANAGE)
def erp_content() -> str:
    """The same without its frame, for a page that fell behind."""
    return render_template("debts/lookups/_erp.html", **_state())


@blueprint.post("/sienge/testes")
@requires(Permission.ERP_MANAGE)
def erp_test() -> str:
    """Have each resource tried; the answers appear as they come."""
    connection.ask_test(acting_user())
    return erp_content()


@blueprint.post("/sienge/consultas/<int:snapshot_id>/tentativas")
@requires(Permission.ERP_MANAGE)
def erp_retry(snapshot_id: int) -> str:
    """Ask again for what failed."""
    service.retry(snapshot_id, acting_user())
    return erp_content()


@blueprint.post(CUSTOMER + "/documentos")
@requires(Permission.DEBTS_VIEW)
def ask_document(mark: str) -> str:
    """Have a worker get a second copy or a PDF; it appears on the page once it is here."""
    page = queries.of_mark(mark)
    kind, bill = request.form.get("tipo", ""), request.form.get("titulo", "")
    chosen = page.chosen(int(bill)) if bill.isdecimal() and len(bill) < 19 else None
    if page.shown is None or kind not in KINDS or page.shown.erp_customer_id is None:
        raise NotFound
    if kind != "boleto":
        documents.ask(page.shown, kind, acting_user())
    else:
        number = request.form.get("parcela", "")
        if chosen is None or number not in {one.id for one in chosen.instalments}:
            raise NotFound
        documents.ask(page.shown, kind, acting_user(), chosen.bill_id, number)
    return render_template("debts/lookups/_documents.html", mark=mark,
                           documents=documents.of_customer(mark))  # fmt: skip


@blueprint.get(CUSTOMER + "/documentos/<int:document_id>")
@requires(Permission.DEBTS_VIEW)
def document(mark: str, document_id: int) -> Response:
    """The file, from our own copy."""
    row = documents.find(document_id, mark)
    try:
        body = storage().read(row.storage_key or "", 0, row.size or 0)
    except StorageError:
        raise NotFound from None
    name = f"{row.kind}-{row.bill_id or row.erp_customer_id}-{row.instalment or 'pdf'}.pdf"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; object-src 'self'",
        "Cache-Control": "private, no-store",
    }
    return Response(body, mimetype="application/pdf", headers=headers)


def _state() -> dict[str, Any]:
    known = link()
    failed = (
        select(Snapshot).where(Snapshot.state == "failed").order_by(Snapshot.id.desc()).limit(SHOWN)
    )
    counts = select(
        select(func.count()).select_from(ErpCustomer).scalar_subquery(),
        select(func.count()).select_from(ErpContract).scalar_subquery(),
    )
    customers, contracts = db.session.execute(counts).one()
    return {
        "link": known,
        "broken": connection.is_broken(known),
        "configured": client.is_configured(),
        "webhook_on": bool(current_settings().sienge_webhook_token),
        "subdomain": current_settings().sienge_subdomain,
        "spent": budget.spent(),
        "failed": list(db.session.scalars(failed)),
        "customers": customers,
        "contracts": contracts,
    }
