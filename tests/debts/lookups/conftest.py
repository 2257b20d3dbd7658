"""The ERP of the sandbox, and look-ups in it."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from app.accounts.models import User
from app.debts.lookups import service
from app.debts.lookups.models import Snapshot
from app.extensions import db

LookUp = Callable[..., list[Snapshot]]


class Erp:
    """The double: `post("faults", …)`, `get("sienge-book/spent")`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def post(self, path: str, **body: Any) -> Any:
        """Something of its own interface."""
        answer = requests.post(f"{self.address}/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def fault(self, **wishes: Any) -> None:
        """The next call meets this; `times` for more of them."""
        self.post("faults", **{"vendor": "sienge", "times": 1, **wishes})

    def spent(self) -> int:
        """How many calls it has taken."""
        found = requests.get(f"{self.address}/sienge-book/spent", timeout=5).json()
        return int(found["spent"])


@pytest.fixture
def erp(running: Any, app: Any, monkeypatch: pytest.MonkeyPatch) -> Erp:
    """The double as new, with the product pointed at it."""
    address = running.sandbox()
    requests.post(f"{address}/reset", timeout=5).raise_for_status()
    settings = app.config["SETTINGS"]
    for name, value in {
        "sienge_url": f"{address}/sienge",
        "sienge_subdomain": "exemplo",
        "sienge_user": "exemplo-guiche",
        "sienge_password": "SENHA-DEMO",
        "sienge_retry_waits_seconds": "0,0",
        "erp_retry_waits_seconds": "15,60",
        "sienge_calls_per_minute": 10_000,
    }.items():
        monkeypatch.setattr(settings, name, value)
    double = Erp(address)
    double.post("sienge-book/limits", minute=100_000, day=100_000)
    return double


@pytest.fixture
def look_up(app: Any, cast: Any, erp: Erp, work: Callable[..., int]) -> LookUp:
    """`look_up(document, …)`: asked for by Fábio of finance, read by a worker."""

    def _look_up(*documents: str, refresh: bool = False) -> list[Snapshot]:
        with app.app_context():
            fabio = db.session.get_one(User, cast.fabio)
            made = [service.look_up(one, actor=fabio, refresh=refresh).id for one in documents]
        work("sync")
        with app.app_context():
            return [db.session.get_one(Snapshot, one, populate_existing=True) for one in made]

    return _look_up
