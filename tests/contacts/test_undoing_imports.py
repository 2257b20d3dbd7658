"""An import is taken back: what it made or changed, where nobody else changed it since."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import AuditEntry
from app.contacts import service
from app.contacts.consent import service as consent
from app.contacts.custom_fields import service as custom_fields
from app.contacts.models import Contact, ContactIdentity, ContactNote
from app.contacts.transfers import queries, undoing
from app.contacts.transfers.models import ContactImport
from app.errors import Conflict
from app.extensions import db, redis_client
from app.labels import service as labels
from tests.browser_client import as_page
from tests.contacts.sheets import by_phone, fresh, imported, start, upload
from tests.telling import person, received, tell

HEAD = "nome;fone;cpf;email;obs;etiquetas;não enviar;Saldo\n"
MARINA = "Marina;41987654321;529.982.247-25;m@exemplo.com.br;Prefere tarde;vip;sim;12,5\n"


@pytest.fixture
def gisele(login_as, cast, context):
    labels.create(person(cast.gisele), "VIP", "red")
    custom_fields.create(person(cast.adriana), "Saldo", "number", [], False, True)
    return as_page(login_as(cast.gisele))


def undo(client, made, work):
    answer = client.post(f"/contatos/importacoes/{made.id}/volta")
    assert answer.status_code == 200, answer.text
    work("bulk")
    return fresh(made)


def picture():
    """Everything an import can change."""
    db.session.rollback()
    return [
        (
            one.id, one.name, one.name_is_typed, one.cpf, one.email, one.fields, one.label_ids,
            sorted(db.session.scalars(
                db.select(ContactIdentity.value).where(ContactIdentity.contact_id == one.id))),
            sorted(db.session.scalars(
                db.select(ContactNote.body).where(ContactNote.contact_id == one.id))),
            consent.opted_out(one.id) is not None,
        )
        for one in db.session.query(Contact).order_by(Contact.id).populate_existing()
    ]  # fmt: skip


@pytest.mark.parametrize("known", ["fill", "overwrite"])
def test_everything_is_as_before(gisele, work, cast, known):
    given = {"name": "Da equipe", "phone": "41 98765-4321", "email": "velho@exemplo.com"}
    service.create(person(cast.ana), given)
    before = picture()
    joao = "João;11 3333-4444;;j@exemplo.com;Oi;vip;;3\nJoão 2;11 3333-4444;;;Outra;;;\n"
    made = imported(gisele, work, (HEAD + MARINA + joao).encode(), known)
    assert (made.created, made.updated) == (1, 2)
    assert picture() != before
    made = undo(gisele, made, work)
    assert (made.state, made.undone, made.kept) == ("undone", 3, 0)
    assert picture() == before
    entries = db.session.query(AuditEntry).filter_by(action="contact.removed").all()
    assert [entry.before["name"] for entry in entries] == ["João"]
    assert gisele.post(f"/contatos/importacoes/{made.id}/volta").status_code == 409


def test_what_somebody_changed_or_uses_stays_and_the_report_says_why(
    gisele, work, cast, client, channel
):
    service.create(person(cast.ana), {"name": "Velha", "phone": "41 98765-4321"})
    rows = MARINA + "João;11 3333-4444;;;;;;\nRui;11 3333-5555;;;;;;\nEva;11 3333-6666;;;;;;\n"
    made = imported(gisele, work, (HEAD + rows).encode(), "overwrite")
    service.edit(by_phone("+5541987654321").id, person(cast.ana), {"email": "novo@exemplo.com"})
    service.edit(by_phone("+551133334444").id, person(cast.ana), {"name": "João Silva"})
    tell(client, received("Oi", phone="551133335555"))
    made = undo(gisele, made, work)
    assert (made.undone, made.kept) == (1, 3)
    kept = {row.line: row.reason for row in queries.rows_with_reason(made.id, "kept")}
    assert kept[2] == "Mudado depois, fica como está: e-mail."
    assert kept[3] == "O contato foi mudado depois."
    assert kept[4].startswith(("Já tem conversas", "O contato foi mudado"))
    marina = by_phone("+5541987654321")
    assert (marina.name, marina.email, marina.cpf) == ("Velha", "novo@exemplo.com", None)
    assert db.session.query(Contact).filter_by(name="Eva").count() == 0
    page = gisele.get(f"/contatos/importacoes/{made.id}").text
    assert "Mantidas em CSV" in page
    assert "e-mail." in gisele.get(f"/contatos/importacoes/{made.id}/mantidas.csv").text
    assert "mudado depois" in gisele.get(f"/contatos/importacoes/{made.id}/mantidas").text


def test_only_who_imported_or_an_administrator_and_within_a_week(gisele, work, cast):
    made = imported(gisele, work, (HEAD + MARINA).encode())
    path = f"/contatos/importacoes/{made.id}"
    assert "Desfazer a importação" in gisele.get(path).text
    db.session.query(ContactImport).update({"made_by_id": cast.adriana})
    db.session.commit()
    for page in (path, path + "/andamento"):
        assert "Desfazer a importação" not in gisele.get(page).text
    assert "Quem importou ou um administrador pode desfazer" in gisele.get(path).text
    assert gisele.post(path + "/volta").status_code == 403
    clock.shift(timedelta(days=8))
    with pytest.raises(Conflict, match="Já passaram 7 dias"):
        undoing.start(made.id, person(cast.adriana))
    clock.shift(timedelta())
    undoing.start(made.id, person(cast.adriana))
    work("bulk")
    assert fresh(made).state == "undone"


def test_a_worker_that_dies_takes_nothing_back_twice_and_the_sweep_goes_on(
    gisele, work, monkeypatch
):
    people = "".join(f"Pessoa {n};419{n:08d}\n" for n in range(12))
    made = upload(gisele, b"nome;fone\n" + people.encode())
    start(gisele, made)
    work("bulk")
    assert gisele.post(f"/contatos/importacoes/{made.id}/volta").status_code == 200
    redis_client().flushall()
    one, calls = undoing._one, iter(range(100))

    def dying(*given):
        if next(calls) == 5:
            raise KeyboardInterrupt  # as a kill between two lines
        one(*given)

    monkeypatch.setattr(undoing, "_one", dying)
    with pytest.raises(KeyboardInterrupt):
        undoing.run(made.id)
    monkeypatch.undo()
    assert (fresh(made).undone, fresh(made).state) == (5, "undoing")
    undoing.run(made.id)
    assert (fresh(made).undone, fresh(made).state) == (12, "undone")
    assert db.session.query(Contact).count() == 0
