"""The log entries of the contracts: one for the request, one for its answer or its error.

They carry one id, the path and the time taken. Names, addresses and telephones are left out.
"""

import time
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from app.logs import redact

log = structlog.get_logger()

_SHOWN = {
    "id", "consultor_id", "numero_protocolo", "numero", "idioma", "idiomas", "consultor_idiomas",
    "status", "prioridade", "status_ativo", "status_ativo_sequencial", "status_online",
    "consultor_status_online", "created_at", "ultimo_atendimento", "consultor_atendimento_iso",
    "id_pipedrive", "consultor_id_pipedrive", "skip", "limit", "apos", "completo",
}  # fmt: skip
LONGEST = 200


def init_app(app: Flask) -> None:
    """Write the entries around each view of a contract."""
    app.before_request(_begin)
    app.after_request(_end)


def _is_contract() -> bool:
    from flask import current_app

    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_key", False)


def _begin() -> None:
    if not _is_contract():
        return
    g.entries_began = time.perf_counter()
    told = {"id": g.request_id, "method": request.method, "path": redact(request.path)}
    log.info("api_request", request=told | {"params": _masked(request.args)})


def _end(response: Response) -> Response:
    began = g.get("entries_began")
    if began is None:
        return response
    if response.status_code < 400:
        took = f"{time.perf_counter() - began:.3f}s"
        told = {"id": g.request_id, "status": response.status_code, "time": took}
        log.info("api_response", response=told | {"data": _data(response)})
        return response
    told_of = response.get_json(silent=True) or {}
    detail = told_of.get("detail", told_of.get("erro", ""))
    if isinstance(detail, list):  # what was typed stands in it: only where, and what is wrong
        detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in detail)
    told = {"id": g.request_id, "method": request.method, "path": redact(request.path)}
    told |= {"status": str(response.status_code), "error": redact(str(detail))[:LONGEST]}
    log.warning("api_error", error=told)
    return response


def _data(response: Response) -> Any:
    if not response.is_json or response.is_streamed:
        return None
    data = response.get_json(silent=True)
    if isinstance(data, list):
        return {"items": len(data)}
    return _masked(data) if isinstance(data, Mapping) else None


def _masked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (value if not isinstance(value, str) else redact(value)[:LONGEST])
        if name in _SHOWN
        else "***"
        for name, value in values.items()
    }
