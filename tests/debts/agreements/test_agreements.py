"""From an approved offer to an agreement: sent, answered, checked again in the ERP, issued."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.contacts.models import Contact
from app.debts.agreements.models import AgreementDocument, AgreementEvent, FinanceTask
from app.debts.engine.writing import brl
from app.debts.lookups.models import Snapshot
from app.extensions import db
from tests.cast import Cast
from tests.debts.agreements.conftest import HOLDER, PROOF, Desk
from tests.debts.lookups.conftest import Erp
from tests.telling import Login

pytestmark = [pytest.mark.usefixtures("channel")]


def test_a_proposal_is_sent_accepted_by_its_number_checked_and_issued(desk: Desk) -> None:
    desk.identify()
    assert "identity_confirmed" in desk.events()
    number = desk.offer()
    assert desk.sends(number).status_code == 200
    sent = next(text for text in desk.said() if "A) À vista" in text)
    offer = desk.offered(number)
    assert offer.state == "sent"
    for proposal in offer.content["proposals"]:
        assert f"R$ {brl(proposal['total'])}" in sent
    assert "/proposta/" in sent
    assert len(desk.files()) == 1, "the paper with the whole tables"

    desk.says("aceito a 2", proven=False)
    assert desk.agreement(number) is None, "an address without a secret accepts nothing"
    assert "/proposta/" in desk.said()[-1]
    desk.says("1 ou 2?")
    assert desk.agreement(number) is None
    assert "só com a letra" in desk.said()[-1]
    desk.says("aceito a 2")
    agreement = desk.agreement(number)
    assert agreement is not None
    assert (agreement.option, agreement.state) == ("B", "accepted")
    assert agreement.check_state == "confirmed"
    confirmed = next(text for text in desk.said() if agreement.number in text)
    assert "opção B" in confirmed
    assert len(desk.files()) == 2, "and the term"
    with desk.app.app_context():
        [term] = db.session.scalars(select(AgreementDocument))
        [task] = db.session.scalars(select(FinanceTask))
        kinds = [event.kind for event in db.session.scalars(select(AgreementEvent))]
        first = db.session.scalars(select(AgreementEvent).order_by(AgreementEvent.id)).first()
    assert (term.kind, term.content[:5] if False else term.size > 1000) == ("term", True)
    assert task.kind == "launch"
    assert any(brl(agreement.total) in value for _, value in task.figures)
    assert kinds[:4] == ["accepted", "confirmed", "term_issued", "told"]
    assert first is not None
    assert first.message_id
    assert first.text_hash

    before = len(desk.said())
    desk.says("aceito a 2")
    assert len(desk.said()) == before, "the same answer again is the same acceptance"


def test_an_offer_made_at_the_desk_of_finance_goes_by_whoever_proves_to_be_the_holder(
    desk: Desk,
) -> None:
    with desk.app.app_context():
        contact = db.session.get_one(Contact, desk.contact_id())
        contact.cpf, contact.name = None, ""
        db.session.execute(update(Snapshot).values(contact_id=None))
        db.session.commit()
    number = desk.offer(tied=False)
    address = f"/financeiro/ofertas/{number}/envio"
    assert "Não há conversa aberta" in desk.gisele.get(address).text
    assert f"offer-{number}" not in desk.pane().text
    desk.pane("/identidade", documento=HOLDER.document)
    assert "Falo com o titular?" in desk.said()[-1]
    desk.says(PROOF)
    assert f"Obrigado, {HOLDER.name.split()[0]}" in desk.said()[-1]
    assert f"offer-{number}" in desk.pane().text
    assert "Enviar propostas" in desk.gisele.get(address).text
    assert desk.sends(number).status_code == 200
    desk.says("aceito a 2")
    assert desk.agreement(number) is not None


def test_a_debt_that_changed_refuses_and_says_so_and_an_erp_that_is_down_only_waits(
    desk: Desk, erp: Erp
) -> None:
    desk.identify()
    number = desk.offer()
    desk.sends(number)
    erp.fault(status=500, times=9)
    desk.says("B")
    agreement = desk.agreement(number)
    assert agreement is not None
    assert (agreement.state, agreement.check_state) == ("accepted", "pending")
    assert agreement.check_error
    assert len(desk.files()) == 1, "no term before the debt is checked"
    erp.post("reset")
    erp.post("sienge-book/day", today="2026-12-15")  # a month later there is more overdue
    with desk.app.app_context():
        from app.debts.agreements import checking
        from app.debts.lookups.models import Snapshot

        for one in db.session.scalars(select(Snapshot).where(Snapshot.state == "queued")):
            one.next_try_at = one.requested_at
        db.session.commit()
        checking.check(agreement.id)
    agreement = desk.agreement(number)
    assert agreement is not None
    assert (agreement.state, agreement.check_state) == ("refused", "changed")
    assert "o contrato mudou" in desk.said()[-1]
    with desk.app.app_context():
        assert [task.kind for task in db.session.scalars(select(FinanceTask))] == ["review"]


def test_three_tries_a_day_and_then_a_person(desk: Desk) -> None:
    desk.pane("/identidade")
    wrong = PROOF[:-2] + f"{(int(PROOF[-2:]) + 1) % 100:02d}"
    for _ in range(3):
        desk.says(wrong)
    assert "identity_failed" in desk.events()
    assert "pessoa da equipe" in desk.said()[-1]
    desk.says(PROOF)
    assert "identity_confirmed" not in desk.events(), "the tries of the day are used up"
    assert desk.pane("/identidade").status_code == 409
    assert "já foi" not in "".join(desk.said())
    assert all("R$" not in text for text in desk.said())


def test_nothing_is_sent_to_who_has_not_proved_themselves_or_is_somebody_else(desk: Desk) -> None:
    number = desk.offer()
    answer = desk.sends(number)
    assert answer.status_code == 409
    assert "confirmou a identidade" in answer.text
    desk.pane("/identidade")
    desk.says("Não sou eu, número errado")
    assert "not_the_holder" in desk.events()
    answer = desk.sends(number)
    assert "não é o titular" in answer.text
    assert all("R$" not in text for text in desk.said())


def test_whom_debts_do_not_concern_finds_no_such_page(
    app: Flask, cast: Cast, login_as: Login, desk: Desk
) -> None:
    desk.identify()
    ana = login_as(cast.ana)
    for path in ("/financeiro/acordos", "/financeiro/tarefas"):
        assert ana.get(path).status_code == 404
        assert desk.gisele.get(path).status_code == 200
    assert ana.get(f"/financeiro/conversas/{desk.talk}/dividas").status_code == 404
