"""The pages of Financeiro: finding a customer, the statement, blocks, both figures, live."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts.models import AuditEntry
from app.debts.lookups import directory, service
from app.extensions import db
from portfolio.mandatory import NOT_FOUND
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.debts.lookups.test_lookups import document


@pytest.fixture
def fabio(login_as, cast):
    return as_page(login_as(cast.fabio))


@pytest.fixture
def open_case(fabio, erp, work):
    """`open_case(14)`: the customer's page, after the worker has asked the ERP."""

    def _open(case, text=None):
        answer = fabio.post("/financeiro/consultas", data={"q": text or document(case)})
        work("sync")
        return answer.headers["Location"], fabio.get(answer.headers["Location"]).text

    return _open


def test_a_cpf_becomes_a_statement_that_says_what_is_owed(open_case):
    where, html = open_case(1)
    assert document(1) not in where + html
    assert f"***.{document(1)[3:6]}" in html
    for words in (
        "Mariana Duarte Lima",
        "VIND-1010",
        "Com débito vencido",
        "2 parcelas",
        "31 a 60",
    ):
        assert words in html
    assert "data-region=" in html


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (14, ["em litígio", "Nenhuma proposta sai", "Jurídico"]),
        (16, ["O titular faleceu", "Teresa Antunes Lopes", "observação do título"]),
        (18, ["O crédito foi cedido"]),
        (19, ["Com débito vencido"]),
        (32, ["No Sienge:", "teto legal de multa ou juros"]),
        (34, ["mais de um cadastro", "5034 + 5134"]),
        (3, ["Quitado", "Nada vencido."]),
    ],
)
def test_what_is_special_is_said_on_the_page(open_case, case, words):
    _, html = open_case(case)
    assert [one for one in words if one not in html] == []


def test_a_document_that_nobody_has_is_said_neutrally(open_case):
    assert "Sem cadastro no Sienge" in open_case(36, NOT_FOUND)[1]


def test_an_erp_that_is_down_leaves_the_last_look_up_in_sight(app, fabio, erp, open_case, work):
    where, _ = open_case(1)
    erp.fault(status=503, times=50)
    clock.shift(timedelta(minutes=30))
    assert "já têm algum tempo" in fabio.get(where).text
    assert "Consultando o Sienge" in fabio.post(f"{where}/consultas").text
    work("sync")
    html = fabio.get(where).text
    assert "Você vê a consulta de" in html
    assert "VIND-1010" in html
    with app.app_context():
        assert "não respondeu à última" not in (service.why_not_send(document(1)) or "")
    for _ in range(3):
        clock.shift(clock.shifted() + timedelta(minutes=10))
        with app.app_context():
            service.redrive()
        work("sync")
    assert "O Sienge teve uma falha interna." in fabio.get(where).text
    with app.app_context():
        assert "não respondeu à última" in service.why_not_send(document(1))


def test_people_are_found_by_name_unit_contract_and_telephone(app, fabio, erp, work):
    with app.app_context():
        directory.keep_up()
        directory.keep_up()  # once a day
    assert erp.spent() == 6

    def found(text):
        where = fabio.post("/financeiro/consultas", data={"q": text}).headers["Location"]
        return fabio.get(where).text.split("Últimas consultas")[0]

    assert "Otávio Ramos" in found("otavio ram")
    assert "Otávio Ramos" in found("VIND-1080")
    assert "Otávio Ramos" in found("1080")
    assert "Otávio Ramos" in found("(00) 98100-0008")
    assert "Aroeira Comércio" in found("loja 03")
    assert "Ninguém encontrado" in found("zzzzz")


def test_showing_the_whole_document_is_recorded(app, fabio, open_case, cast, login_as):
    where, _ = open_case(25)
    assert "12.ABC.345/01DE-35" in fabio.post(f"{where}/documento").text
    with app.app_context():
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last.action == "debts.document_shown"
    assert login_as(cast.ana).get(where).status_code in (403, 404)
    assert fabio.get("/financeiro/clientes/0123456789abcdef").status_code == 404


def test_a_page_costs_the_same_however_many_contracts(app, fabio, open_case):
    many, _ = open_case(2)
    few, _ = open_case(1)
    with app.app_context():
        fabio.get(few)  # who looks is kept in the session
        with counted_queries() as counted_few:
            fabio.get(few)
        with counted_queries() as counted_many:
            fabio.get(many)
    assert counted_many.total == counted_few.total


def test_broken_rows_are_named_and_the_rest_shows(app, fabio, erp, open_case):
    erp.post("sienge-book/break", bill=1010, installment=13, field="dueDate", value="2026-02-30")
    erp.post("sienge-book/break", bill=1010, installment=14, field="originalValue", value=-5)
    _, html = open_case(1)
    assert "2 linhas do Sienge não puderam ser lidas" in html
    assert "Contrato VIND-1010, parcela 13/38, campo vencimento: esta data não existe" in html
    assert "campo valor original: não pode ser negativo" in html
    assert "12/38" in html
