"""Spreadsheets become contacts: mapped, taken over once, and what is refused can be corrected."""

import csv
import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from app.accounts.models import AuditEntry
from app.contacts import service
from app.contacts.consent import service as consent
from app.contacts.custom_fields import service as custom_fields
from app.contacts.models import Contact, ContactNote
from app.contacts.transfers import importing, queries, reading
from app.contacts.transfers.models import ContactImport, ContactImportRow
from app.errors import GuicheError
from app.extensions import db, redis_client
from app.labels import service as labels
from app.transactions import atomic
from tests.browser_client import as_page
from tests.contacts.sheets import by_phone, fresh, imported, start, upload
from tests.telling import person

SHEET = (
    "Nome;Celular;C.P.F.;E-mail;Observações;Etiquetas;Saldo;Cor\n"
    "Marina Álves;(41) 98765-4321;529.982.247-25;marina@exemplo.com.br;Prefere tarde;vip;"
    "1.234,56;x\n"
    "João;11 3333-4444;;;;;;\n"
    ";98765-4321;;;;;;\n"
    "Sem nada;;;;;;;\n"
    "Conta errada;41 99999-0000;;;;;doze;\n"
)


@pytest.fixture
def gisele(login_as, cast, context):
    labels.create(person(cast.gisele), "VIP", "red")
    custom_fields.create(person(cast.adriana), "Saldo", "number", [], False, True)
    return as_page(login_as(cast.gisele))


def test_columns_are_guessed_and_shown_with_the_first_rows(gisele):
    made = upload(gisele, SHEET.encode())
    assert made.columns == ["name", "phone", "cpf", "email", "note", "labels", "field-1", ""]
    html = gisele.get(f"/contatos/importacoes/{made.id}").text
    assert "Marina Álves" in html
    chosen = [part.split('"')[0] for part in html.split('<option value="') if '" selected' in part]
    assert chosen == ["name", "phone", "cpf", "email", "note", "labels", "field-1"]


def test_rows_become_contacts_and_what_is_wrong_says_why(gisele, work, cast):
    made = imported(gisele, work, SHEET.encode("cp1252"))
    assert (made.state, made.total, made.created, made.refused) == ("done", 5, 2, 3)
    marina = by_phone("+5541987654321")
    assert (marina.name, marina.name_is_typed) == ("Marina Álves", True)
    assert (marina.cpf, marina.email) == ("52998224725", "marina@exemplo.com.br")
    assert marina.fields == {"1": 1234.56}
    assert len(marina.label_ids) == 1
    assert db.session.query(ContactNote).one().body == "Prefere tarde"
    reasons = {row.line: row.reason for row in queries.rows_with_reason(made.id)}
    assert reasons[4] == "Falta o DDD."
    assert reasons[5] == "Falta telefone, CPF ou e-mail."
    assert reasons[6].startswith("Saldo: Escreva um número")
    entry = db.session.query(AuditEntry).filter_by(action="contacts.imported").one()
    assert entry.actor_id == cast.gisele
    assert "Importou contatos" not in gisele.get(f"/contatos/{marina.id}/historico").text
    assert "Criou o contato" in gisele.get(f"/contatos/{marina.id}/historico").text


def test_refused_rows_come_back_with_the_reason_and_are_imported_again(gisele, work):
    made = imported(gisele, work, SHEET.encode())
    file = gisele.get(f"/contatos/importacoes/{made.id}/recusadas.csv")
    assert file.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][-2:] == ["Linha", "Motivo da recusa"]
    assert [row[-2] for row in rows[1:]] == ["4", "5", "6"]
    corrected = file.text.replace("doze", "12").replace(";98765-4321", ";(41) 98888-0000")
    again = imported(gisele, work, corrected.encode())
    assert (again.created, again.refused) == (2, 1)
    sheet = gisele.get(f"/contatos/importacoes/{made.id}/recusadas.xlsx").data
    assert list(reading.rows(sheet))[1][1][-1] == "Falta o DDD."
    assert "Falta o DDD." in gisele.get(f"/contatos/importacoes/{made.id}/recusadas").text


