"""The addresses that are read, and what is kept of each answer: only what a screen needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.integrations.base import IntegrationError
from app.integrations.sienge import client
from app.integrations.sienge.client import Resource
from app.words import N_

REST = "/v1"
CUSTOMERS = Resource(REST + "/customers", N_("Clientes"))
CONTRACTS = Resource(REST + "/sales-contracts", N_("Contratos de venda"))
BILLS = Resource(REST + "/accounts-receivable/receivable-bills", N_("Títulos a receber"))
BALANCE = Resource(REST + "/current-debit-balance", N_("Saldo devedor presente"))
STATEMENT = Resource(REST + "/customer-financial-statements", N_("Extrato do cliente"))
CUSTOMER = Resource(REST + "/customers/{number}", N_("Clientes"))
CONTRACT = Resource(REST + "/sales-contracts/{number}", N_("Contratos de venda"))
SLIP = Resource(REST + "/payment-slip-notification", N_("Segunda via de boletos"))
BALANCE_PDF = Resource(REST + "/current-debit-balance/pdf", N_("Saldo devedor presente"))
STATEMENT_PDF = Resource(REST + "/customer-financial-statements/pdf", N_("Extrato do cliente"))
EXTRACT = Resource(
    "/bulk-data/v1/customer-extract-history", N_("Extratos em massa"), most=256 * 1024 * 1024
)
ENTERPRISE = Resource(REST + "/enterprises/{enterprise_id}", N_("Empreendimentos"))

# Parents, spouse, income and identity cards stay in the ERP.
_OF_CUSTOMER = (
    *("id", "personType", "name", "cpf", "cnpj", "email", "birthDate", "clientType", "subTypes"),
    *("phones", "internationalId", "foreigner", "modifiedAt"),
)
_OF_CONTRACT_NOT = {"brokers", "linkedCommissions", "links"}


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a PDF lies for some minutes, and the line of a boleto."""

    url: str
    line: str = ""


def document(kind: str, subject: str, *, customer_id: int, bill_id: int, instalment: str) -> Paper:
    """The link of a second copy (`boleto`), or of the PDF of `balance` or `statement`."""
    if kind == "boleto":
        query: dict[str, object] = {"billReceivableId": bill_id, "installmentId": instalment}
        answer = client.get(SLIP, subject, query)
    else:
        resource = BALANCE_PDF if kind == "balance" else STATEMENT_PDF
        answer = client.get(resource, subject, {"customerId": customer_id})
    rows = answer.get("results") if isinstance(answer, dict) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    url = str(row.get("urlReport") or row.get("value") or "")
    if not url:
        raise client.unexpected()
    return Paper(url, str(row.get("digitableNumber") or ""))


def customers(document: str, subject: str) -> list[dict[str, Any]]:
    """Every record with this CPF or CNPJ, several where the register has it twice."""
    name = "cpf" if len(document) == 11 else "cnpj"
    rows = client.get_all(CUSTOMERS, subject, {name: document})
    return [kept_of_customer(one) for one in _objects(rows)]


def kept_of_customer(row: Mapping[str, Any]) -> dict[str, Any]:
    """What we keep of a customer."""
    return {name: row.get(name) for name in _OF_CUSTOMER if name in row}


def contracts(customer_id: int, subject: str) -> list[dict[str, Any]]:
    """What a customer bought, alone or with others."""
    rows = client.get_all(CONTRACTS, subject, {"customerId": customer_id})
    return [kept_of_contract(one) for one in _objects(rows)]


def kept_of_contract(row: Mapping[str, Any]) -> dict[str, Any]:
    """A contract without its brokers and commissions."""
    return {name: value for name, value in row.items() if name not in _OF_CONTRACT_NOT}


def contracts_page(offset: int, subject: str) -> tuple[list[dict[str, Any]], bool]:
    """Contracts of the whole company from a place on, and whether there are more."""
    answer = client.get(CONTRACTS, subject, {"limit": client.PAGE, "offset": offset})
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise client.unexpected()
    rows = answer["results"]
    return _objects(rows), bool(rows) and offset + len(rows) < client.count_of(answer)


def extract(start: date, end: date, day: date, subject: str) -> list[dict[str, Any]]:
    """Titles of the whole company with the instalments due in a window, corrected to a day."""
    query = {
        "startDueDate": start.isoformat(),
        "endDueDate": end.isoformat(),
        "correctionDate": day.isoformat(),
    }
    answer = client.get(EXTRACT, subject, query)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise client.unexpected()
    return _objects(answer["data"])


def bills(customer_id: int, subject: str) -> list[dict[str, Any]]:
    """A customer's titles that are not settled, with what was noted on them."""
    return _objects(client.get_all(BILLS, subject, {"customerId": customer_id}))


def balance(document: str, subject: str) -> list[dict[str, Any]]:
    """Every title of a document with its instalments: late, to come and paid."""
    name = "cpf" if len(document) == 11 else "cnpj"
    return _objects(client.get_all(BALANCE, subject, {name: document}))


def statement(customer_id: int, subject: str) -> list[dict[str, Any]]:
    """The titles of a customer's statement, whose receipts say of what kind each is."""
    query = {"customerId": customer_id, "includeSubJudice": "true"}
    found: list[dict[str, Any]] = []
    for row in _objects(client.get_all(STATEMENT, subject, query)):
        told = row.get("billsReceivable")
        found += _objects(told if isinstance(told, list) else [told] if told else [])
    return found


def enterprise(enterprise_id: int, subject: str) -> dict[str, Any] | None:
    """A project and the company that owns it; None where the ERP has none of this number."""
    try:
        row = client.get(ENTERPRISE, subject, enterprise_id=enterprise_id)
    except IntegrationError as error:
        if error.status == 404:
            return None
        raise
    return row if isinstance(row, dict) else None


def _objects(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows that are objects; others say nothing that could be shown."""
    return [one for one in rows if isinstance(one, dict)]
