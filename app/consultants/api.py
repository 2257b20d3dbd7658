"""Consultants and their turn as the callers of the replaced system know them."""

from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response, jsonify, request
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, RootModel
from sqlalchemy import select

from app.accounts.access import acting, requires_key
from app.accounts.permissions import Scope
from app.api.contract import Refusal, Text, answers, contract
from app.consultants import service
from app.consultants.languages import LONGEST, SHORTEST
from app.consultants.models import Consultant, HandOut
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.protocols import numbers
from app.protocols import service as protocols
from app.protocols.api import PRIORITIES, chosen
from app.transactions import atomic

blueprint = contract("consultants_api", __name__, Tag(name="Consultores"))
turn_blueprint = contract("turn_api", __name__, Tag(name="Distribuição"))

MISSING = "Consultor não encontrado"

Name = Annotated[Text, Field(min_length=3, max_length=255)]
Phone = Annotated[Text, Field(pattern=r"^\+\d{10,15}$")]
Language = Annotated[Text, Field(min_length=SHORTEST, max_length=LONGEST)]
PipedriveId = Annotated[int, Field(ge=1, le=2**63 - 1)]

# The callers' words for our columns.
_COLUMNS = {
    "nome": "name",
    "email": "email",
    "telefone": "phone",
    "idiomas": "languages",
    "status_ativo": "active",
    "status_ativo_sequencial": "in_sequence",
    "status_online": "online",
    "id_pipedrive": "pipedrive_id",
}


class ConsultorPath(BaseModel):
    """Which consultant."""

    consultor_id: int


class ConsultorCreate(BaseModel):
    """A new consultant, who goes to the end of the order."""

    nome: Name
    email: Text | None = Field(None, max_length=255)
    telefone: Phone | None = None
    idiomas: list[Language] = Field(min_length=1, max_length=30)
    status_ativo: bool = True
    status_ativo_sequencial: bool = True
    status_online: bool = False
    id_pipedrive: PipedriveId | None = None


class ConsultorUpdate(BaseModel):
    """What is to be set; what is not named stays."""

    nome: Name | None = None
    email: Text | None = Field(None, max_length=255)
    telefone: Phone | None = None
    idiomas: list[Language] | None = Field(None, min_length=1, max_length=30)
    status_ativo: bool | None = None
    status_ativo_sequencial: bool | None = None
    status_online: bool | None = None
    id_pipedrive: PipedriveId | None = None


class Consultor(BaseModel):
    """A consultant."""

    id: int
    nome: str
    email: str | None
    telefone: str | None
    idiomas: list[str]
    status_ativo: bool
    status_ativo_sequencial: bool
    status_online: bool
    id_pipedrive: int | None
    ultimo_atendimento: str | None


class Consultores(RootModel[list[Consultor]]):
    """A bare list."""


class ConnectionQuery(BaseModel):
    """Online or not."""

    status: bool


class DaVezQuery(BaseModel):
    """Which language the customer speaks; compared whole, without regard to case."""

    idioma: Text = Field(min_length=1, max_length=LONGEST)


class DaVez(BaseModel):
    """Whose turn it was, and the protocol that was given out with it."""

    consultor_id: int
    consultor_nome: str
    consultor_email: str | None
    consultor_telefone: str | None
    consultor_idiomas: list[str]
    consultor_status_online: bool
    consultor_atendimento_iso: str
    consultor_id_pipedrive: int | None
    numero_protocolo: str


class ProtocoloNovo(BaseModel):
    """What the new protocol says; nothing of it is needed."""

    descricao: Text | None = Field(None, max_length=protocols.LONGEST)
    prioridade: Text | None = Field(None, description="baixa, normal, alta ou urgente")


class Numero(BaseModel):
    """A protocol's number."""

    numero_protocolo: str = Field(pattern=r"^#\d{5,}$")


@blueprint.get("/consultores", responses={"200": Consultores})
@requires_key(Scope.CONSULTANTS_READ)
@answers
def consultant_list() -> Response:
    """Lista todos os consultores, menos os que deixaram a empresa."""
    found = select(Consultant).where(Consultant.left_at.is_(None)).order_by(Consultant.id)
    return jsonify([told(one) for one in db.session.scalars(found)])


