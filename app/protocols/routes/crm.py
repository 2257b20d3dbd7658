"""What went to the CRM, what did not and why, and asking again."""

from typing import Any

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.protocols.crm import live, service
from app.protocols.crm.models import CrmEntry
from app.protocols.models import Protocol
from app.protocols.routes.blueprint import blueprint

STATES = {"queued": "yellow", "sending": "yellow", "done": "green", "failed": "red"}


@blueprint.get("/crm")
@requires(Permission.CRM_MANAGE)
def crm_list() -> str:
    """The rows, those that failed first."""
    return render_template("protocols/crm.html", **_rows())


@blueprint.get("/crm/linhas")
@requires(Permission.CRM_MANAGE)
def crm_rows() -> str:
    """The rows alone, for a page that fell behind."""
    return render_template("protocols/_crm_list.html", **_rows())


@blueprint.post("/crm/<int:entry_id>/tentativas")
@requires(Permission.CRM_MANAGE)
def crm_retry(entry_id: int) -> str:
    """Try again now."""
    service.retry(entry_id, acting_user())
    return crm_rows()


def _rows() -> dict[str, Any]:
    query = (
        select(CrmEntry)
        .options(joinedload(CrmEntry.protocol).joinedload(Protocol.contact))
        .order_by((CrmEntry.state == "failed").desc(), CrmEntry.id.desc())
        .limit(live.SHOWN)
    )
    return {
        "entries": list(db.session.scalars(query)),
        "version": db.session.scalar(live.version()),
        "colours": STATES,
    }


def pane(viewer: User, protocol: Protocol) -> tuple[str, dict[str, Any]] | None:
    """What stands beside a protocol that goes to the CRM."""
    if not viewer.can(Permission.CRM_MANAGE):
        return None
    entry = db.session.scalar(select(CrmEntry).where(CrmEntry.protocol_id == protocol.id))
    return ("protocols/_crm_pane.html", {"entry": entry, "colours": STATES}) if entry else None
