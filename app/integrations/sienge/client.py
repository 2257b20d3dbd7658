"""Calls to Sienge: Basic authentication, pages, retries of what only reads, and its own words."""

import base64
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.extensions import current_settings
from app.integrations import http
from app.integrations.base import IntegrationError, Outcome
from app.integrations.sienge import budget
from app.words import N_, said

NAME = "sienge"
LABEL = "Sienge"
PAGE = 200  # the most it gives at once
MOST_PAGES = 5_000  # what never ends is broken
MOST_BYTES = 32 * 1024 * 1024

_BY_STATUS = {
    400: N_("O Sienge não entendeu o pedido"),
    401: N_("O Sienge recusou o usuário ou a senha da API."),
    404: N_("O Sienge não encontrou o registro, ou o módulo não está ativo."),
    429: N_("O Sienge pediu para esperar: o limite de chamadas foi atingido."),
}
_UNEXPECTED = N_("O Sienge respondeu algo que não esperávamos.")

# Asked before each call: raises IntegrationError where none may be made.
guards: list[Callable[[], None]] = []
# Told when the credentials are refused, with the sentence for staff.
on_refused: list[Callable[[str], None]] = []


@dataclass(frozen=True, slots=True)
class Resource:
    """One address of the API: its path, and how administrators see it named there."""

    path: str
    title: str
    most: int = MOST_BYTES  # bytes of one answer


def is_configured() -> bool:
    """Whether there is an address, a subdomain and a user."""
    settings = current_settings()
    return bool(settings.sienge_url and settings.sienge_subdomain and settings.sienge_user)


def get(
    resource: Resource, subject: str, query: Mapping[str, object] | None = None, **parts: object
) -> Any:
    """One answer, cleaned. Reading again does no harm: what may pass is tried three times.

    Raises IntegrationError.
    """
    waits = iter(current_settings().sienge_retry_waits)
    while True:
        try:
            return _once("GET", resource, subject, query, None, parts)
        except IntegrationError as error:
            wait = next(waits, None)
            passing = error.status is None or error.status >= 500
            if wait is None or not passing or error.outcome is Outcome.REFUSED:
                raise
            time.sleep(wait * (1 + random.random() / 4))  # noqa: S311 - spreads the callers


def get_all(
    resource: Resource, subject: str, query: Mapping[str, object] | None = None, **parts: object
) -> list[Any]:
    """All rows of a resource that comes in pages; none where it says 404."""
    return list(pages(resource, subject, query, **parts))


def pages(
    resource: Resource, subject: str, query: Mapping[str, object] | None = None, **parts: object
) -> Iterator[Any]:
    """The rows as they come, page by page, until as many came as there are."""
    offset = 0
    for _page in range(MOST_PAGES):
        asked = {**(query or {}), "limit": PAGE, "offset": offset}
        try:
            answer = get(resource, subject, asked, **parts)
        except IntegrationError as error:
            if error.status == 404:
                return
            raise
        rows = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise unexpected()
        yield from rows
        offset += len(rows)
        if not rows or offset >= count_of(answer):
            return
    raise unexpected()


def send(resource: Resource, subject: str, payload: object, **parts: object) -> Any:
    """A POST, tried once: what it does may have been done whatever came back."""
    return _once("POST", resource, subject, None, payload, parts)


def unexpected() -> IntegrationError:
    """The answer is not of the shape that is documented."""
    return IntegrationError(_UNEXPECTED, Outcome.UNKNOWN)


def count_of(answer: Mapping[str, Any]) -> int:
    """How many rows there are in all, as a page says."""
    told = answer.get("resultSetMetadata")
    count = told.get("count") if isinstance(told, dict) else None
    return int(count) if isinstance(count, (int, str)) and str(count).isdecimal() else 0


def _once(
    method: str,
    resource: Resource,
    subject: str,
    query: Mapping[str, object] | None,
    payload: object,
    parts: Mapping[str, object],
) -> Any:
    settings = current_settings()
    for guard in guards:
        guard()
    budget.take()
    path = resource.path.format(**parts)
    host = settings.sienge_url.rstrip("/")
    url = f"{host}/{settings.sienge_subdomain}/public/api{path}"
    try:
        answer = http.call(
            NAME, method, url, subject=subject, explain=partial(_explain, resource),
            headers={"Authorization": _basic(settings.sienge_user, settings.sienge_password)},
            payload=payload, query={k: str(v) for k, v in (query or {}).items()},
            exact=True, most=resource.most,
        )  # fmt: skip
    except IntegrationError as error:
        raise _noted(error) from None
    budget.answered()
    return cleaned(answer)


def _noted(error: IntegrationError) -> IntegrationError:
    """The same error, after everybody who has to know of it does."""
    if error.status == 401:
        for follow in on_refused:
            follow(error.message)
    if error.status == 429:
        wait = budget.refused(error.wait_seconds)
        return IntegrationError(error.message, error.outcome, error.status, wait)
    return error


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def cleaned(value: Any) -> Any:
    """Padding and what no database takes stripped from texts; amounts as the text they came as."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {str(name).replace("\0", ""): cleaned(one) for name, one in value.items()}
    return value


def _explain(resource: Resource, status: int | None, text: str) -> str:
    """What staff read. What the ERP refuses by its rules is said in its own words."""
    if status is None:
        return N_("O Sienge não respondeu.")
    if status == 403:
        return _(
            "O Sienge não liberou o recurso “%(resource)s” para o usuário da API.",
            resource=said(resource.title),
        )
    if status == 422:
        return text[:300] or N_("O Sienge recusou o pedido.")
    if status == 400:
        return f"{said(_BY_STATUS[400])}: {text[:200]}"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return N_("O Sienge teve uma falha interna.")
    return f"{_('O Sienge recusou o pedido')}: {text[:200]}"
