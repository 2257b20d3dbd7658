"""After the acceptance: payments, reminders, breach; tasks done and undone; Octadesk; the bot."""

from collections.abc import Callable
from datetime import date

import pytest
import requests
from sqlalchemy import select

from app.company import service as company
from app.contacts.models import Contact
from app.debts.agreements import following, octadesk
from app.debts.agreements.models import AgreementEvent, FinanceTask, OfferSending
from app.debts.agreements.saying import wording
from app.debts.engine.writing import brl
from app.extensions import db
from tests.debts.agreements.conftest import HOLDER, PROOF, Desk
from tests.debts.lookups.conftest import Erp
from tests.telling import person

pytestmark = [pytest.mark.usefixtures("channel")]


@pytest.fixture
def agreed(desk: Desk) -> int:
    """The id of an agreement over option B, checked."""
    desk.identify()
    number = desk.offer()
    desk.sends(number)
    desk.says("B")
    made = desk.agreement(number)
    assert made is not None
    assert made.check_state == "confirmed"
    return made.id


def kinds(desk: Desk) -> list[str]:
    """What happened to agreements."""
    with desk.app.app_context():
        events = select(AgreementEvent).order_by(AgreementEvent.id)
        return [event.kind for event in db.session.scalars(events)]


def looked_at(desk: Desk, agreement: int) -> str:
    """Its state after the worker looked at it."""
    with desk.app.app_context():
        following.look_at(agreement)
        return following.db.session.get_one(following.Agreement, agreement).state


def test_it_is_effective_with_its_entry_reminds_asks_warns_and_breaks(
    desk: Desk, agreed: int, tomorrow: Callable[[int], date]
) -> None:
    with desk.app.app_context():
        rows = following.payments_of(agreed)
        entry, first = rows[0], rows[1]
    page = f"/financeiro/acordos/{agreed}"
    assert looked_at(desk, agreed) == "accepted"
    answer = desk.gisele.post(
        f"{page}/pagamentos/0", data={"pago_em": "2026-11-23", "valor": brl(entry.amount)}
    )
    assert "Efetivado" in answer.text
    start = date(2026, 11, 23)
    for days, kind in (
        ((first.due - start).days - 3, "reminded"),
        ((first.payable_until - start).days + 4, "chased"),
        ((first.payable_until - start).days + 10, "noticed"),
    ):
        tomorrow(days)
        looked_at(desk, agreed)
        assert any(one.startswith(kind) for one in kinds(desk)), kind
        before = len(kinds(desk))
        looked_at(desk, agreed)
        assert len(kinds(desk)) == before, "once"
    tomorrow((first.payable_until - start).days + 11)
    assert looked_at(desk, agreed) == "broken"
    tasks = desk.gisele.get("/financeiro/tarefas").text
    assert "Desfazer o acordo no Sienge" in tasks
    assert brl(entry.amount) in tasks
    text = desk.gisele.get(page).text
    assert "Quebrado" in text


def test_without_its_entry_it_expires_and_an_old_offer_too(
    desk: Desk, agreed: int, tomorrow: Callable[[int], date]
) -> None:
    tomorrow(20)
    assert looked_at(desk, agreed) == "expired"
    with desk.app.app_context():
        following.expire_offers()


def test_a_task_is_done_with_the_title_of_the_erp_and_undone_and_a_document_is_attached(
    desk: Desk, agreed: int
) -> None:
    with desk.app.app_context():
        task = db.session.scalars(select(FinanceTask)).one()
    done = desk.gisele.post(f"/financeiro/tarefas/{task.id}/conclusao", data={"titulo": "1999"})
    assert "Nada a fazer" in done.text
    back = desk.gisele.delete(f"/financeiro/tarefas/{task.id}/conclusao")
    assert "Lançar no Sienge" in back.text
    before = len(desk.said())
    page = desk.gisele.post(
        f"/financeiro/acordos/{agreed}/documentos",
        data={"parcela": "0", "linha": "34191.79001 01043.510047", "avisar": "1"},
    )
    assert "34191.79001" in page.text
    assert len(desk.said()) == before + 1
    cancelled = desk.gisele.post(
        f"/financeiro/acordos/{agreed}/cancelamento", data={"motivo": "O cliente desistiu"}
    )
    assert "Cancelado" in cancelled.text


def test_octadesk_gets_the_link_alone_once_and_what_may_have_left_waits_for_a_person(
    desk: Desk, erp: Erp, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = desk.app.config["SETTINGS"]
    monkeypatch.setattr(settings, "octadesk_url", f"{erp.address}/octadesk")
    monkeypatch.setattr(settings, "octadesk_api_key", "OCTA-DEMO")
    number = desk.offer()
    with desk.app.app_context():
        given = {"octadesk_origin": "+551140000000", "octadesk_template": "atendimento_titular"}
        company.change(person(desk.cast.gisele), octadesk.SECTION.key, given)
    erp.post("faults", vendor="octadesk", call="POST", status=500, accepted=True, times=1)
    form = {"por": "octadesk", "telefone": "(00) 90001-0001"}
    answer = desk.gisele.post(f"/financeiro/ofertas/{number}/envios", data=form)
    assert answer.status_code == 200, answer.text
    desk.work("sync")
    page = desk.gisele.get(f"/financeiro/ofertas/{number}/envio").text
    assert "Envio incerto" in page
    assert desk.offered(number).state == "approved"
    with desk.app.app_context():
        row = db.session.scalars(select(OfferSending)).one()
    desk.gisele.post(f"/financeiro/envios/{row.id}/tentativas")
    desk.work("sync")
    assert desk.offered(number).state == "sent"
    sent = requests.get(f"{erp.address}/octadesk-records/messages", timeout=5).json()
    assert sent
    assert "/proposta/" in sent[-1]["body"]
    assert not any("R$" in one["body"] for one in sent)


def test_the_bot_goes_by_numbers_from_the_document_to_the_proposals(desk: Desk) -> None:
    with desk.app.app_context():
        given = company.present(wording.SECTION)
        kept = {key: str(value) for key, value in given.items()}
        kept |= {"debt_bot": "1", "debt_bot_person": str(desk.cast.gisele)}
        company.change(person(desk.cast.gisele), wording.SECTION.key, kept)
        version = following.db.session.scalar(select(Contact.version))
        assert version
        db.session.scalars(select(Contact)).one().cpf = None
        db.session.commit()
    owner = desk.gisele.get(f"/conversas/{desk.talk}").text
    assert owner
    with desk.app.app_context():
        from app.conversations import service

        talk = service.locked(desk.talk)
        seen = talk.owner_version
        db.session.rollback()
        service.return_to_bot(desk.talk, person(desk.cast.gisele), seen)
    desk.says("quero renegociar minhas parcelas")
    assert "digite o CPF" in desk.said()[-1]
    desk.says(HOLDER.document)
    assert "dia e o mês do seu nascimento" in desk.said()[-1]
    assert "R$" not in "".join(desk.said())
    desk.says(PROOF)
    summary = desk.said()[-1]
    assert "Total vencido hoje: R$" in summary
    assert "Responda SIM" in summary
    desk.says("sim")
    desk.work()
    assert any("A) À vista" in text for text in desk.said())
