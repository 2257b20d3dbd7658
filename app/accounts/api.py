"""The audit log as JSON."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, request

from app.accounts import audit_log
from app.accounts.access import requires_scope
from app.accounts.models import AuditEntry
from app.accounts.permissions import Scope

LARGEST_PAGE = 200

blueprint = Blueprint("accounts_api", __name__, url_prefix="/api")


@blueprint.get("/audit")
@requires_scope(Scope.AUDIT_READ)
def audit_entries() -> Response:
    """Entries newest first: `limit` of them (50, at most 200) older than `antes`, and `next`.

    The filters are those of the page: `q`, `pessoa`, `acao`, `de`, `ate`.
    """
    chosen = audit_log.parse_filter(request.args)
    size, before = _number("limit", audit_log.PAGE), _number("antes", 0)
    entries = audit_log.page(chosen, before or None, min(size, LARGEST_PAGE) + 1)
    shown = entries[: min(size, LARGEST_PAGE)]
    following = None
    if len(entries) > len(shown) and shown:
        place = {**chosen.as_arguments(), "antes": str(shown[-1].id), "limit": str(size)}
        following = f"{request.path}?{urlencode(place)}"
    return jsonify(items=[_entry(entry) for entry in shown], next=following)


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": {"id": entry.actor_id, "name": entry.actor_name},
        "action": entry.action,
        "entity": {"type": entry.entity_type, "id": entry.entity_id},
        "before": entry.before,
        "after": entry.after,
        "address": entry.address,
        "request_id": entry.request_id,
    }


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 18 or int(text) == 0:
        abort(400)
    return int(text)
