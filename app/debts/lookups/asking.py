"""The calls of one look-up, and how their answers are put together."""

import json
from typing import Any

from redis.exceptions import RedisError

from app.extensions import current_settings, redis_client
from app.integrations.sienge import resources

PROJECT_SECONDS = 86_400  # a project and its company change rarely


def everything(document: str, subject: str) -> dict[str, Any]:
    """What the ERP says of a document: its records, contracts, titles, instalments, receipts.

    Some six calls. Raises IntegrationError when one of them fails: half an answer is none.
    """
    customers = resources.customers(document, subject)
    content: dict[str, Any] = {
        "customers": customers,
        "contracts": [],
        "bills": [],
        "statement": [],
        "balance": [],
        "enterprises": {},
    }
    if not customers:
        return content
    for number in [int(one["id"]) for one in customers if one.get("id")]:
        content["contracts"] += resources.contracts(number, subject)
        content["bills"] += resources.bills(number, subject)
        content["statement"] += resources.statement(number, subject)
    content["balance"] = resources.balance(document, subject)
    for number in _projects(content):
        content["enterprises"][str(number)] = _project(number, subject)
    return content


def _projects(content: dict[str, Any]) -> list[int]:
    told = [one.get("enterpriseId") for one in content["contracts"]]
    told += [one.get("costCenterId") for one in content["statement"]]
    return sorted({one for one in told if isinstance(one, int)})


def _project(number: int, subject: str) -> dict[str, Any]:
    """A project, asked once a day."""
    key = f"guiche:sienge:{current_settings().sienge_subdomain}:project:{number}"
    try:
        kept = redis_client().get(key)
        if kept:
            found: dict[str, Any] = json.loads(kept)
            return found
    except RedisError:
        kept = None
    row = resources.enterprise(number, subject) or {}
    kept_fields = {
        name: row.get(name)
        for name in ("id", "name", "commercialName", "cnpj", "adress", "companyId", "companyName")
    }
    try:
        redis_client().set(key, json.dumps(kept_fields), ex=PROJECT_SECONDS)
    except RedisError:
        return kept_fields
    return kept_fields
