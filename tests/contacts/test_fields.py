"""Custom fields: admins define them, forms and cards show them, the list is narrowed by them."""

import pytest

from app.accounts.models import AuditEntry
from app.contacts import service
from app.contacts.custom_fields import service as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.contacts.models import Contact
from app.errors import Conflict
from app.extensions import db
from app.labels import service as labels
from app.live import stale_regions
from app.transactions import atomic
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.telling import person


@pytest.fixture
def adriana(login_as, cast, context):
    return as_page(login_as(cast.adriana))


@pytest.fixture
def ana(login_as, cast, context):
    return as_page(login_as(cast.ana))


@pytest.fixture
def fields(context, cast):
    """One field of each type, by its type."""
    admin = person(cast.adriana)
    made = {}
    for kind, name in (("text", "Unidade"), ("number", "Saldo"), ("date", "Contrato"),
                       ("choice", "Plano"), ("checked", "VIP")):  # fmt: skip
        options = ["Ouro", "Prata"] if kind == "choice" else []
        made[kind] = custom_fields.create(admin, name, kind, options, False, True).id
    return made


def _contact(number, name="Marina"):
    with atomic():
        return service.resolve(1, f"55419{number:08d}", None, name).id


def _stored(contact_id):
    db.session.rollback()
    return db.session.get(Contact, contact_id, populate_existing=True)


def _typed(fields, **given):
    return {f"campo-{fields[kind]}": text for kind, text in given.items()}


def test_an_admin_defines_renames_orders_and_archives_fields(adriana, context):
    html = adriana.post("/contatos/campos", data={"nome": "Plano", "tipo": "choice",
                        "opcoes": "Ouro\nPrata", "no_painel": "1"}).text  # fmt: skip
    assert "Ouro, Prata" in html
    plan = db.session.query(ContactField).one()
    adriana.post("/contatos/campos", data={"nome": "Unidade", "tipo": "text"})
    adriana.post(f"/contatos/campos/{plan.id}", data={"nome": "Pacote", "opcao-1": "Dourado",
                 "opcao-2": "Prata", "fora-2": "1", "opcoes": "Bronze"})  # fmt: skip
    db.session.refresh(plan)
    assert plan.name == "Pacote"
    assert [(one["id"], one["name"], one["archived"]) for one in plan.choices] == [
        (1, "Dourado", False), (2, "Prata", True), (3, "Bronze", False)]  # fmt: skip
    html = adriana.post(f"/contatos/campos/{plan.id}/posicao?para=baixo").text
    assert html.index("Unidade") < html.index("Pacote")
    html = adriana.post(f"/contatos/campos/{plan.id}/arquivo").text
    assert "arquivado" in html
    assert "Restaurar Pacote" in html
    adriana.delete(f"/contatos/campos/{plan.id}/arquivo")
    assert {entry.action for entry in db.session.query(AuditEntry)} >= {
        "contact_field.created", "contact_field.edited", "contact_field.moved",
        "contact_field.archived", "contact_field.restored"}  # fmt: skip


def test_two_fields_never_share_a_name(adriana, fields):
    answer = adriana.post("/contatos/campos", data={"nome": "UNIDADE", "tipo": "text"})
    assert answer.status_code == 409
    assert "Já existe" in answer.text
    assert adriana.post("/contatos/campos", data={"nome": "X", "tipo": "choice"}).status_code == 422
    assert adriana.post("/contatos/campos", data={"nome": "X", "tipo": "boa"}).status_code == 422


def test_only_admins_define_fields(login_as, cast, fields):
    gisele = as_page(login_as(cast.gisele))
    assert gisele.get("/contatos/campos").status_code == 404
    assert gisele.post("/contatos/campos", data={"nome": "X", "tipo": "text"}).status_code == 403


def test_values_are_typed_checked_and_kept_by_their_type(ana, fields, cast):
    contact = _contact(1)
    form = ana.get(f"/contatos/{contact}/edicao").text
    assert form.count('name="campo-') == 6  # the check mark has its empty twin
    wrong = _typed(fields, number="doze", date="31/02/2026", text="Bloco B")
    answer = ana.post(f"/contatos/{contact}", data={"name": "Marina", **wrong})
    assert answer.status_code == 422
    for shown in ("Escreva um número", "Esta data não existe", 'value="Bloco B"'):
        assert shown in answer.text
    right = _typed(fields, number="1.234,56", date="20/11/2026", text="Bloco B", choice="Ouro",
                   checked="sim")  # fmt: skip
    html = ana.post(f"/contatos/{contact}", data={"name": "Marina", **right}).text
    for shown in ("1.234,56", "20/11/2026", "Bloco B", "Ouro", "Sim"):
        assert f'<dd class="text-break">{shown}</dd>' in html
    kept = {str(fields["number"]): 1234.56, str(fields["date"]): "2026-11-20",
            str(fields["text"]): "Bloco B", str(fields["choice"]): 1,
            str(fields["checked"]): True}  # fmt: skip
    assert _stored(contact).fields == kept
    ana.post(f"/contatos/{contact}", data={"name": "Marina", **_typed(fields, text="")})
    assert str(fields["text"]) not in _stored(contact).fields
    history = ana.get(f"/contatos/{contact}/historico").text
    assert "<del>Bloco B</del>" in history


