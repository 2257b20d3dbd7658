"""The context pane: what it shows, what it hides, what can be changed there."""

import time

import pytest

from app.accounts.models import AuditEntry, User
from app.contacts import service
from app.contacts.models import Contact, ContactMerge
from app.extensions import current_settings, db
from app.live import stale_regions
from app.transactions import atomic
from tests.browser_client import as_page
from tests.counting import counted_queries


@pytest.fixture
def contact(context, cast):
    """Marina, with a phone, a CPF and a note."""
    with atomic():
        made = service.resolve(1, "5541987654321", None, "Marina <b>Alves</b>")
    ana = db.session.get_one(User, cast.ana)
    service.edit(made.id, ana, {"cpf": "529.982.247-25", "email": "marina@exemplo.com"})
    service.add_note(made.id, ana, "Prefere falar à tarde")
    return made.id


@pytest.fixture
def ana(login_as, cast, contact):
    return as_page(login_as(cast.ana))


@pytest.fixture
def gisele(login_as, cast, contact):
    return as_page(login_as(cast.gisele))


def _stored(contact_id):
    db.session.rollback()
    return db.session.get(Contact, contact_id, populate_existing=True)


def _pane(client, contact, **query):
    return client.get(f"/contatos/{contact}/contexto", query_string=query).get_data(as_text=True)


def test_the_pane_shows_the_contact_with_a_masked_cpf(ana, contact):
    html = _pane(ana, contact, conversa=7)
    for shown in ("***.982.247-**", "(41) 98765-4321", "marina@exemplo.com", "Português",
                  "Prefere falar à tarde", "Marina &lt;b&gt;Alves"):  # fmt: skip
        assert shown in html
    assert "52998224725" not in html
    assert "529.982" not in html
    assert f'data-region="contact:{contact}"' in html
    assert f'data-version="{_stored(contact).version}"' in html


def test_the_pane_costs_the_same_however_much_there_is(ana, contact, cast):
    def cost():
        with counted_queries() as counted:
            _pane(ana, contact)
        return counted.total

    cost()
    before = cost()
    for number in range(5):
        service.add_note(contact, db.session.get_one(User, cast.ana), f"nota {number}")
    assert cost() == before <= 5


def test_the_outsider_finds_nothing(login_as, cast, contact):
    fabio = as_page(login_as(cast.fabio))
    assert fabio.get(f"/contatos/{contact}/contexto").status_code == 404
    assert fabio.post(f"/contatos/{contact}/cpf").status_code == 403
    assert fabio.post(f"/contatos/{contact}/notas", data={"body": "x"}).status_code == 403
    phone = _stored(contact).identities[0].id
    assert fabio.delete(f"/contatos/{contact}/telefones/{phone}").status_code == 403


def test_showing_a_cpf_is_recorded(ana, contact, cast):
    html = ana.post(f"/contatos/{contact}/cpf").get_data(as_text=True)
    assert "529.982.247-25" in html
    entry = db.session.query(AuditEntry).filter_by(action="contact.cpf_shown").one()
    assert (entry.actor_id, entry.entity_id) == (cast.ana, str(contact))


def test_an_edit_is_saved_and_makes_other_panes_stale(ana, contact, cast):
    version = str(_stored(contact).version)
    html = ana.post(f"/contatos/{contact}", data={"name": "Marina Alves", "cpf": ""})
    assert html.status_code == 200
    saved = _stored(contact)
    assert (saved.name, saved.name_is_typed, saved.cpf) == ("Marina Alves", True, "52998224725")
    assert stale_regions(cast.bruno, {f"contact:{contact}": version}) == [f"contact:{contact}"]


def test_what_cannot_be_is_told_beside_its_field(ana, contact):
    answer = ana.post(
        f"/contatos/{contact}",
        data={"name": "", "email": "sem arroba", "cpf": "111.111.111-11", "language": "xx"},
    )
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#contact-edit"
    html = answer.get_data(as_text=True)
    assert html.count("autofocus") == 1
    for sentence in ("Informe um nome", "não parece certo", "CPF não é válido", "dos idiomas"):
        assert sentence in html
    assert _stored(contact).email == "marina@exemplo.com"


def test_the_audit_never_holds_a_whole_cpf(ana, contact):
    ana.post(f"/contatos/{contact}", data={"name": "M", "cpf": "111.444.777-35"})
    for entry in db.session.query(AuditEntry):
        assert "11144477735" not in f"{entry.before}{entry.after}"


def test_a_cpf_can_be_removed(ana, contact):
    ana.post(f"/contatos/{contact}", data={"name": "M", "cpf": "", "cpf_removed": "1"})
    assert _stored(contact).cpf is None


def test_a_typed_phone_is_checked_and_may_be_somebody_elses(ana, contact):
    with atomic():
        service.resolve(1, "5511999998888", None, "João")
    url = f"/contatos/{contact}/telefones"
    assert "Falta o DDD" in ana.post(url, data={"phone": "98765-4321"}).get_data(as_text=True)
    assert "João" in ana.post(url, data={"phone": "(11) 99999-8888"}).get_data(as_text=True)
    assert "já tem" in ana.post(url, data={"phone": "41 8765-4321"}).get_data(as_text=True)
    assert "(48) 3333-4444" in ana.post(url, data={"phone": "48 33334444"}).get_data(as_text=True)


def _last_phone(contact):
    return _stored(contact).identities[-1].id