@pytest.mark.parametrize(
    ("known", "state", "name", "email"),
    [
        ("fill", "updated", "Nome da equipe", "velho@exemplo.com"),
        ("overwrite", "updated", "Nome novo", "novo@exemplo.com"),
        ("skip", "skipped", "Nome da equipe", "velho@exemplo.com"),
    ],
)
def test_who_is_there_already_is_filled_in_overwritten_or_skipped(
    gisele, work, cast, known, state, name, email
):
    made = service.create(person(cast.ana), {"name": "Nome da equipe", "phone": "41 98765-4321",
                          "email": "velho@exemplo.com"})  # fmt: skip
    sheet = "nome,telefone,email,cpf\nNome novo,41987654321,novo@exemplo.com,529.982.247-25\n"
    done = imported(gisele, work, sheet.encode(), known)
    assert getattr(done, state) == 1
    db.session.refresh(made)
    assert (made.name, made.email) == (name, email)
    assert made.cpf == (None if known == "skip" else "52998224725")
    again = imported(gisele, work, sheet.encode(), known)
    assert (again.created, again.updated, again.skipped) == (0, 0, 1)


def test_a_name_from_whatsapp_gives_way_to_the_companys(gisele, work):
    with atomic():
        contact = service.resolve(1, "5541987654321", None, "mari ♥")
    imported(gisele, work, b"nome;fone\nMarina Alves;+55 41 98765-4321\n")
    db.session.refresh(contact)
    assert (contact.name, contact.name_is_typed) == ("Marina Alves", True)


def test_one_row_is_never_two_people(gisele, work, cast):
    ana = person(cast.ana)
    service.create(ana, {"name": "Um", "phone": "41 98765-4321"})
    service.create(ana, {"name": "Dois", "phone": "41 3333-4444", "cpf": "529.982.247-25"})
    sheet = (
        "nome;telefone;telefone 2;cpf\nX;41987654321;41 3333-4444;\nY;41987654321;;52998224725\n"
    )
    made = imported(gisele, work, sheet.encode())
    reasons = [row.reason for row in queries.rows_with_reason(made.id)]
    assert reasons[0].startswith("Os telefones são de contatos diferentes")
    assert "o CPF é de outro (Dois)" in reasons[1]
    assert db.session.query(Contact).count() == 2


def test_the_same_person_twice_in_a_file_is_one_contact(gisele, work):
    made = imported(gisele, work, b"nome;fone\nMarina;41987654321\nMarina;41 98765-4321\n")
    assert (made.created, made.skipped) == (1, 1)


def test_who_wants_no_messages_is_kept_and_nobody_is_signed_up_again(gisele, work, cast):
    sheet = "nome;fone;opt-out\nMarina;41987654321;{}\n"
    imported(gisele, work, sheet.format("Sim").encode())
    contact = by_phone("+5541987654321")
    assert consent.opted_out(contact.id).source == "import"
    imported(gisele, work, sheet.format("Não").encode(), "overwrite")
    assert consent.opted_out(contact.id) is not None


def test_a_worker_that_dies_doubles_nothing(gisele, work, monkeypatch):
    made = upload(gisele, b"nome;fone\n" + b"".join(
        f"Pessoa {n};419{n:08d}\n".encode() for n in range(30)))  # fmt: skip
    start(gisele, made)
    taken = importing._take_one
    calls = iter(range(1000))

    def dying(*given, **options):
        if next(calls) == 11:
            raise KeyboardInterrupt  # as a kill between two rows
        return taken(*given, **options)

    monkeypatch.setattr(importing, "_take_one", dying)
    with pytest.raises(KeyboardInterrupt):
        importing.run(made.id)
    assert fresh(made).created == 11
    db.session.query(ContactImport).update({"worked_at": None})
    db.session.commit()
    importing.run(made.id)
    assert (fresh(made).created, fresh(made).state) == (30, "done")
    assert db.session.query(Contact).count() == 30
    importing.run(made.id)
    assert db.session.query(Contact).count() == 30


def test_what_no_worker_is_at_is_woken_again(gisele, work):
    made = upload(gisele, b"nome;fone\nMarina;41987654321\n")
    start(gisele, made)
    redis_client().flushall()
    db.session.query(ContactImport).update({"worked_at": ContactImport.made_at.op("-")(
        db.text("interval '1 minute'"))})  # fmt: skip
    db.session.commit()
    importing.redrive()
    work("bulk")
    assert fresh(made).state == "done"