def test_a_required_field_is_asked_for_where_people_type(ana, cast, context):
    field = custom_fields.create(person(cast.adriana), "Origem", "text", [], True, True)
    given = {"name": "Nova", "phone": "41 98888-7777"}
    answer = ana.post("/contatos", data={**given, f"campo-{field.id}": ""})
    assert answer.status_code == 422
    assert "Preencha “Origem”." in answer.text
    answer = ana.post("/contatos", data={**given, f"campo-{field.id}": "Feira"})
    assert answer.status_code == 302


def test_a_field_that_changed_makes_every_card_ask_again(ana, fields, cast):
    contact = _contact(1)
    name = f"contact:{contact}"
    shown = ana.get(f"/contatos/{contact}/contexto").text.split('data-version="')[1].split('"')[0]
    assert stale_regions(cast.bruno, {name: shown}) == []
    custom_fields.archive(fields["text"], person(cast.adriana), archived=True)
    assert stale_regions(cast.bruno, {name: shown}) == [name]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"c1": "bloco"}, {1}), ({"c1": "BLOCO c"}, set()), ({"c2de": "1.000"}, {1, 2}),
        ({"c2de": "1.000", "c2ate": "1.300,50"}, {1}), ({"c3de": "01/01/2026"}, {1}),
        ({"c3ate": "31/12/2025"}, {2}), ({"c4": "=1"}, {1}), ({"c4": "=2"}, {2}),
        ({"c5": "=sim"}, {1}), ({"c5": "=nao"}, {2, 3}), ({"c9": "x"}, set()),
        ({"c2de": "abc"}, {1, 2}), ({"c1": "bloco", "c5": "=sim", "q": "marina"}, {1}),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_values(ana, fields, cast, query, found):
    people = [_contact(number) for number in (1, 2, 3)]
    rows = [("Bloco Á", "1.234,56", "20/11/2026", "Ouro", "sim"),
            ("Quadra 7", "2.000", "1/5/2025", "Prata", "")]  # fmt: skip
    for contact, row in zip(people, rows, strict=False):
        custom = dict(zip(fields.values(), row, strict=True))
        service.edit(contact, person(cast.ana), {}, custom)
    html = ana.get("/contatos", query_string=query).text
    assert {n for n in (1, 2, 3) if f'id="contact-row-{people[n - 1]}"' in html} == found


def test_labels_are_put_on_taken_off_and_searched_by(ana, cast, context):
    contact, other = _contact(1), _contact(2)
    vip = labels.create(person(cast.gisele), "Prioritário", "red").id
    html = ana.put(f"/contatos/{contact}/etiquetas/{vip}").text
    assert "Tirar a etiqueta Prioritário" in html
    found = ana.get(f"/contatos?etiqueta={vip}").text
    assert f'id="contact-row-{contact}"' in found
    assert f'id="contact-row-{other}"' not in found
    ana.put(f"/contatos/{contact}/etiquetas/{vip}")
    assert _stored(contact).label_ids == [vip]
    ana.delete(f"/contatos/{contact}/etiquetas/{vip}")
    assert _stored(contact).label_ids == []
    assert ana.put(f"/contatos/{contact}/etiquetas/999").status_code == 404


def test_the_page_costs_the_same_however_much_there_is(ana, fields, cast):
    contact = _contact(1)

    def cost():
        with counted_queries() as counted:
            assert ana.get(f"/contatos/{contact}").status_code == 200
        return counted.total

    cost()
    before = cost()
    vip = labels.create(person(cast.gisele), "Prioritário", "red").id
    service.label(contact, person(cast.ana), vip, on=True)
    service.add_phone(contact, person(cast.ana), "48 3333-4444")
    service.add_note(contact, person(cast.ana), "nota")
    service.merge(contact, _contact(2), person(cast.gisele))
    custom_fields.create(person(cast.adriana), "Outro", "text", [], False, True)
    cost()  # a new label is read once
    assert cost() == before <= 5


def test_sixty_fields_are_enough(context, cast, monkeypatch):
    monkeypatch.setattr(custom_fields, "MOST_FIELDS", 1)
    custom_fields.create(person(cast.adriana), "Um", "text", [], False, True)
    with pytest.raises(Conflict):
        custom_fields.create(person(cast.adriana), "Dois", "text", [], False, True)