def test_a_phone_typed_by_mistake_is_taken_back(ana, contact, cast):
    url = f"/contatos/{contact}/telefones"
    assert "Remover o telefone (48)" in ana.post(url, data={"phone": "48 33334444"}).text
    version = str(_stored(contact).version)
    html = ana.delete(f"{url}/{_last_phone(contact)}").text
    assert "(48) 3333-4444" not in html
    assert "(41) 98765-4321" in html
    assert stale_regions(cast.bruno, {f"contact:{contact}": version}) == [f"contact:{contact}"]
    entry = db.session.query(AuditEntry).filter_by(action="contact.phone_removed").one()
    assert (entry.actor_id, entry.before) == (cast.ana, {"phone": "+554833334444"})
    assert "(48) 3333-4444" in ana.post(url, data={"phone": "48 33334444"}).text


def test_the_phone_they_write_from_stays(ana, contact, others):
    url = f"/contatos/{contact}/telefones"
    theirs = _last_phone(contact)
    ana.post(url, data={"phone": "48 33334444"})
    typed = _last_phone(contact)
    assert "Remover o telefone (41)" not in _pane(ana, contact)
    assert ana.delete(f"{url}/{theirs}").status_code == 409
    assert ana.delete(f"/contatos/{others[0]}/telefones/{typed}").status_code == 404
    assert len(_stored(contact).identities) == 2


def test_with_sample_data_a_phone_of_area_00_is_nobody_elses_twice(gisele, contact, monkeypatch):
    monkeypatch.setattr(current_settings(), "fictitious_data", True)
    with atomic():
        service.resolve(1, "5500900010003", None, "Carla")
    answer = gisele.post(f"/contatos/{contact}/telefones", data={"phone": "(00) 90001-0003"})
    assert "do contato Carla" in answer.text
    found = gisele.get(f"/contatos/{contact}/candidatos", query_string={"q": "(00) 90001-0003"})
    assert "Carla" in found.text


def test_a_note_needs_words(ana, contact):
    assert ana.post(f"/contatos/{contact}/notas", data={"body": "  "}).status_code == 422
    html = ana.post(f"/contatos/{contact}/notas", data={"body": "<i>oi</i>"}).get_data(as_text=True)
    assert "&lt;i&gt;oi&lt;/i&gt;" in html
    assert "Ana Souza" in html


@pytest.fixture
def others(contact):
    """Twelve people called Marina Outra."""
    with atomic():
        return [
            service.resolve(1, f"55419{n:08d}", None, f"Marína Outra {n}").id for n in range(12)
        ]


@pytest.mark.parametrize("text", ["marina", "OUTRA mar", "(41) 9 0000-0003", "00000003"])
def test_others_are_found_by_name_or_phone(gisele, contact, others, text):
    html = gisele.get(f"/contatos/{contact}/candidatos", query_string={"q": text})
    assert "Marína Outra" in html.get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "& | !", "':*", "zzz", "\x00", "%"])
def test_odd_searches_find_nothing_and_break_nothing(gisele, contact, others, text):
    answer = gisele.get(f"/contatos/{contact}/candidatos", query_string={"q": text})
    assert answer.status_code == 200
    assert "Juntar" not in answer.get_data(as_text=True)


def test_more_candidates_follow_by_key(gisele, contact, others):
    url = f"/contatos/{contact}/candidatos"
    first = gisele.get(url, query_string={"q": "outra"}).get_data(as_text=True)
    assert first.count("Juntar") == 10
    assert f"depois={others[2]}" in first
    second = gisele.get(url, query_string={"q": "outra", "depois": others[2]})
    assert second.get_data(as_text=True).count("Juntar") == 2


def test_merging_and_undoing_from_the_pane(gisele, contact, others):
    html = gisele.post(f"/contatos/{contact}/juncoes?contato={others[0]}").get_data(as_text=True)
    assert "Juntado com Marína Outra 0" in html
    assert "Marína Outra 0 agora é este contato." in html
    assert "agora é este contato" not in _pane(gisele, contact)
    merge = db.session.query(ContactMerge).one().id
    html = gisele.delete(f"/contatos/juncoes/{merge}?contato={contact}").get_data(as_text=True)
    assert "Juntado com" not in html
    assert _stored(others[0]).merged_into_id is None


def test_attendants_do_not_merge(ana, contact, others):
    assert ana.post(f"/contatos/{contact}/juncoes?contato={others[0]}").status_code == 403
    assert "Juntar com" not in _pane(ana, contact)


@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("marina.alves@mail.exemplo.com.br", True),
        ("a@b.co", True),
        ("a@b", False),
        ("a@b..co", False),
        ("a@.co", False),
        ("a b@c.co", False),
        ("a@" + "b" * 250 + ".co", False),
    ],
)
def test_an_email_needs_a_name_and_a_domain(contact, cast, email, fits):
    ana = db.session.get_one(User, cast.ana)
    try:
        service.edit(contact, ana, {"email": email})
    except service.InvalidContact:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize("email", ["a@" + "." * 20_000 + "@", "a@" + ".a" * 20_000 + "@"])
def test_no_email_keeps_the_house_waiting(contact, cast, email):
    ana = db.session.get_one(User, cast.ana)
    began = time.process_time()
    for text in (email, email[:252] + "@"):
        with pytest.raises(service.InvalidContact):
            service.edit(contact, ana, {"email": text})
    assert time.process_time() - began < 0.5
