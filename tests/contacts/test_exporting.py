"""The list as a file: who may take it, what is in it, and that it comes back the same."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.accounts.models import AuditEntry
from app.contacts import listing, service
from app.contacts.consent import service as consent
from app.contacts.consent.models import OptOut
from app.contacts.custom_fields import service as custom_fields
from app.contacts.models import Contact, ContactIdentity
from app.contacts.transfers import exporting, importing, queries, reading, undoing
from app.contacts.transfers.models import ContactExport
from app.exports import making
from app.exports.sheets import csv_text
from app.extensions import db
from app.labels import service as labels
from app.media.storage import storage
from app.transactions import atomic
from tests.browser_client import as_page
from tests.telling import person

EVERYBODY = listing.ContactFilter()


@pytest.fixture
def gisele(login_as, cast, context):
    made = service.create(person(cast.ana), {"name": '=HYPERLINK("x")', "phone": "41 98765-4321",
                          "cpf": "529.982.247-25"})  # fmt: skip
    service.add_phone(made.id, person(cast.ana), "+1 650 253 0000")
    service.create(person(cast.ana), {"name": "João", "email": "joao@exemplo.com"})
    return as_page(login_as(cast.gisele))


def _rows(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_csv_holds_who_passes_the_filter_with_masked_cpf_and_no_formula(gisele, cast):
    assert "2 contatos, todos" in gisele.get("/contatos/exportacoes/nova").text
    rows = _rows(gisele.post("/contatos/exportacoes", data={"q": "hyperlink"}).text)
    assert len(rows) == 2
    found = dict(zip(*rows, strict=True))
    assert found["Nome"] == '\'=HYPERLINK("x")'
    assert (found["Telefone"], found["CPF"]) == ("(41) 98765-4321", "***.982.247-**")
    assert found["Telefone 2"] == "'+1 650-253-0000"
    entry = db.session.query(AuditEntry).filter_by(action="contacts.exported").one()
    assert (entry.actor_id, entry.after["count"]) == (cast.gisele, 1)
    assert entry.after["whole_cpf"] is False


def test_whole_cpfs_are_asked_for_and_recorded(gisele):
    text = gisele.post("/contatos/exportacoes", data={"cpf_inteiro": "1"}).text
    assert "529.982.247-25" in text
    entry = db.session.query(AuditEntry).filter_by(action="contacts.exported").one()
    assert entry.after["whole_cpf"] is True


def test_xlsx_is_made_by_a_worker_and_lasts_a_day(gisele, work):
    answer = gisele.post("/contatos/exportacoes", data={"formato": "xlsx"})
    assert "Preparando" in gisele.get(answer.location).text
    assert gisele.get(answer.location + "/contatos.xlsx").status_code == 409
    work("bulk")
    assert "está pronto" in gisele.get(answer.location).text
    file = gisele.get(answer.location + "/contatos.xlsx")
    rows = [cells for _, cells in reading.rows(file.data)]
    assert [row[0] for row in rows] == ["Nome", "João", '=HYPERLINK("x")']
    clock.shift(timedelta(hours=25))
    assert gisele.get(answer.location + "/contatos.xlsx").status_code == 409
    making.redrive(exporting.KIND)
    made = db.session.get(ContactExport, 1, populate_existing=True)
    assert (made.state, made.content_key) == ("expired", None)
    assert "Exportar de novo" in gisele.get(answer.location).text


def test_nobody_else_fetches_it(gisele, login_as, cast, work, app):
    location = gisele.post("/contatos/exportacoes", data={"formato": "xlsx"}).location
    work("bulk")
    with app.app_context():
        adriana = as_page(login_as(cast.adriana))
        assert adriana.get(location).status_code == 404
        assert adriana.get(location + "/contatos.xlsx").status_code == 404


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).filter(lambda text: text.strip("' \u00a0") and " ".join(text.split()))
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "name": WORDS.map(lambda text: " ".join(text.split())),
            "phones": st.lists(st.integers(0, 9999), max_size=4, unique=True),
            "cpf": st.sampled_from(["", "52998224725", "11144477735", "01234567890"]),
            "email": st.sampled_from(["", "a@b.co", "maria@exemplo.com.br"]),
            "language": st.sampled_from(["pt-BR", "en", "es"]),
            "label": st.booleans(),
            "opted_out": st.booleans(),
            "text": st.one_of(st.just(""), WORDS),
            "number": st.sampled_from(["", "1.234,56", "-7", "0,5", "12.345.678"]),
            "day": st.sampled_from(["", "29/02/2024", "01/01/1980"]),
            "choice": st.sampled_from(["", "Ouro", "Segunda opção"]),
            "checked": st.sampled_from(["", "sim"]),
        }
    ),
    min_size=1, max_size=4,
    unique_by=(lambda one: one["cpf"] or one["name"], lambda one: one["email"] or one["name"]),
)  # fmt: skip


def _snapshot():
    db.session.rollback()
    db.session.expire_all()
    found = {}
    for contact in db.session.query(Contact).filter(Contact.merged_into_id.is_(None)):
        phones = sorted(one.value for one in contact.identities)
        found[(contact.cpf, contact.email, *phones)] = (
            contact.name, contact.language, contact.fields, contact.label_ids,
            consent.opted_out(contact.id) is not None,
        )  # fmt: skip
    return found


def _make(people, by, label, fields):
    used: set[int] = set()
    for one in people:
        numbers = [n for n in one["phones"] if n not in used]
        used.update(numbers)
        phones = [f"(41) 9{n:04d}-{n:04d}" for n in numbers]
        given = {"name": one["name"], "cpf": one["cpf"], "email": one["email"],
                 "language": one["language"], "phone": phones[0] if phones else ""}  # fmt: skip
        if not (phones or one["cpf"] or one["email"]):
            continue
        custom = {
            fields[kind]: one[kind] for kind in ("text", "number", "day", "choice", "checked")
        }
        made = service.create(by, given, custom)
        for phone in phones[1:]:
            service.add_phone(made.id, by, phone)
        if one["label"]:
            service.label(made.id, by, label, on=True)
        if one["opted_out"]:
            consent.set_opt_out(made.id, by, "", None)


def _forget_everybody():
    with atomic():
        for model in (OptOut, ContactIdentity, Contact):
            db.session.query(model).delete()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE, as_xlsx=st.booleans())
def test_what_is_exported_comes_back_the_same(context, cast, people, as_xlsx):
    admin = person(cast.adriana)
    _forget_everybody()
    fields, label = _definitions(admin)
    _make(people, admin, label, fields)
    before = _snapshot()
    lines = exporting.rows(EVERYBODY, whole_cpf=True)
    if as_xlsx:
        with atomic():
            made = exporting.request_xlsx(admin, EVERYBODY, True)
        making.run(exporting.KIND, made.id)
        chunks, _size = making.content_of(exporting.KIND, made.id, admin)
        content = b"".join(chunks)
    else:
        content = "".join(csv_text(lines)).encode()
    _forget_everybody()
    if not before:
        return
    made = importing.upload(admin, "volta.csv", content)
    importing.start(made.id, admin, made.columns, "fill")
    importing.run(made.id)
    assert [row.reason for row in queries.rows_with_reason(made.id)] == []
    assert _snapshot() == before
    undoing.start(made.id, admin)
    undoing.run(made.id)
    assert _snapshot() == {}, "taken back, nobody is left"


def _definitions(admin):
    names = {"text": "Unidade", "number": "Saldo", "day": "Contrato", "choice": "Plano",
             "checked": "VIP"}  # fmt: skip
    known = {field.name: field.id for field in custom_fields.queries.in_use()}
    if not known:
        for kind, name in names.items():
            options = ["Ouro", "Segunda opção"] if kind == "choice" else []
            real = "date" if kind == "day" else kind
            known[name] = custom_fields.create(admin, name, real, options, False, True).id
        labels.create(admin, "Prioritário", "red")
    return {kind: known[name] for kind, name in names.items()}, 1


def test_files_lie_in_the_storage_until_nobody_may_fetch_them(gisele, work, app):
    answer = gisele.post("/contatos/exportacoes", data={"formato": "xlsx"})
    work("bulk")
    made = db.session.query(ContactExport).one()
    assert made.state == "done"
    stored = storage()._path(made.content_key)
    assert stored.stat().st_size == made.content_size
    path = answer.location + "/contatos.xlsx"
    assert gisele.get(path).data == stored.read_bytes()
    made.expires_at = clock.now()
    db.session.commit()
    making.redrive(exporting.KIND)
    assert not stored.exists()
    assert gisele.get(path).status_code == 409
