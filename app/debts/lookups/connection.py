"""Whether the ERP takes our credentials; once it refused them nobody calls until they changed."""

from datetime import datetime
from functools import partial

from app import clock, secrets
from app.accounts import audit
from app.accounts.models import User
from app.debts.lookups import live
from app.debts.lookups.directory import link, locked_link
from app.debts.lookups.models import ErpLink
from app.extensions import current_settings
from app.integrations.base import IntegrationError, Outcome
from app.integrations.sienge import client, resources
from app.queueing import enqueue
from app.transactions import atomic, on_commit

TESTED = (
    resources.CUSTOMERS, resources.CONTRACTS, resources.BILLS, resources.BALANCE,
    resources.STATEMENT, resources.SLIP,
)  # fmt: skip


def follow() -> None:
    """Stand before every call, and hear of refused credentials."""
    if check not in client.guards:
        client.guards.append(check)
        client.on_refused.append(refused)


def check() -> None:
    """Raises IntegrationError while the credentials are those that were refused."""
    known = link()
    if is_broken(known):
        raise IntegrationError(known.error or "", Outcome.REFUSED, 401)


def is_broken(known: ErpLink) -> bool:
    """Whether these very credentials were refused."""
    return known.broken_at is not None and known.fingerprint == _fingerprint()


def refused(message: str) -> None:
    """Mark the connection as broken, for everybody, since the first refusal."""
    with atomic():
        row = locked_link()
        row.broken_at = row.broken_at if is_broken(row) else clock.now()
        row.error, row.fingerprint = message, _fingerprint()
        _announce(row)


def ask_test(by: User) -> None:
    """An administrator has a worker try each resource."""
    with atomic():
        row = locked_link()
        row.broken_at, row.error, row.checks = None, None, {}
        row.check_asked_at, row.checked_at = clock.now(), None
        audit.record(by, "erp.tested", "erp", "sienge")
        _announce(row)
        on_commit(partial(enqueue, "jobs.sync.test_erp", queue="sync"))


def test() -> None:
    """A worker's turn: one call to each resource, and what each answered."""
    found: dict[str, str] = {}
    for resource in TESTED:
        try:
            client.get(resource, "debts:test", {"limit": 1, "customerId": 0, "cpf": "0" * 11})
        except IntegrationError as error:
            # A refusal of what was asked, not of who asked, proves that it is released.
            found[resource.title] = "" if error.status in {400, 404, 422} else error.message
            if error.status == 401 or error.status == 429:
                break
        else:
            found[resource.title] = ""
    _tested(found, clock.now())


def _tested(found: dict[str, str], at: datetime) -> None:
    with atomic():
        row = locked_link()
        row.checks, row.checked_at = found, at
        _announce(row)


def _announce(row: ErpLink) -> None:
    row.version += 1
    on_commit(live.link_changed, once="erp link")


def _fingerprint() -> str:
    settings = current_settings()
    told = (settings.sienge_url, settings.sienge_subdomain, settings.sienge_user,
            settings.sienge_password)  # fmt: skip
    return secrets.mark("\n".join(told))
