"""Auditoria: who did what, searchable, page by page, and the whole of it as CSV."""

from flask import Response, render_template, request, stream_with_context

from app import clock
from app.accounts import audit_log
from app.accounts.access import acting_user, requires
from app.accounts.live import MOST_SHOWN_ENTRIES
from app.accounts.permissions import Permission
from app.accounts.routes.blueprint import blueprint


@blueprint.get("/auditoria")
@requires(Permission.AUDIT_VIEW)
def audit_page() -> str:
    """One page of the log that passes the filter; the newest, unfiltered one is live."""
    chosen = audit_log.parse_filter(request.args)
    before = _before()
    entries = audit_log.page(chosen, before, audit_log.PAGE + 1)
    return render_template(
        "accounts/audit.html",
        entries=entries[: audit_log.PAGE],
        more=len(entries) > audit_log.PAGE,
        chosen=chosen,
        live=chosen.is_empty and before is None,
        actors=audit_log.actors(),
        actions=audit_log.actions(),
    )


@blueprint.get("/auditoria/linhas")
@requires(Permission.AUDIT_VIEW)
def audit_rows() -> str:
    """The newest entries, as many as the page shows, for one that fell behind."""
    shown = max(request.args.get("n", 0, type=int), audit_log.PAGE)
    size = min(shown, MOST_SHOWN_ENTRIES)
    entries = audit_log.page(audit_log.AuditFilter(), size=size + 1)
    return render_template(
        "accounts/_audit_list.html", entries=entries[:size], more=len(entries) > size, live=True
    )


@blueprint.get("/auditoria.csv")
@requires(Permission.AUDIT_VIEW)
def export_audit() -> Response:
    """What the filter lets through, as a file."""
    rows = audit_log.export(acting_user(), audit_log.parse_filter(request.args))
    name = f"auditoria-{clock.now().astimezone(clock.COMPANY_ZONE):%Y%m%d-%H%M}.csv"
    return Response(
        stream_with_context(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _before() -> int | None:
    """The entry after which the page begins; what is no id is as none."""
    text = request.args.get("antes", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
