"""Pipedrive: persons and deals by its API v2, notes by v1, which alone has them."""

import html
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from redis.exceptions import RedisError

from app import clock
from app.extensions import current_settings, redis_client
from app.integrations import http
from app.integrations.base import IntegrationError, Outcome
from app.words import N_

NAME = "pipedrive"
LABEL = "Pipedrive"

# What a call takes from the day's budget, as the vendor's description says (`x-token-cost`).
SEARCH, CREATE, CREATE_NOTE, LIST_NOTES = 20, 5, 10, 20
BURST_SECONDS = 2
SEARCHES_IN_A_BURST = 10  # the searches' own limit, whatever the plan

_BY_STATUS = {
    401: N_("O Pipedrive recusou o token: confira PIPEDRIVE_API_TOKEN."),
    403: N_("O Pipedrive não permite isto a este token, ou o plano chegou ao limite."),
    404: N_("O Pipedrive não encontrou o registro, ou este token não o vê."),
    410: N_("O Pipedrive retirou este endereço da API."),
    429: N_("O Pipedrive pediu para esperar: o limite de chamadas foi atingido."),
}
_SPENT = N_("O orçamento diário do Pipedrive acabou; continuamos depois da meia-noite UTC.")


@dataclass(frozen=True, slots=True)
class Customer:
    """Who a deal is about; phones in E.164."""

    name: str
    phones: tuple[str, ...]
    email: str | None


def is_configured() -> bool:
    """Whether there is an address and a token."""
    settings = current_settings()
    return bool(settings.pipedrive_api_url and settings.pipedrive_api_token)


def find_person(customer: Customer, subject: str) -> int | None:
    """The person with this e-mail, or one of these telephones however they are written there."""
    if customer.email:
        found = _search(customer.email, "email", True, subject)
        if found:
            return int(found[0]["id"])
    for phone in customer.phones:
        for item in _search(phone[-8:], "phone", False, subject):
            if any(_same(phone, str(other)) for other in item.get("phones", [])):
                return int(item["id"])
    return None


def _search(term: str, field: str, exact: bool, subject: str) -> list[dict[str, Any]]:
    query = {"term": term, "fields": field}
    if exact:
        query["exact_match"] = "true"
    answer = _call("GET", "v2/persons/search", SEARCH, subject, query=query)
    return [one["item"] for one in (answer.get("data") or {}).get("items", [])]


def _same(ours: str, theirs: str) -> bool:
    """The area code and the last eight digits: the ninth is written or not."""
    mine, other = _digits(ours), _digits(theirs)
    return mine[-8:] == other[-8:] and (len(other) < 10 or _area(mine) == _area(other))


def _area(digits: str) -> str:
    national = digits.removeprefix("55") if len(digits) > 11 else digits
    return national[:2]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def create_person(customer: Customer, owner: int | None, subject: str) -> int:
    """A new person; the id."""
    body: dict[str, Any] = {"name": customer.name}
    if owner:
        body["owner_id"] = owner
    if customer.email:
        body["emails"] = [{"value": customer.email, "primary": True, "label": "work"}]
    if customer.phones:
        body["phones"] = [
            {"value": phone, "primary": place == 0, "label": "mobile"}
            for place, phone in enumerate(customer.phones)
        ]
    return _id(_call("POST", "v2/persons", CREATE, subject, body))


def find_deal(title: str, subject: str) -> int | None:
    """The deal with this title, if an earlier call made it after all."""
    query = {"term": title, "fields": "title", "exact_match": "true"}
    answer = _call("GET", "v2/deals/search", SEARCH, subject, query=query)
    items = (answer.get("data") or {}).get("items", [])
    return int(items[0]["item"]["id"]) if items else None


def create_deal(title: str, person_id: int, owner: int | None, subject: str) -> int:
    """A new deal of a person; the id."""
    settings = current_settings()
    body: dict[str, Any] = {"title": title, "person_id": person_id}
    if owner:
        body["owner_id"] = owner
    if settings.pipedrive_stage_id:  # a stage fixes its pipeline
        body["stage_id"] = settings.pipedrive_stage_id
    elif settings.pipedrive_pipeline_id:
        body["pipeline_id"] = settings.pipedrive_pipeline_id
    return _id(_call("POST", "v2/deals", CREATE, subject, body))


def find_note(deal_id: int, text: str, subject: str) -> int | None:
    """The note of a deal that begins like this, if an earlier call made it after all."""
    answer = _call("GET", "v1/notes", LIST_NOTES, subject, query={"deal_id": str(deal_id)})
    mark = html.escape(text.partition("\n")[0])
    for note in answer.get("data") or []:
        if mark in str(note.get("content", "")):
            return int(note["id"])
    return None


def create_note(deal_id: int, person_id: int, text: str, subject: str) -> int:
    """A note on a deal; what people wrote is text there too."""
    content = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line)
    body = {"content": content, "deal_id": deal_id, "person_id": person_id}
    return _id(_call("POST", "v1/notes", CREATE_NOTE, subject, body))


def _id(answer: dict[str, Any]) -> int:
    try:
        return int(answer["data"]["id"])
    except (KeyError, TypeError, ValueError):
        sentence = _("O Pipedrive respondeu algo que não esperávamos.")
        raise IntegrationError(sentence, Outcome.UNKNOWN) from None


def _call(
    method: str,
    path: str,
    cost: int,
    subject: str,
    payload: Any = None,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    settings = current_settings()
    _spend(cost, path.endswith("/search"))
    url = f"{settings.pipedrive_api_url.rstrip('/')}/api/{path}"
    answer = http.call(
        NAME, method, url, subject=subject, explain=_explain, payload=payload, query=query,
        headers={"x-api-token": settings.pipedrive_api_token},
    )  # fmt: skip
    return answer if isinstance(answer, dict) else {}


def _spend(cost: int, is_search: bool) -> None:
    """Keep to the burst and the day's budget, which all our processes share.

    A burst that is used up is waited for here, in the worker; the day's budget is not.
    """
    settings, now = current_settings(), clock.now()
    try:
        spent = _count(f"day:{now:%Y%m%d}", cost, 172_800)
        if is_search:
            _wait_in("searches", SEARCHES_IN_A_BURST)
        _wait_in("burst", settings.pipedrive_calls_in_two_seconds)
    except RedisError:
        return  # the vendor counts as well
    if spent > settings.pipedrive_daily_tokens:
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = (midnight - now).total_seconds()
        raise IntegrationError(_SPENT, Outcome.NEVER_LEFT, 429, seconds)


def _wait_in(name: str, most: int) -> None:
    """Until this burst, or the next, has room for one call more."""
    while _count(f"{name}:{_window()}", 1, 2 * BURST_SECONDS) > most:
        time.sleep(BURST_SECONDS - time.time() % BURST_SECONDS + random.random() / 10)  # noqa: S311 - spreads the callers


def _window() -> int:
    return int(time.time()) // BURST_SECONDS


def _count(name: str, by: int, lasts: int) -> int:
    with redis_client().pipeline() as pipe:
        pipe.incrby(f"guiche:pipedrive:{name}", by)
        pipe.expire(f"guiche:pipedrive:{name}", lasts)
        return int(pipe.execute()[0])


def _explain(status: int | None, text: str) -> str:
    if status is None:
        return N_("O Pipedrive não respondeu.")
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return N_("O Pipedrive teve uma falha interna.")
    return N_("O Pipedrive recusou o pedido") + f": {text[:200]}"
