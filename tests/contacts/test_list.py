"""The list of contacts: who is found by what, in which order, and how it stays true."""

import pytest

from app.accounts.models import AuditEntry
from app.contacts import service
from app.contacts.models import Contact
from app.extensions import db
from app.live import stale_regions
from app.transactions import atomic
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.telling import person

PEOPLE = (
    ("Conceição D'Ávila", "5541987654321", "conceicao@exemplo.com.br"),
    ("João da Silva", "5511933334444", None),
    ("", "5562999990000", None),
    ("Álvaro Nunes", "5500900010003", "alvaro@exemplo.com.br"),
)


@pytest.fixture
def people(context, cast):
    """Four contacts by the order of PEOPLE."""
    found = []
    for name, phone, email in PEOPLE:
        with atomic():
            contact = service.resolve(1, phone, None, name)
            contact.email = email
        found.append(contact.id)
    service.edit(found[1], person(cast.ana), {"cpf": "529.982.247-25"})
    return found


@pytest.fixture
def ana(login_as, cast, people):
    return as_page(login_as(cast.ana))


def _shown(html):
    return [int(part.split('"')[0]) for part in html.split('id="contact-row-')[1:]]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("conceicao", 0), ("CONCEIÇÃO d'av", 0), ("avila", 0), ("silva joao", 1),
        ("(41) 98765-4321", 0), ("41 8765-4321", 0), ("+55 41 98765 4321", 0), ("7654", 0),
        ("4321", 0), ("98765", 0), ("1193333", 1), ("529.982.247-25", 1), ("52998224725", 1),
        ("alvaro@", 3), ("ALVARO@exemplo.com.br", 3), ("(00) 90001-0003", 3),
    ],
)  # fmt: skip
def test_a_contact_is_found_by(ana, people, text, who):
    assert _shown(ana.get("/contatos", query_string={"q": text}).text) == [people[who]]


@pytest.mark.parametrize("text", ["zzz", "% ", "& | !", "':*", "\x00 ", "123", "@@", "_" * 900])
def test_odd_searches_break_nothing(ana, text):
    answer = ana.get("/contatos", query_string={"q": text})
    assert answer.status_code == 200


def test_by_name_the_nameless_come_last_and_pages_follow_by_key(ana, people, monkeypatch):
    monkeypatch.setattr("app.contacts.listing.ROWS", 2)
    assert _shown(ana.get("/contatos").text) == [people[3], people[2]]
    first = _shown(ana.get("/contatos?ordem=name").text)
    second = _shown(ana.get(f"/contatos/linhas?ordem=name&depois={first[-1]}").text)
    assert first + second == [people[3], people[0], people[1], people[2]]


def test_whoever_was_taken_in_is_listed_no_more(ana, people, cast):
    service.merge(people[0], people[1], person(cast.gisele))
    assert people[1] not in _shown(ana.get("/contatos").text)
    assert ana.get(f"/contatos/{people[1]}").location.endswith(f"/contatos/{people[0]}")


def test_the_list_costs_the_same_however_many_there_are(ana, people, app):
    ana.get("/contatos")
    with counted_queries() as few:
        ana.get("/contatos")
    with atomic():
        for number in range(30):
            service.resolve(1, f"55419{number:08d}", None, "Mais um")
    with counted_queries() as many:
        ana.get("/contatos")
    assert few.total == many.total <= 4


def test_the_list_knows_when_it_is_stale(ana, people, cast):
    html = ana.get("/contatos?q=joao").text
    assert 'data-region="contacts:q=joao"' in html
    version = f"{people[1]}:{db.session.get_one(Contact, people[1]).version}"
    assert stale_regions(cast.bruno, {"contacts:q=joao": version}) == []
    service.edit(people[1], person(cast.ana), {"email": "joao@exemplo.com.br"})
    assert stale_regions(cast.bruno, {"contacts:q=joao": version}) == ["contacts:q=joao"]
    assert stale_regions(cast.fabio, {"contacts:": ""}) == ["contacts:"]


def test_a_contact_is_made_by_hand(ana, cast):
    answer = ana.post("/contatos", data={"name": "Nova", "phone": "(48) 3333-4444"})
    made = db.session.query(Contact).order_by(Contact.id.desc()).first()
    assert answer.location.endswith(f"/contatos/{made.id}")
    assert (made.name, made.name_is_typed) == ("Nova", True)
    page = ana.get(f"/contatos/{made.id}")
    assert "(48) 3333-4444" in page.text
    assert "Criou o contato" in ana.get(f"/contatos/{made.id}/historico").text
    entry = db.session.query(AuditEntry).filter_by(action="contact.created").one()
    assert entry.actor_id == cast.ana


def test_a_double_is_refused_with_the_way_to_the_first(ana, people):
    answer = ana.post("/contatos", data={"name": "X", "phone": "41 8765-4321"})
    assert answer.status_code == 409
    assert f'href="/contatos/{people[0]}"' in answer.text
    answer = ana.post("/contatos", data={"name": "X", "cpf": "529.982.247-25"})
    assert f'href="/contatos/{people[1]}"' in answer.text
    assert db.session.query(Contact).count() == 4


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"name": "X"}, "ao menos um"),
        ({"name": "", "phone": "41 98888-7777"}, "Informe um nome"),
        ({"name": "X", "phone": "98888-7777", "cpf": "1"}, "Falta o DDD"),
        ({"name": "X", "email": "a@"}, "não parece certo"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(ana, given, fault):
    answer = ana.post("/contatos", data=given)
    assert answer.status_code == 422
    assert fault in answer.text
    assert all(f'value="{value}"' in answer.text for value in given.values() if value)


def test_the_outsider_finds_no_contacts(login_as, cast, people):
    fabio = as_page(login_as(cast.fabio))
    for path in ("", "/linhas", "/novo", f"/{people[0]}", f"/{people[0]}/historico"):
        assert fabio.get(f"/contatos{path}").status_code == 404
    assert fabio.post("/contatos", data={"name": "X"}).status_code == 403