def test_an_import_is_stopped_and_what_was_done_stays(gisele, work):
    made = upload(gisele, b"nome;fone\nMarina;41987654321\n")
    start(gisele, made)
    assert "Parando" in gisele.post(f"/contatos/importacoes/{made.id}/cancelamento").text
    work("bulk")
    assert (fresh(made).state, fresh(made).created) == ("cancelled", 0)
    assert gisele.post(f"/contatos/importacoes/{made.id}/cancelamento").status_code == 409


def test_columns_must_find_people_and_mean_different_things(gisele):
    made = upload(gisele, SHEET.encode())
    answer = start(gisele, made, **{"coluna-1": "", "coluna-2": "", "coluna-3": ""})
    assert answer.status_code == 422
    assert "telefone, CPF ou e-mail" in answer.text
    assert "mesmo campo" in start(gisele, made, **{"coluna-1": "name"}).text
    start(gisele, made)
    assert start(gisele, made).status_code == 302
    assert db.session.query(AuditEntry).filter_by(action="contacts.import_started").count() == 1


def test_a_file_larger_than_a_webhook_is_taken_and_a_huge_one_refused(gisele, monkeypatch):
    row = b"Marina;41987654321;" + b"x" * 1000 + b"\n"
    assert upload(gisele, b"nome;fone;obs\n" + row * 1500).state == "mapping"
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000)
    answer = gisele.post("/contatos/importacoes", data={
        "arquivo": (io.BytesIO(b"nome;fone\n" + row * 2), "x.csv")})  # fmt: skip
    assert answer.status_code == 413
    answer = gisele.post("/contatos/importacoes", data={})
    assert "Escolha um arquivo" in answer.text


def test_attendants_import_and_export_nothing(login_as, cast, context):
    ana = as_page(login_as(cast.ana))
    for path in ("importacoes", "importacoes/1", "exportacoes/nova", "exportacoes/1",
                 "exportacoes/1/contatos.xlsx", "importacoes/1/recusadas.csv"):  # fmt: skip
        assert ana.get(f"/contatos/{path}").status_code == 404
    assert ana.post("/contatos/importacoes").status_code == 403
    assert ana.post("/contatos/exportacoes").status_code == 403
    assert "Importar" not in ana.get("/contatos").text


# ── Files ──────────────────────────────────────────────────────────────────────────────────────


def _sheet(rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(number, place, cell)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_any_usual_spelling(encoding, delimiter):
    text = delimiter.join(["Nome", "Endereço"]) + "\r\n" + delimiter.join(
        ["João", '"Rua A, 1; fundos\nCasa 2"']) + "\r\n\r\nÚltimo" + delimiter + "x"  # fmt: skip
    rows = list(reading.rows(text.encode(encoding)))
    assert rows == [(1, ["Nome", "Endereço"]), (2, ["João", "Rua A, 1; fundos\nCasa 2"]),
                    (5, ["Último", "x"])]  # fmt: skip


def test_xlsx_is_read_with_numbers_and_days_as_people_write_them():
    day = date(2026, 11, 20)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["a", 5541987654321, 1234.56, True])
    sheet.write_datetime(0, 4, day, book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_string(0, 5, "=1+1")
    book.close()
    assert list(reading.rows(file.getvalue())) == [
        (1, ["a", "5541987654321", "1234,56", "Sim", "20/11/2026", "=1+1"])]  # fmt: skip


def _bomb(content, name="xl/sharedStrings.xml"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\x01\x02", b"PK\x03\x04 broken", b"%PDF-1.7\x00", b"\xff\xfe\x00",
        _bomb(b"0" * (reading.MAX_UNPACKED + 1)), _bomb(b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
        b'a;b\n"' + b"x" * 200_000 + b'";1\n', b"a;b\n" + b"1;" * 200 + b"1\n",
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused_in_words(content):
    with pytest.raises(GuicheError, match=r"\w+ \w+"):
        list(reading.rows(content))


def test_too_many_rows_are_too_many(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(list(reading.rows(b"a\n1\n2\n3\n"))) == 4
    with pytest.raises(GuicheError):
        list(reading.rows(b"a\n1\n2\n3\n4\n"))


def test_rows_of_old_imports_are_forgotten(gisele, work):
    made = imported(gisele, work, b"nome;fone\nMarina;41987654321\n")
    importing.forget_old(90)
    assert db.session.query(ContactImportRow).count() == 1
    importing.forget_old(-1)
    assert db.session.query(ContactImportRow).count() == 0
    assert fresh(made).created == 1
