"""Protocols in the CRM: person, deal and note, once, whatever the vendor answers."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from app import clock
from app.company import service as company
from app.extensions import db
from app.integrations import pipedrive
from app.protocols import queries
from app.protocols.crm import service
from app.protocols.crm.models import CrmEntry
from app.transactions import atomic
from tests.browser_client import as_page
from tests.telling import person

Vendor = Callable[..., Any]


@pytest.fixture
def vendor(running, app, monkeypatch) -> Vendor:
    """`vendor("deals")`: what is there; `vendor(status=500, …)`: the next call meets this fault."""
    address = running.sandbox()
    requests.post(f"{address}/reset", timeout=5).raise_for_status()
    settings = app.config["SETTINGS"]
    monkeypatch.setattr(settings, "pipedrive_api_url", f"{address}/pipedrive")
    monkeypatch.setattr(settings, "pipedrive_api_token", "PD-DEMO")
    monkeypatch.setattr(settings, "crm_retry_waits_seconds", "30,60")
    monkeypatch.setattr(settings, "pipedrive_calls_in_two_seconds", 1000)

    def ask(kind: str = "", **fault: Any) -> Any:
        if kind:
            return requests.get(f"{address}/pipedrive-records/{kind}", timeout=5).json()
        body = {"vendor": "pipedrive", "times": 1, **fault}
        return requests.post(f"{address}/faults", json=body, timeout=5).raise_for_status()

    return ask


@pytest.fixture
def run(app, work):
    """Let the worker try, as if the wait before it were over."""

    def _run() -> CrmEntry:
        clock.shift(clock.shifted() + timedelta(minutes=10))
        with app.app_context():
            service.redrive()
        work("sync")
        with app.app_context():
            return db.session.query(CrmEntry).one()

    return _run


@pytest.fixture
def protocol(vendor, make, marina):
    return make(contact_id=marina, description="Quer <b>visitar</b>")


def test_a_protocol_becomes_person_deal_and_note_once(app, vendor, protocol, run, work):
    work("sync")
    assert run().state == "done"
    (someone,), (deal,), (note,) = vendor("persons"), vendor("deals"), vendor("notes")
    assert someone["phones"][0]["value"] == "+5500900010001"
    assert deal["title"] == "Marina (protocolo #00001)"
    assert (deal["person_id"], note["deal_id"]) == (someone["id"], deal["id"])
    assert "&lt;b&gt;visitar" in note["content"]
    with app.app_context():
        assert queries.story(protocol.id)[-1].kind == "exported"


def test_a_known_person_is_found_however_the_number_is_written(vendor, protocol, run):
    run()
    assert len(vendor("persons")) == 1
    from app.integrations.pipedrive import _same

    assert _same("+5541987654321", "(41) 8765-4321")
    assert not _same("+5541987654321", "(11) 98765-4321")


@pytest.mark.parametrize("call", ["POST persons", "POST deals", "POST notes"])
def test_what_was_done_though_its_answer_was_lost_is_not_done_again(vendor, protocol, run, call):
    vendor(call=call, status=502, accepted=True)
    assert run().state == "queued"
    assert run().state == "done"
    assert [len(vendor(kind)) for kind in ("persons", "deals", "notes")] == [1, 1, 1]


def test_a_429_waits_and_counts_as_no_try(vendor, protocol, run):
    for _ in range(4):
        vendor(call="POST deals", status=429)
        waiting = run()
        assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert waiting.next_try_at.hour == 0  # the day's budget: after midnight UTC


def test_what_is_refused_waits_for_staff_who_try_again(vendor, protocol, run, login_as, cast, work):
    vendor(call="POST deals", status=403)
    failed = run()
    assert failed.state == "failed"
    gisele = as_page(login_as(cast.gisele))
    assert "não permite isto a este token" in gisele.get("/protocolos/lista/crm").text
    assert "Não enviado" in gisele.get("/protocolos/lista/1").text
    gisele.post(f"/protocolos/lista/crm/{failed.id}/tentativas")
    work("sync")
    assert "Enviado" in gisele.get("/protocolos/lista/crm").text
    assert [len(vendor(kind)) for kind in ("persons", "deals", "notes")] == [1, 1, 1]


def test_an_outage_ends_as_a_row_that_staff_can_read(vendor, protocol, run):
    vendor(status=500, times=50)
    for _ in range(3):
        entry = run()
    assert (entry.state, entry.attempts) == ("failed", 3)


def test_nothing_is_sent_where_it_is_off_or_nobody_is_meant(app, vendor, make, marina, cast):
    make()
    with app.app_context():
        company.change(person(cast.gisele), "crm", {})
    make(contact_id=marina)
    with app.app_context():
        assert db.session.query(CrmEntry).count() == 0


def test_a_worker_that_died_leaves_it_to_the_next(app, vendor, protocol, run):
    with app.app_context(), atomic():
        entry = db.session.query(CrmEntry).one()
        entry.state, entry.lease_until = "sending", clock.now() + timedelta(minutes=5)
    assert run().state == "done"


def test_no_burst_is_larger_than_the_plan_allows(app, vendor, protocol, run, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "pipedrive_calls_in_two_seconds", 2)
    begun = time.time()
    assert run().state == "done"
    # A search, then person, deal and note: two calls, the next two seconds, two calls.
    assert int(time.time()) // 2 > int(begun) // 2


def test_the_days_budget_is_kept_and_the_rest_waits_for_midnight(
    app, vendor, protocol, run, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "pipedrive_daily_tokens", 1)
    waiting = run()
    assert (waiting.state, waiting.attempts, waiting.waits) == ("queued", 0, 1)
    assert waiting.next_try_at.hour == 0
    assert "orçamento diário" in waiting.error
    assert vendor("persons") == []
    monkeypatch.setattr(app.config["SETTINGS"], "pipedrive_daily_tokens", 30_000)
    clock.shift(clock.shifted() + timedelta(days=1))
    assert run().state == "done"


def test_searches_have_a_limit_of_their_own(app, vendor, protocol, run, monkeypatch):
    monkeypatch.setattr(pipedrive, "SEARCHES_IN_A_BURST", 1)
    begun = time.time()
    with app.app_context():
        for _ in range(2):
            pipedrive.find_deal("nenhum", "teste")
    assert int(time.time()) // 2 > int(begun) // 2


def test_a_slow_vendor_leaves_a_row_that_goes_on_by_itself(app, vendor, protocol, run, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "outside_timeout_seconds", 0.3)
    vendor(call="POST deals", delay_ms=900)
    assert (run().state, run().state) == ("queued", "done")
    assert [len(vendor(kind)) for kind in ("persons", "deals", "notes")] == [1, 1, 1]
