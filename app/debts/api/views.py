"""The four addresses: read as old callers send it, answered in their shapes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, g, jsonify, make_response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import HTTPException

from app.accounts import access
from app.accounts.access import requires_bearer
from app.accounts.permissions import Scope
from app.api.limits import limit_bearers
from app.debts.api import describing, options, reading, rescheduling, service, wording
from app.debts.api.reading import Refused
from app.debts.api.service import Nothing
from app.debts.lookups.reading import today
from app.debts.simulations import policies
from app.words import in_language

View = TypeVar("View", bound=Callable[..., Any])
Body = dict[str, Any]
PATHS = ("/consultar", "/responder", "/gerar_mensagem", "/reparcelamento")
NOT_JSON = "JSON inválido ou não enviado"
LANGUAGE = "pt-BR"  # of customers, whatever the screens speak

blueprint = APIBlueprint(
    "debts_api",
    __name__,
    abp_tags=[Tag(name="Consulta e renegociação")],
    abp_security=[{"bearer": []}],
    abp_responses={
        "400": describing.Recusa,
        "401": describing.Recusa,
        "403": describing.Recusa,
        "429": describing.Recusa,
        "502": describing.Recusa,
    },
)


def init_app(app: Flask) -> None:
    """Add the addresses, their limits, and who is turned away from what is near them."""
    limit_bearers(blueprint)
    app.register_blueprint(blueprint)
    app.before_request(_turn_away)


def _turn_away() -> Response | None:
    """At these addresses a caller without a token learns nothing, not even which methods exist."""
    near = request.path.startswith(PATHS) and request.endpoint is None
    return access.check_bearer(Scope.DEBTS_CONSULT) if near else None


def answers(view: View) -> View:
    """Give the view what was sent, whatever it is labelled as, and answer refusals under `erro`."""

    @wraps(view)
    def wrapped(**_: Any) -> Any:
        body = request.get_json(force=True, silent=True)
        with in_language(LANGUAGE):
            try:
                return view(body=body if isinstance(body, dict) else None)
            except Refused as refusal:
                return _refused(refusal.said, refusal.status)
            except Nothing as nothing:
                return jsonify(mensagem=nothing.said)

    wrapped.__delay_validate_request__ = True  # type: ignore[attr-defined]  # read here instead
    return wrapped  # type: ignore[return-value]  # a view is no more than callable


def _refused(said: str, status: int) -> Response:
    return make_response(jsonify(erro=said), status)


@blueprint.errorhandler(HTTPException)
def _failed(error: HTTPException) -> Response:
    words = {
        413: "O corpo da requisição é grande demais.",
        429: "Muitas requisições. Espere um pouco e tente de novo.",
    }
    status = error.code or 500
    return _refused(words.get(status, "Erro interno ao processar a consulta"), status)


def _needed(body: Body | None) -> Body:
    if not body:
        raise Refused(NOT_JSON)
    return body


def _caller() -> str:
    """Who asks, for what they may ask about: the token, never its secret."""
    token = g.get("api_token")
    return f"token {token.id}" if token is not None else "ambiente"


@blueprint.post("/consultar", responses={"200": describing.Encontrado, "404": describing.Mensagem})
@requires_bearer(Scope.DEBTS_CONSULT)
@answers
def consult(body: describing.Consulta) -> Response:
    """Consulta um CPF e lista as unidades."""
    given: Body = body or {}  # type: ignore[assignment]  # as it came: the model only describes
    if given.get("cpf") in (None, ""):
        raise Refused("CPF não fornecido ou JSON inválido")
    found = service.consult(_caller(), given["cpf"])
    if found is None:
        return make_response(jsonify(mensagem=wording.NOT_FOUND), 404)
    names = [str(one["nome_unidade"]) for one in found.units]
    said = wording.listed(names) if names else wording.NO_UNITS
    return jsonify(mensagem=said, cliente_id=found.customer_id)


@blueprint.post("/responder", responses={"200": describing.Escolhida, "404": describing.Recusa})
@requires_bearer(Scope.DEBTS_CONSULT)
@answers
def respond(body: describing.Resposta) -> Response:
    """Recebe a unidade escolhida na lista da última consulta."""
    given = _needed(body)  # type: ignore[arg-type]  # as it came
    if given.get("cpf") in (None, "") or given.get("opcao") in (None, ""):
        raise Refused("CPF e opção são obrigatórios.")
    reading.document(given["cpf"])
    option = reading.option(given["opcao"])
    found, unit = service.choose(_caller(), given["cpf"], option)
    said = wording.chosen(str(unit["nome_unidade"]))
    return jsonify(mensagem=said, cliente_id=found.customer_id, unidade=unit)


@blueprint.post("/gerar_mensagem", responses={"200": describing.Mensagem})
@requires_bearer(Scope.DEBTS_CONSULT)
@answers
def summarise(body: describing.Resumo) -> Response:
    """Gera o resumo financeiro de um contrato."""
    given = _needed(body)  # type: ignore[arg-type]  # as it came
    customer, bill = reading.number(given, "cliente_id"), reading.number(given, "bill_id")
    found, name = service.contract(_caller(), customer, bill)
    return jsonify(mensagem=wording.summary(name, found.statement, found.creditor))


@blueprint.post("/reparcelamento", responses={"200": describing.Propostas})
@requires_bearer(Scope.DEBTS_CONSULT)
@answers
def reschedule(body: describing.Reparcelamento) -> Response:
    """Simula três propostas e indica a que cabe no valor do cliente."""
    given = _needed(body)  # type: ignore[arg-type]  # as it came
    named = given.get("cliente_id") not in (None, "")
    customer = reading.number(given, "cliente_id") if named else None
    bill = reading.number(given, "bill_id")
    monthly = reading.monthly(given.get("valor_cliente_rene"))
    found, _name = service.contract(_caller(), customer, bill)
    asked = rescheduling.Asked(found.statement, found.creditor, monthly, today())
    if options.is_legacy():
        return jsonify(rescheduling.estimates(asked))
    return jsonify(rescheduling.proposals(asked, policies.in_force().policy))
