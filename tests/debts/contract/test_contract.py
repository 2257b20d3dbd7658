"""The replaced debt system's four addresses, row by row of its contract."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.accounts import tokens
from app.company import service as company
from app.debts.api import options, reading, rescheduling, service
from app.debts.api.models import ContractLookup
from app.debts.api.reading import Refused
from app.debts.engine.policies import GUICHE
from app.debts.engine.statement.analysis import analyse
from app.debts.engine.statement.contract import Contract, Instalment, Receipt
from app.debts.lookups.terms import Creditor
from app.extensions import db
from portfolio.mandatory import NOT_FOUND, mandatory
from tests.telling import person

SECRET = "segredo-dos-testes"
DAY = date(2026, 11, 27)
BOOK = mandatory(DAY)
LATE, TWO_UNITS, PAID, BLOCKED = 1, 2, 3, 14
CPF = BOOK.person(5000 + LATE).document
DOTTED = f"{CPF[:3]}.{CPF[3:6]}.{CPF[6:9]}-{CPF[9:]}"
BILL, CUSTOMER = BOOK.of_case(LATE)[0].id, 5000 + LATE
NO_DATA = {"mensagem": "Nenhum dado encontrado para o cliente e unidade informados."}
Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(app: Any, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`ask("/consultar", cpf=…)` as the chat flow does; `token=None` for nobody."""
    monkeypatch.setattr(app.config["SETTINGS"], "token_secreto", SECRET)
    client = app.test_client()

    def _ask(path: str, token: str | None = SECRET, raw: str | None = None, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if raw is not None:
            return client.post(path, data=raw, headers=headers)
        return client.post(path, json=body, headers=headers)

    return _ask


@pytest.fixture
def day(erp: Any) -> Any:
    erp.post("sienge-book/day", today=DAY.isoformat())
    at(0)
    return erp


def at(hours: int) -> None:
    """So many hours after this time of the day of the tests."""
    clock.shift(timedelta())
    clock.shift(timedelta(days=(DAY - clock.now().date()).days, hours=hours))


def answered(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json


def test_without_a_token_nothing_is_told(ask: Ask, client: FlaskClient) -> None:
    for path in ("/consultar", "/responder", "/gerar_mensagem", "/reparcelamento"):
        for token in (None, "errado"):
            assert answered(ask(path, token, cpf=DOTTED), 401) == {"erro": "Não autorizado"}
        assert answered(client.get(path), 401) == {"erro": "Não autorizado"}
        assert answered(client.get(path + "/x"), 401) == {"erro": "Não autorizado"}
    known = {"Authorization": f"Bearer {SECRET}"}
    assert client.get("/consultar", headers=known).status_code == 405


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("/consultar", {}, 400, "CPF não fornecido ou JSON inválido"),
        ("/consultar", '"xx"', 400, "CPF não fornecido ou JSON inválido"),
        ("/consultar", "xx", 400, "CPF não fornecido ou JSON inválido"),
        ("/consultar", {"cpf": "123"}, 400, "CPF inválido"),
        ("/consultar", {"cpf": "111.111.111-11"}, 400, "CPF inválido"),
        ("/consultar", {"cpf": [1]}, 400, "CPF inválido"),
        ("/responder", {"cpf": CPF, "opcao": "abc"}, 400, "Opção inválida. Deve ser um número."),
        ("/responder", {"cpf": CPF}, 400, "CPF e opção são obrigatórios."),
        ("/responder", {"cpf": "1", "opcao": 1}, 400, "CPF inválido"),
        ("/responder", {"cpf": CPF, "opcao": 1}, 404, "Nenhuma consulta encontrada para este CPF."),
        ("/responder", {}, 400, "JSON inválido ou não enviado"),
        ("/gerar_mensagem", {"bill_id": 555}, 400, "cliente_id é obrigatório"),
        ("/gerar_mensagem", {"cliente_id": 101}, 400, "bill_id é obrigatório"),
        ("/gerar_mensagem", "{", 400, "JSON inválido ou não enviado"),
        ("/reparcelamento", {"cliente_id": 101, "valor_cliente_rene": 4}, 400,
         "bill_id é obrigatório"),
        ("/reparcelamento", {"bill_id": 5, "valor_cliente_rene": "abc"}, 400,
         "valor_cliente inválido"),
        ("/reparcelamento", {"bill_id": 5, "valor_cliente_rene": 0}, 400,
         "valor_cliente é obrigatório"),
        ("/reparcelamento", {"bill_id": 5, "valor_cliente_rene": None}, 400,
         "valor_cliente é obrigatório"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_its_words(
    ask: Ask, path: str, sent: Any, status: int, said: str
) -> None:
    answer = ask(path, raw=sent) if isinstance(sent, str) else ask(path, **sent)
    assert answered(answer, status) == {"erro": said}


def test_a_cpf_is_looked_up_however_it_is_written_and_sent(day: Any, ask: Ask) -> None:
    found = answered(ask("/consultar", cpf=DOTTED))
    assert found["cliente_id"] == CUSTOMER
    assert "\n1. " in found["mensagem"]
    assert found["mensagem"].endswith(" ")
    raw = f'{{"cpf":"{CPF}"}}'
    for answer in (ask("/consultar", cpf=CPF), ask("/consultar", raw=raw),
                   ask("/consultar", cpf=int(CPF))):  # fmt: skip
        assert answered(answer)["cliente_id"] == CUSTOMER
    nobody = answered(ask("/consultar", cpf=NOT_FOUND), 404)
    assert nobody == {"mensagem": "Cliente não encontrado em nossa base de dados."}


def test_a_unit_is_chosen_from_the_last_look_up(day: Any, ask: Ask) -> None:
    cpf = BOOK.person(5000 + TWO_UNITS).document
    listed = answered(ask("/consultar", cpf=cpf))["mensagem"]
    assert [line[:2] for line in listed.split("\n")[1:]] == ["1.", "2.", "3."]
    second = answered(ask("/responder", cpf=cpf, opcao="2"))
    assert second["cliente_id"] == 5000 + TWO_UNITS
    assert second["mensagem"].startswith("Você selecionou a unidade: ")
    assert second["unidade"]["billReceivableId"] == BOOK.of_case(TWO_UNITS)[1].id
    assert {"id_unidade", "nome_unidade"} <= set(second["unidade"])
    assert ask("/responder", raw=f'{{"cpf":"{cpf}","opcao":1}}').status_code == 200
    for wrong in (0, 9, -1):
        assert answered(ask("/responder", cpf=cpf, opcao=wrong), 400) == {
            "erro": "Opção fora do intervalo válido."
        }


def test_the_summary_speaks_as_brazilians_do(day: Any, ask: Ask) -> None:
    ask("/consultar", cpf=CPF)
    said = answered(ask("/gerar_mensagem", cliente_id=CUSTOMER, bill_id=str(BILL), unidade=7))
    assert "Vencidas: 2 · R$ 2." in said["mensagem"]
    assert "Saldo devedor: R$ " in said["mensagem"]
    assert f"CNPJ {BOOK.of_case(LATE)[0].project.cnpj}" in said["mensagem"]


def test_strangers_and_no_data_look_the_same(day: Any, ask: Ask, app: Any, cast: Any) -> None:
    def both(token: str = SECRET, **which: int) -> list[Any]:
        return [
            answered(ask("/gerar_mensagem", token, **which)),
            answered(ask("/reparcelamento", token, valor_cliente_rene=400, **which)),
        ]

    known = {"cliente_id": CUSTOMER, "bill_id": BILL}
    assert both(**known) == [NO_DATA, NO_DATA]  # a customer of the ERP whom nobody looked up
    ask("/consultar", cpf=CPF)
    assert NO_DATA not in both(**known)
    assert both(cliente_id=CUSTOMER, bill_id=BILL + 10) == [NO_DATA, NO_DATA]
    assert both(cliente_id=CUSTOMER + 1, bill_id=BILL) == [NO_DATA, NO_DATA]
    with app.app_context():
        _token, other = tokens.create(person(cast.adriana), "outro fluxo", ["debts:consult"], None)
        _token, wrong = tokens.create(person(cast.adriana), "métricas", ["metrics:read"], None)
    assert both(other, **known) == [NO_DATA, NO_DATA]  # what another token looked up
    assert ask("/consultar", wrong, cpf=CPF).status_code == 403
    assert answered(ask("/consultar", other, cpf=CPF))["cliente_id"] == CUSTOMER
    assert NO_DATA not in both(other, **known)


def test_the_same_numbers_in_another_company_are_other_people(
    day: Any, ask: Ask, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("/consultar", cpf=CPF)
    monkeypatch.setattr(app.config["SETTINGS"], "sienge_subdomain", "outra")
    assert answered(ask("/gerar_mensagem", cliente_id=CUSTOMER, bill_id=BILL)) == NO_DATA
    assert ask("/responder", cpf=CPF, opcao=1).status_code == 404


def test_after_a_day_it_is_forgotten_and_then_deleted(day: Any, ask: Ask, app: Any) -> None:
    ask("/consultar", cpf=CPF)
    at(hours=25)
    assert answered(ask("/gerar_mensagem", cliente_id=CUSTOMER, bill_id=BILL)) == NO_DATA
    with app.app_context():
        assert db.session.query(ContractLookup).count() == 1
        service.forget_expired()
        assert db.session.query(ContractLookup).count() == 0


def test_an_erp_that_fails_is_never_no_data(day: Any, ask: Ask, app: Any) -> None:
    day.fault(call="GET customers", status=500, times=3)
    failed = answered(ask("/consultar", cpf=CPF), 502)
    assert list(failed) == ["erro"]
    ask("/consultar", cpf=BOOK.person(5000 + TWO_UNITS).document)
    at(hours=2)  # the look-up has aged
    day.fault(call="GET customers", status=500, times=6)
    which = {"cliente_id": 5000 + TWO_UNITS, "bill_id": BOOK.of_case(TWO_UNITS)[0].id}
    for path in ("/gerar_mensagem", "/reparcelamento"):
        assert list(answered(ask(path, valor_cliente_rene=400, **which), 502)) == ["erro"]


def test_three_proposals_and_the_one_that_fits(day: Any, ask: Ask) -> None:
    ask("/consultar", cpf=CPF)
    which = {"cliente_id": CUSTOMER, "bill_id": BILL, "unidade": 7}
    told = answered(ask("/reparcelamento", valor_cliente_rene="1.234,56", **which))
    assert set(told) == {
        "mensagens_proposta_1", "mensagens_proposta_2", "mensagens_proposta_3",
        "mensagem_indicada", "resumo",
    }  # fmt: skip
    assert "à vista" in told["mensagens_proposta_1"]
    assert "Sem juros. CET 0,00%" in told["mensagens_proposta_2"]
    assert "ao mês sobre o principal (SAC)" in told["mensagens_proposta_3"]
    assert told["resumo"]["parcelas_atrasadas"] == 2
    assert (told["resumo"]["politica"], told["resumo"]["estimativa"]) == ("guiche 1", False)
    assert told["resumo"]["opcao_indicada"] == 2
    assert "opção 2" in told["mensagem_indicada"]
    none = answered(ask("/reparcelamento", valor_cliente_rene=10, **which))
    assert none["mensagem_indicada"] is None
    assert answered(ask("/reparcelamento", bill_id=BILL, valor_cliente_rene=10)) == none


def test_where_there_is_nothing_to_propose_a_message_says_so(day: Any, ask: Ask) -> None:
    for case, words in ((PAID, "Está tudo em dia"), (BLOCKED, "atendimento da nossa equipe")):
        ask("/consultar", cpf=BOOK.person(5000 + case).document)
        bill = BOOK.of_case(case)[0].id
        told = answered(ask("/reparcelamento", bill_id=bill, valor_cliente_rene=400))
        assert list(told) == ["mensagem"]
        assert words in told["mensagem"]
    said = answered(ask("/gerar_mensagem", cliente_id=5000 + BLOCKED, bill_id=bill))
    assert "R$" not in said["mensagem"]


def test_legado_is_chosen_by_the_company_and_says_that_it_only_estimates(
    day: Any, ask: Ask, app: Any, cast: Any
) -> None:
    with app.app_context():
        company.change(person(cast.adriana), "debt_contract", {options.POLICY.key: "legado"})
    ask("/consultar", cpf=CPF)
    told = answered(ask("/reparcelamento", bill_id=BILL, valor_cliente_rene=400))
    assert told["resumo"]["estimativa"] is True
    assert told["resumo"]["politica"] == "legado 1"
    assert "não vale como proposta" in told["mensagens_proposta_1"]


def old_case() -> rescheduling.Asked:
    """One paid, three late and five to come of R$ 1.000 each: the contract's own example."""
    rows = [Instalment("0", date(2026, 7, 10), 1000_00, receipts=(Receipt(DAY, 1000_00),),
                       settled=True)]  # fmt: skip
    rows += [Instalment(str(n), date(2026, 8 + n, 10), 1000_00) for n in (0, 1, 2)]
    rows += [Instalment(str(9 + n), date(2027, n, 10), 1000_00) for n in range(1, 6)]
    return rescheduling.Asked(analyse(Contract("1"), rows, DAY), Creditor("", "", ""), 0, DAY)


@pytest.mark.parametrize(
    ("value", "place"),
    [("500", 1), ("400,00", 1), ("1.234,56", 1), (370, 3), (385, 2), (10, None), ("350.5", None)],
)
def test_legado_reckons_as_the_old_system_meant(app: Any, value: Any, place: int | None) -> None:
    asked = old_case()
    monthly = reading.monthly(value)
    told = rescheduling.estimates(rescheduling.Asked(asked.statement, asked.creditor, monthly, DAY))
    resumo = told["resumo"]
    assert [resumo[f"parcelas_{name}"] for name in ("atrasadas", "abertas", "pagas")] == [3, 5, 1]
    assert resumo["saldo_devedor_sem_juros"] == 8000.0
    assert resumo["saldo_devedor_com_juros"] > 8000
    for number, cents in enumerate(("400,00", "380,00", "360,00"), 1):
        assert f"20x de R$ {cents}" in told[f"mensagens_proposta_{number}"]
    assert resumo["opcao_indicada"] == place
    assert (told["mensagem_indicada"] is None) == (place is None)


def test_fewer_proposals_leave_nulls(app: Any) -> None:
    rows = [Instalment("1", date(2026, 10, 10), 45_00)]
    statement = analyse(Contract("1"), rows, DAY)
    told = rescheduling.proposals(
        rescheduling.Asked(statement, Creditor("", "", ""), 100_00, DAY), GUICHE
    )
    assert told["mensagens_proposta_3"] is None
    assert told["mensagens_proposta_1"]


@pytest.mark.parametrize(
    ("value", "cents"),
    [("350.5", 350_50), ("350,50", 350_50), ("1.234,56", 1234_56), (370, 370_00), (350.5, 350_50),
     ("R$ 1.234", 1234_00), (Decimal("0.01"), 1)],
)  # fmt: skip
def test_amounts_are_read_right(value: Any, cents: int) -> None:
    assert reading.monthly(value) == cents


@pytest.mark.parametrize("value", ["abc", "-5", -5, True, [1], 10**12, "1,2,3", float("nan")])
def test_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(Refused, match="inválido"):
        reading.monthly(value)


def test_one_token_asks_only_so_often(ask: Ask, app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(app.config["SETTINGS"], "api_requests_per_second", 3)
    statuses = [ask("/consultar").status_code for _ in range(10)]
    assert 429 in statuses
    refused = next(one for one in (ask("/consultar") for _ in range(10)) if one.status_code == 429)
    assert refused.json == {"erro": "Muitas requisições. Espere um pouco e tente de novo."}


def test_it_is_described_with_the_others(app: Any, client: FlaskClient) -> None:
    described = client.get("/openapi.json").json
    assert described["paths"]["/reparcelamento"]["post"]["security"] == [{"bearer": []}]
