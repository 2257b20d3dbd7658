"""Views that answer as their callers know it: FastAPI's way of reading requests and refusing them.

A view names what it takes by the models of its parameters `path`, `query` and `body`. What does not
fit is answered 422 with `{"detail": [{"type", "loc", "msg", "input"}, …]}`, all faults at once.
"""

import inspect
import json
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar

from flask import Response, jsonify, request
from flask_babel import force_locale
from flask_openapi3.blueprint import APIBlueprint
from pydantic import AfterValidator, BaseModel, ValidationError

from app.errors import GuicheError

View = TypeVar("View", bound=Callable[..., Any])
CONTRACT_LANGUAGE = "pt_BR"  # the words that callers compare, whatever the screens speak

_WITH_BODY = {"POST", "PUT", "PATCH"}


def _storable(text: str) -> str:
    """Refuse what no database of ours can hold."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise ValueError("caracteres que não podem ser gravados")
    return text


Text = Annotated[str, AfterValidator(_storable)]


class Refusal(BaseModel):
    """Why a request was refused."""

    detail: str


class Fault(BaseModel):
    """One thing that does not fit, and where."""

    type: str
    loc: list[str | int]
    msg: str
    input: Any = None


class Faults(BaseModel):
    """Everything that does not fit."""

    detail: list[Fault] | str


def contract(name: str, import_name: str, tag: Any) -> APIBlueprint:
    """A room for the views of one contract, all of which take the header `api-key`."""
    return APIBlueprint(
        name,
        import_name,
        abp_tags=[tag],
        abp_security=[{"api-key": []}],
        abp_responses={"401": Refusal, "403": Refusal, "422": Faults, "429": Refusal},
    )


def answers(view: View) -> View:
    """Give the view its models, filled from the request, and answer faults as described above."""
    models = {
        name: parameter.annotation
        for name, parameter in inspect.signature(view).parameters.items()
        if name in ("path", "query", "body")
    }

    @wraps(view)
    def wrapped(**segments: Any) -> Any:
        with force_locale(CONTRACT_LANGUAGE):
            try:
                given, faults = _read(models, segments)
                return _refused(faults, 422) if faults else view(**given)
            except GuicheError as error:
                return _refused(error.message, error.status)

    # Validation is ours: the library's would describe the models anew with every request.
    wrapped.__delay_validate_request__ = True  # type: ignore[attr-defined]  # functions hold any
    return wrapped  # type: ignore[return-value]  # what wraps a view is no more than callable


def _read(
    models: dict[str, type[BaseModel]], segments: dict[str, Any]
) -> tuple[dict[str, BaseModel], list[dict[str, Any]]]:
    given: dict[str, BaseModel] = {}
    faults: list[dict[str, Any]] = []
    for place, model in models.items():
        try:
            given[place] = _filled(model, place, segments)
        except ValidationError as error:
            for fault in json.loads(error.json(include_url=False, include_context=False)):
                faults.append(fault | {"loc": [place, *fault["loc"]]})
    return given, faults


def _filled(model: type[BaseModel], place: str, segments: dict[str, Any]) -> BaseModel:
    if place == "path":
        return model.model_validate(segments)
    if place == "query":
        return model.model_validate(request.args.to_dict())
    try:
        sent = request.get_data(cache=True).decode()
    except UnicodeDecodeError:
        raise GuicheError("O corpo precisa ser JSON em UTF-8.", 422) from None
    if not sent and not any(field.is_required() for field in model.model_fields.values()):
        return model()
    return model.model_validate_json(sent or "null")


def _refused(detail: Any, status: int) -> Response:
    answer = jsonify(detail=detail)
    answer.status_code = status
    return answer
