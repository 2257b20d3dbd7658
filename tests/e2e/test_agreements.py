"""A debt in a real browser: simulated, approved by another, sent, accepted by the customer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app import clock
from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations import service as desk
from app.debts.agreements import identification, tokens
from app.debts.lookups.models import Snapshot
from app.debts.simulations.models import DebtOffer
from app.extensions import db
from app.transactions import atomic
from portfolio.mandatory import mandatory
from tests.accounts.browsing import Screen
from tests.cast import Cast
from tests.debts import snapshots
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import violations
from tests.running import Running
from tests.telling import conversation, person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]
TODAY = clock.now().astimezone(clock.COMPANY_ZONE).date()
HOLDER = mandatory(TODAY).person(5001)  # of the first case
OF_DEBTS = ("offer", "agreement", "talk-debts", "approvals", "finance-tasks")


def known_customer(app: Flask, client: FlaskClient, cast: Cast) -> str:
    """Today's look-up of somebody who just wrote and whose identity Gisele checked; its page."""
    tell(client, received("Oi, bom dia!"))
    with app.app_context():
        talk_id = conversation().id
        snapshot_id, _ = snapshots.look_up(1, clock.now(), TODAY)
        with atomic():
            for user_id, level in ((cast.fabio, 1), (cast.gisele, 3)):
                db.session.get_one(User, user_id).approval_level = level
            held, gisele = desk.locked(talk_id), person(cast.gisele)
            db.session.get_one(Contact, held.contact_id).cpf = HOLDER.document
            identification.confirm_by_staff(held, HOLDER.document, gisele, "Mostrou o RG")
        return f"/financeiro/clientes/{db.session.get_one(Snapshot, snapshot_id).mark}"


def valid_until(app: Flask, offer_id: int, days: int) -> str:
    """The offer holds until so many days from today; the path of its page."""
    with app.app_context(), atomic():
        offer = db.session.get_one(DebtOffer, offer_id)
        offer.valid_until = TODAY + timedelta(days=days)
        return f"/proposta/{tokens.token_of(offer_id)}"


def proves(page: Page) -> None:
    assert HOLDER.birth is not None
    page.get_by_label("Dia").fill(str(HOLDER.birth.day))
    page.get_by_label("Mês").fill(str(HOLDER.birth.month))
    page.get_by_label("2 últimos números").fill(HOLDER.document[-2:])
    page.get_by_role("button", name="Continuar").click()


@pytest.mark.timeout(120)
def test_an_offer_approved_by_another_is_sent_accepted_and_seen_at_once(
    app: Flask,
    client: FlaskClient,
    visit: Visit,
    cast: Cast,
    login_as: Callable[[int], FlaskClient],
    running: Running,
) -> None:
    fabio = visit(cast.fabio, known_customer(app, client, cast), reduced_motion="reduce")
    faults = violations(fabio)
    fabio.get_by_role("link", name="Simular").click()
    fabio.locator("summary", has_text="À vista").last.click()
    fabio.locator("[id='f-A-multa']").press_sequentially("100")
    expect(fabio.locator("#sim-offer-button")).to_have_text("Enviar para aprovação")
    fabio.get_by_label("Nome da simulação").fill("Paga no 13º")
    fabio.locator("#sim-offer-button").click()
    fabio.wait_for_url("**/financeiro/ofertas/*")
    path = "/financeiro/ofertas/" + fabio.url.rpartition("/")[2]
    offer_id = int(path.rpartition("/")[2])

    with Screen(running.web(), login_as(cast.ana)) as outsider:
        heard: list[str] = []
        outsider.socket.on("touch", lambda one: heard.extend(one["regions"]))
        gisele = visit(cast.gisele, path, reduced_motion="reduce")
        gisele.get_by_role("button", name="Aprovar").click()
        for page in (gisele, fabio):
            expect(page.get_by_role("button", name="Enviar propostas")).to_be_enabled()
        faults += violations(gisele)
        gisele.get_by_role("button", name="Enviar propostas").click()
        expect(gisele.locator(".agreement-sent")).to_have_count(1)
        fabio.goto(fabio.url.partition("/ofertas")[0] + "/acordos")
        fabio.locator("#live-dot[data-state=live]").wait_for()

        public = valid_until(app, offer_id, 5)
        customer = visit(None, public, width=390, height=844, reduced_motion="reduce")
        faults += violations(customer)
        proves(customer)
        expect(customer.get_by_role("button", name="Aceitar a opção B")).to_be_visible()
        faults += violations(customer)
        valid_until(app, offer_id, -1)
        customer.reload()
        faults += violations(customer)
        expect(customer.get_by_role("button", name="Aceitar a opção B")).to_have_count(0)
        valid_until(app, offer_id, 5)
        customer.reload()
        customer.get_by_label("Li as condições desta opção").nth(1).check()
        customer.get_by_role("button", name="Aceitar a opção B").click()
        expect(customer.locator("h1")).to_contain_text("opção B")
        faults += violations(customer)

        expect(fabio.locator("#agreement-list")).to_contain_text(HOLDER.name)
        expect(gisele.locator("#offer-envoy")).to_contain_text("opção B")
        assert [name for name in heard if name.startswith(OF_DEBTS)] == []
    fabio.locator("#agreement-list a").first.click()
    expect(fabio.locator("#agreement")).to_contain_text("O cliente aceitou")
    assert faults + violations(fabio) == []