@blueprint.post("/consultor", responses={"200": Consultor, "400": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def create_consultant(body: ConsultorCreate) -> Response:
    """Cria um consultor, que vai para o fim da fila."""
    try:
        return jsonify(told(service.create(acting(), _columns(body.model_dump()))))
    except service.EmailTaken as error:
        raise GuicheError(error.message, 400) from None


@blueprint.get("/consultor/<consultor_id>", responses={"200": Consultor, "404": Refusal})
@requires_key(Scope.CONSULTANTS_READ)
@answers
def consultant(path: ConsultorPath) -> Response:
    """Obtém um consultor."""
    return jsonify(told(_find(path.consultor_id)))


@blueprint.put("/consultor/<consultor_id>", responses={"200": Consultor, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def update_consultant(path: ConsultorPath, body: ConsultorUpdate) -> Response:
    """Atualiza os campos enviados; os outros ficam como estão."""
    found = _find(path.consultor_id)
    given = body.model_dump(exclude_unset=True)
    for name in ("nome", "idiomas", "status_ativo", "status_ativo_sequencial", "status_online"):
        if name in given and given[name] is None:
            del given[name]
    return jsonify(told(service.edit(acting(), found.id, _columns(given), unique_email=False)))


@blueprint.delete("/consultor/<consultor_id>", responses={"200": Refusal, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def remove_consultant(path: ConsultorPath) -> Response:
    """Remove um consultor; os protocolos dele ficam."""
    service.leave(acting(), _find(path.consultor_id).id)
    return jsonify(detail="Consultor removido com sucesso")


@blueprint.put("/consultor/<consultor_id>/connection", responses={"200": Consultor, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def set_connection(path: ConsultorPath, query: ConnectionQuery) -> Response:
    """Põe um consultor online ou offline."""
    found = _find(path.consultor_id)
    return jsonify(told(service.set_online(acting(), found.id, query.status)))


@turn_blueprint.get("/consultor/da-vez", responses={"200": DaVez, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def take_turn(query: DaVezQuery) -> Response:
    """Entrega o cliente ao consultor da vez e gera o protocolo (o POST faz o mesmo)."""
    _refuse_head()
    return _unkept(jsonify(told_of(service.take_turn(query.idioma, by=acting()))))


@turn_blueprint.post("/consultor/da-vez", responses={"200": DaVez, "404": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def take_turn_by_post(query: DaVezQuery) -> Response:
    """Entrega o cliente ao consultor da vez e gera o protocolo."""
    return _unkept(jsonify(told_of(service.take_turn(query.idioma, by=acting()))))


@turn_blueprint.get("/gerar-protocolo", responses={"200": Numero, "400": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def make_protocol() -> Response:
    """Gera um protocolo do primeiro consultor ativo (o POST faz o mesmo)."""
    _refuse_head()
    return _unkept(_made(ProtocoloNovo()))


@turn_blueprint.post("/gerar-protocolo", responses={"200": Numero, "400": Refusal})
@requires_key(Scope.CONSULTANTS_WRITE)
@answers
def make_protocol_by_post(body: ProtocoloNovo) -> Response:
    """Gera um protocolo do primeiro consultor ativo, com o que vier da descrição."""
    return _unkept(_made(body))


def _made(body: ProtocoloNovo) -> Response:
    given = chosen(body.model_dump())
    first = select(Consultant.id).where(Consultant.active).order_by(Consultant.id).limit(1)
    with atomic():
        consultant_id = db.session.scalar(first)
        if consultant_id is None:
            raise GuicheError("Não há consultores ativos no sistema", 400)
        made = protocols.allocate(
            consultant_id=consultant_id, origin="api", by=acting(),
            description=given.get("description"),
            priority=given.get("priority", PRIORITIES["normal"]),
        )  # fmt: skip
    return jsonify(numero_protocolo=numbers.written(made.number))


def _refuse_head() -> None:
    """Whoever only looks whether the address answers takes no turn by it."""
    if request.method == "HEAD":
        raise GuicheError("Method Not Allowed", 405)


def _unkept(answer: Response) -> Response:
    """A GET that writes must be answered by nobody else in between."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _find(consultant_id: int) -> Consultant:
    found = None
    if 0 < consultant_id < 2**31:
        found = db.session.get(Consultant, consultant_id)
    if found is None or found.left_at is not None:
        raise NotFound(MISSING)
    return found


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    return {_COLUMNS[name]: value for name, value in given.items()}


def told(one: Consultant) -> dict[str, Any]:
    """A consultant in the callers' words."""
    given = {name: getattr(one, column) for name, column in _COLUMNS.items()}
    last = one.attended_at
    return {"id": one.id, **given, "ultimo_atendimento": last.isoformat() if last else None}


def told_of(hand_out: HandOut) -> dict[str, Any]:
    """A hand-out in the callers' words."""
    one = hand_out.consultant
    return {
        "consultor_id": one.id,
        "consultor_nome": one.name,
        "consultor_email": one.email,
        "consultor_telefone": one.phone,
        "consultor_idiomas": one.languages,
        "consultor_status_online": one.online,
        "consultor_atendimento_iso": hand_out.made_at.isoformat(),
        "consultor_id_pipedrive": one.pipedrive_id,
        "numero_protocolo": numbers.written(hand_out.protocol.number),
    }
