"""Who wants no messages: in which words they say so, who may still write, and what is kept."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import AuditEntry
from app.contacts import service
from app.contacts.consent import service as consent
from app.contacts.consent.models import OptOut
from app.contacts.consent.words import is_refusal, is_return
from app.extensions import db
from app.transactions import atomic
from tests.browser_client import as_page
from tests.telling import person


@pytest.mark.parametrize(
    "text",
    [
        "PARAR", "parar.", "Sair", "NÃO QUERO", "nao quero!", "Não quero mais", "Pare!",
        "não quero receber mensagens", "Não quero mais receber essas mensagens, obrigada",
        "Parem de me mandar mensagem", "não me mande mais mensagens", "STOP", "descadastrar",
        "me tira dessa lista", "Por favor, parar",
    ],
)  # fmt: skip
def test_a_clear_refusal_is_understood(text):
    assert is_refusal(text)
    assert not is_return(text)


@pytest.mark.parametrize(
    "text",
    [
        "não quero esse boleto", "o elevador parou", "quando vou sair do SPC?", "pare o carro",
        "quero parar de pagar aluguel", "não quero parcelar", "Oi", "", "parar " * 50,
        "não me mandaram o boleto ainda", "não mandaram", "não enviei",
    ],
)  # fmt: skip
def test_what_is_about_something_else_is_no_refusal(text):
    assert not is_refusal(text)


@pytest.mark.parametrize("text", ["VOLTAR", "voltar a receber", "Quero voltar a receber mensagens"])
def test_they_can_take_it_back(text):
    assert is_return(text)


@pytest.fixture
def contact(context, cast, channel):
    with atomic():
        return service.resolve(channel, "5541987654321", None, "Marina").id


@pytest.fixture
def ana(login_as, cast, contact):
    return as_page(login_as(cast.ana))


def test_staff_keep_an_opt_out_for_one_channel_or_all(ana, contact, channel, cast):
    assert "Todos os canais" in ana.get(f"/contatos/{contact}/recusa").text
    assert consent.may_write_first(contact, channel)
    html = ana.post(f"/contatos/{contact}/recusas", data={"canal": str(channel), "motivo": "Pediu"})
    assert "Não quer receber mensagens nossas" in html.text
    assert "Ana Souza registrou" in html.text
    assert not consent.may_write_first(contact, channel)
    assert consent.may_write_first(contact, channel + 1)
    ana.post(f"/contatos/{contact}/recusas", data={"canal": ""})
    assert not consent.may_write_first(contact, channel + 1)
    assert ana.post(f"/contatos/{contact}/recusas", data={"canal": "999"}).status_code == 404


def test_twice_is_once_and_the_end_is_kept(ana, contact, channel):
    for _ in range(2):
        ana.post(f"/contatos/{contact}/recusas", data={"motivo": "Pediu"})
    kept = db.session.query(OptOut).one()
    html = ana.delete(f"/contatos/{contact}/recusas/{kept.id}").text
    assert "Não quer receber" not in html
    db.session.refresh(kept)
    assert kept.ended_at is not None
    assert consent.may_write_first(contact, channel)
    assert ana.delete(f"/contatos/{contact}/recusas/{kept.id}").status_code == 404
    actions = [e.action for e in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions[-2:] == ["contact.opted_out", "contact.opted_in"]


def test_who_wrote_within_a_day_is_answered_all_the_same(contact, channel, cast):
    consent.set_opt_out(contact, person(cast.ana), "", None)
    now = clock.now()
    assert consent.refusal(contact, channel, now - timedelta(hours=23)) is None
    assert "não receber" in (consent.refusal(contact, channel, now - timedelta(hours=25)) or "")
    assert consent.refusal(contact, channel, None)


def test_the_list_shows_who_wants_none(ana, contact, channel, cast):
    with atomic():
        other = service.resolve(channel, "5541900000001", None, "Outro").id
    consent.set_opt_out(contact, person(cast.ana), "", None)
    refused = ana.get("/contatos?mensagens=nao").text
    assert f'id="contact-row-{contact}"' in refused
    assert "Não quer receber mensagens" in refused
    assert f'id="contact-row-{other}"' not in refused
    assert f'id="contact-row-{contact}"' not in ana.get("/contatos?mensagens=sim").text


def test_the_outsider_keeps_nothing(login_as, cast, contact):
    fabio = as_page(login_as(cast.fabio))
    assert fabio.get(f"/contatos/{contact}/recusa").status_code == 404
    assert fabio.post(f"/contatos/{contact}/recusas").status_code == 403
    assert fabio.delete(f"/contatos/{contact}/recusas/1").status_code == 403
    assert fabio.put(f"/contatos/{contact}/etiquetas/1").status_code == 403
