"""Protocols as the callers of the replaced consultant system know them."""

from typing import Any

from flask import Response, jsonify
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, RootModel
from sqlalchemy import select

from app.accounts.access import acting, requires_key
from app.accounts.permissions import Scope
from app.api.contract import Refusal, Text, answers, contract
from app.errors import GuicheError
from app.extensions import db
from app.protocols import numbers, service
from app.protocols.models import Protocol

blueprint = contract("protocols_api", __name__, Tag(name="Protocolos"))

STATUSES = {
    "aberto": "open", "em andamento": "in_progress", "aguardando": "waiting", "fechado": "closed",
}  # fmt: skip
PRIORITIES = {"baixa": "low", "normal": "normal", "alta": "high", "urgente": "urgent"}
# How callers also write them.
_SAME = {"em_andamento": "em andamento", "media": "normal", "média": "normal"}


class ProtocoloPath(BaseModel):
    """Which protocol."""

    protocolo_id: int = Field(description="O id, que não é o número")


class ProtocolosQuery(BaseModel):
    """A part of the list, by the number of rows or, for long ones, by key."""

    consultor_id: int | None = None
    skip: int = Field(0, ge=0, le=1_000_000_000)
    limit: int = Field(100, ge=0, le=10_000)
    apos: int | None = Field(None, ge=0, description="Só os de id maior; vem em X-Proximo-Apos")
    completo: bool = False


class ProtocoloQuery(BaseModel):
    """How much is told."""

    completo: bool = Field(False, description="Também descrição, prioridade, situação e tempos")


class ProtocoloUpdate(BaseModel):
    """What is to be set; what is not named stays."""

    descricao: Text | None = Field(None, max_length=service.LONGEST)
    prioridade: Text | None = Field(None, description="baixa, normal, alta ou urgente")
    status: Text | None = Field(None, description="aberto, em andamento, aguardando ou fechado")


class Protocolo(BaseModel):
    """A protocol. What stands behind `created_at` is told to whoever asks with `completo`."""

    id: int
    numero: str = Field(pattern=r"^#\d{5,}$")
    consultor_id: int | None
    created_at: str
    descricao: str | None = None
    prioridade: str | None = None
    status: str | None = None
    idioma: str | None = None
    conversa_id: int | None = None
    contato_id: int | None = None
    updated_at: str | None = None
    closed_at: str | None = None


class Protocolos(RootModel[list[Protocolo]]):
    """A bare list."""


@blueprint.get("/protocolos", responses={"200": Protocolos})
@requires_key(Scope.CONSULTANTS_READ)
@answers
def protocol_list(query: ProtocolosQuery) -> Response:
    """Lista os protocolos, por id.

    O cabeçalho `X-Proximo-Apos` traz o valor de `apos` para a parte seguinte: com ele a lista
    longa custa sempre o mesmo, ao contrário de `skip`.
    """
    found = select(Protocol).order_by(Protocol.id).limit(query.limit)
    if query.consultor_id is not None:
        if not 0 < query.consultor_id < 2**31:
            return jsonify([])
        found = found.where(Protocol.consultant_id == query.consultor_id)
    if query.apos is not None:
        found = found.where(Protocol.id > min(query.apos, 2**63 - 1))
    rows = list(db.session.scalars(found.offset(query.skip)))
    answer = jsonify([told(one, query.completo) for one in rows])
    if rows and len(rows) == query.limit:
        answer.headers["X-Proximo-Apos"] = str(rows[-1].id)
    return answer


@blueprint.get("/protocolo/<protocolo_id>", responses={"200": Protocolo, "404": Refusal})
@requires_key(Scope.CONSULTANTS_READ)
@answers
def protocol(path: ProtocoloPath, query: ProtocoloQuery) -> Response:
    """Obtém um protocolo."""
    return jsonify(told(service.by_id(path.protocolo_id), query.completo))


@blueprint.put("/protocolo/<protocolo_id>", responses={"200": Protocolo, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def update_protocol(path: ProtocoloPath, query: ProtocoloQuery, body: ProtocoloUpdate) -> Response:
    """Atualiza descrição, prioridade e situação."""
    found = service.by_id(path.protocolo_id)
    changed = service.change(found.id, acting(), chosen(body.model_dump(exclude_unset=True)))
    return jsonify(told(changed, query.completo))


def chosen(given: dict[str, Any]) -> dict[str, str]:
    """What a caller named, by our words for it; null is as if it were not there."""
    found = {}
    if given.get("descricao") is not None:
        found["description"] = given["descricao"]
    if given.get("prioridade") is not None:
        found["priority"] = _known(given["prioridade"], PRIORITIES, "prioridade")
    if given.get("status") is not None:
        found["status"] = _known(given["status"], STATUSES, "status")
    return found


def _known(word: str, words: dict[str, str], field: str) -> str:
    plain = " ".join(word.lower().split())
    plain = _SAME.get(plain, plain)
    if plain not in words:
        raise GuicheError(f"{field}: use {', '.join(words)}", 422)
    return words[plain]


def told(protocol: Protocol, whole: bool = False) -> dict[str, Any]:
    """A protocol in the callers' words."""
    brief = {
        "id": protocol.id,
        "numero": numbers.written(protocol.number),
        "consultor_id": protocol.consultant_id,
        "created_at": protocol.created_at.isoformat(),
    }
    if not whole:
        return brief
    return brief | {
        "descricao": protocol.description,
        "prioridade": _word(PRIORITIES, protocol.priority),
        "status": _word(STATUSES, protocol.status),
        "idioma": protocol.language,
        "conversa_id": protocol.conversation_id,
        "contato_id": protocol.contact_id,
        "updated_at": protocol.updated_at.isoformat(),
        "closed_at": protocol.closed_at.isoformat() if protocol.closed_at else None,
    }


def _word(words: dict[str, str], key: str) -> str:
    return next((word for word, known in words.items() if known == key), "cancelado")
