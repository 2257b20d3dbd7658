"""The bodies of the ERP's answers, as its descriptions and the answers that were seen have them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.book import Instalment, Person, Project, Receipt, Sale
from sandbox.sienge.figures import Figures, month_after, reais
from sandbox.sienge.ledger import Ledger

Body = dict[str, Any]
INDEXERS = {"": 1, "INCC-DI": 2, "IPCA": 3, "IGP-M": 4, "CUB": 5}
CONDITIONS = {
    "PM": "Parcelas Mensais", "PI": "Parcelas Intermediárias", "CH": "Chaves", "RE": "Resíduo",
    "RN": "Renegociação", "AT": "Ato", "PS": "Parcelas Semestrais", "AN": "Parcelas Anuais",
}  # fmt: skip


def customer(one: Person) -> Body:
    """A row of `/customers`."""
    company = len(one.document) == 14
    phones = []
    if one.phone:
        phones.append({"number": one.phone.removeprefix("55"), "main": True, "type": "Celular",
                       "note": None, "idd": "55"})  # fmt: skip
    return {
        "id": one.id, "personType": "Jurídica" if company else "Física", "foreigner": "N",
        "internationalId": None, "createdAt": "2023-04-11", "modifiedAt": "2026-10-02",
        "name": one.name, "email": one.email or None,
        "birthDate": one.birth.isoformat() if one.birth else None,
        "cpf": None if company else one.document, "cnpj": one.document if company else None,
        "fantasyName": None, "contactName": None, "clientType": "Cliente",
        "subTypes": [{"id": 2, "description": "Proprietário"}], "phones": phones,
        "addresses": [{"type": "Residencial", "streetName": "RUA DAS FLORES FICTÍCIAS",
                       "number": str(one.id % 900 + 1), "complement": None,
                       "neighborhood": "CENTRO", "cityId": 5208707, "city": "Goiânia",
                       "state": "GO", "zipCode": "00000000", "mail": True}],
        "agents": [], "procurators": [], "spouse": None, "familyIncome": [],
    }  # fmt: skip


def contract(ledger: Ledger, sale: Sale) -> Body:
    """A row of `/sales-contracts`."""
    due = [one.due for one in sale.instalments]
    cancelled = "CANCELADO" in sale.blocks
    return {
        "id": 40_000 + sale.id, "companyId": sale.project.id - 30,
        "internalCompanyId": sale.project.id - 30, "companyName": sale.project.company,
        "enterpriseId": sale.project.id, "internalEnterpriseId": sale.project.id,
        "enterpriseName": sale.project.name, "receivableBillId": sale.id,
        "cancellationPayableBillId": None, "contractDate": sale.signed.isoformat(),
        "issueDate": sale.signed.isoformat(), "accountingDate": sale.signed.isoformat(),
        "expectedDeliveryDate": month_after(max(due), 1).isoformat(), "keysDeliveredAt": None,
        "number": f"VIND-{sale.id}", "externalId": None,
        "correctionType": "A" if sale.term < 36 else "M",
        "situation": "3" if cancelled else "2", "discountType": None, "discountPercentage": 0,
        "value": _double(sale.price), "totalSellingValue": _double(sale.price),
        "cancellationDate": ledger.book.today.isoformat() if cancelled else None,
        "totalCancellationAmount": None, "cancellationReason": None, "proRataIndexer": 0,
        "interestType": "C" if sale.compound else "S",
        "interestPercentage": None if sale.interest is None else float(sale.interest * 100),
        "fineRate": float(sale.fine * 100),
        "lateInterestCalculationType": "M" if sale.daily is None else "D",
        "dailyLateInterestValue": None if sale.daily is None else float(sale.daily),
        "containsRemadeInstallments": _remade(sale),
        "specialClause": "Alienação fiduciária em garantia." if sale.fiduciary else None,
        "salesContractCustomers": _buyers(ledger, sale),
        "salesContractUnits": [{"id": 7_000 + sale.id, "main": True, "name": sale.unit,
                                "participationPercentage": 100.0}],
        "paymentConditions": _conditions(sale), "brokers": [{"id": 77, "main": True}],
        "linkedCommissions": [], "links": [],
    }  # fmt: skip


def bill(ledger: Ledger, sale: Sale, holder: int) -> Body:
    """A row of `/accounts-receivable/receivable-bills`."""
    today = ledger.book.today
    return {
        "customerId": holder, "receivableBillId": sale.id, "documentId": "CT  ",
        "documentNumber": f"VIND-{sale.id}", "issueDate": sale.signed.isoformat(),
        "receivableBillValue": _double(sale.price), "companyId": sale.project.id - 30,
        "defaulting": any(not one.settled and one.due < today for one in sale.instalments),
        "subjudice": "SUBJUDICE" in sale.blocks, "note": ledger.note(sale),
        "payOffDate": None if any(not one.settled for one in sale.instalments) else
        max(r.day for one in sale.instalments for r in one.receipts).isoformat(),
    }  # fmt: skip


def balance(ledger: Ledger, sale: Sale) -> Body:
    """A row of `/current-debit-balance`."""
    lists: dict[str, list[Body]] = {
        "dueInstallments": [], "payableInstallments": [], "paidInstallments": [],
    }  # fmt: skip
    for one in sale.instalments:
        row = _instalment(ledger.figures(sale, one), sale, one)
        if one.receipts:
            paid = {**row, "receipts": [_short(r, n) for n, r in enumerate(one.receipts, 1)]}
            lists["paidInstallments"].append(paid)
        if not one.settled:
            late = one.due < ledger.book.today
            lists["dueInstallments" if late else "payableInstallments"].append(row)
    return {"billReceivableId": sale.id, "documentId": "CT", **lists}


def statement(ledger: Ledger, sales: Sequence[Sale]) -> Body:
    """The row of `/customer-financial-statements`."""
    return {"billsReceivable": [_stated(ledger, sale) for sale in sales]}


def _stated(ledger: Ledger, sale: Sale) -> Body:
    return {
        "billReceivableId": sale.id, "costCenterId": sale.project.id,
        "finePercent": float(sale.fine * 100),
        "interestPercent": None if sale.interest is None else float(sale.interest * 100),
        "documentId": f"VIND-{sale.id}", "documentCode": "CT",
        "subJudice": "SUBJUDICE" in sale.blocks,
        "installments": [
            {"installmentId": one.id, "installmentNumber": one.number,
             "dueDate": one.due.isoformat(), "conditionType": one.kind,
             "originalValue": float(reais(one.original)),
             "currentBalance": float(ledger.figures(sale, one).balance), "interestPercent": 0.0,
             "generatedBillet": one.boleto, "receipts": [_long(r) for r in one.receipts]}
            for one in sale.instalments
        ],
    }  # fmt: skip


def extract(ledger: Ledger, sale: Sale, start: date, end: date) -> Body:
    """A row of the bulk `/customer-extract-history`: what falls due in a window."""
    holder = ledger.people[sale.buyers[0]]
    return {
        "billReceivableId": sale.id,
        "company": {"id": sale.project.id - 30, "name": sale.project.company},
        "costCenter": {"id": sale.project.id, "name": sale.project.name},
        "customer": {"id": holder.id, "name": holder.name, "document": holder.document},
        "emissionDate": sale.signed.isoformat(), "lastRenegotiationDate": None,
        "correctionDate": ledger.book.today.isoformat(), "document": f"CT.VIND-{sale.id}",
        "oldestInstallmentDate": min(one.due for one in sale.instalments).isoformat(),
        "revokedBillReceivableDate": None,
        "units": [{"id": 7_000 + sale.id, "name": sale.unit}],
        "installments": [
            _extracted(ledger, sale, one) for one in sale.instalments if start <= one.due <= end
        ],
    }  # fmt: skip


def _extracted(ledger: Ledger, sale: Sale, one: Instalment) -> Body:
    told = ledger.figures(sale, one)
    situation = "2" if one.settled else "1" if one.receipts else "0"
    return {
        "id": one.id, "annualCorrection": sale.term < 36, "sentToScripturalCharge": one.boleto,
        "paymentTerms": {"id": one.kind, "descrition": CONDITIONS.get(one.kind, one.kind)},
        "baseDate": sale.signed.isoformat(), "originalValue": float(reais(one.original)),
        "dueDate": one.due.isoformat(), "indexerId": INDEXERS.get(sale.index, 1),
        "calculationDate": ledger.book.today.isoformat(),
        "currentBalance": 0.0 if one.settled else float(told.balance - told.additional),
        "currentBalanceWithAddition": float(told.balance), "generatedBillet": one.boleto,
        "installmentSituation": situation, "receipts": [_long(r) for r in one.receipts],
        "installmentNumber": one.number,
    }  # fmt: skip


def enterprise(project: Project) -> Body:
    """A row of `/enterprises`; `adress` is how they write it."""
    return {
        "id": project.id, "name": project.name, "commercialName": project.name,
        "cnpj": project.cnpj, "type": "Empreendimento",
        "adress": f"Avenida Fictícia, {project.id}, {project.city}, CEP 00000-000",
        "creationDate": "2020-01-02", "modificationDate": "2026-01-02",
        "companyId": project.id - 30, "companyName": project.company,
    }  # fmt: skip


def _instalment(told: Figures, sale: Sale, one: Instalment) -> Body:
    base, now = told.index_base, told.index_now
    return {
        "installmentId": one.id, "installmentNumber": one.number, "dueDate": one.due.isoformat(),
        "originalValue": float(reais(one.original)),
        "monetaryCorrectionValue": float(told.adjusted - reais(one.original)),
        "adjustedValue": float(told.adjusted), "additionalValue": float(told.additional),
        "latePaymentInterest": float(told.late_percent), "currentBalance": float(told.balance),
        "conditionType": one.kind, "indexerCode": INDEXERS.get(sale.index, 1),
        "indexerName": sale.index or None, "baseDateOfCorrection": sale.signed.isoformat(),
        "indexerValueBaseDate": float(base) if base else None,
        "indexerValueCalculationDate": float(now) if now else None, "generatedBoleto": one.boleto,
    }  # fmt: skip


def _short(one: Receipt, number: int) -> Body:
    return {
        "receiptId": number, "receiptDate": one.day.isoformat(),
        "receiptValue": float(reais(one.value)), "receiptNetValue": float(reais(one.value)),
        "monetaryCorrectionValue": 0.0, "calculationDate": one.day.isoformat(),
    }  # fmt: skip


def _long(one: Receipt) -> Body:
    return {
        "calculationDate": one.day.isoformat(), "receiptDate": one.day.isoformat(),
        "receiptValue": float(reais(one.value + one.discount)), "interestValue": 0.0,
        "additionalValue": 0.0, "discountValue": float(reais(one.discount)),
        "administrativeFee": 0.0, "netReceiptValue": float(reais(one.value)),
        "receiptType": one.kind, "insuranceAmount": 0.0, "bankMovements": [],
        "accountNumber": "CC-01", "creditDate": one.day.isoformat(),
    }  # fmt: skip


def _buyers(ledger: Ledger, sale: Sale) -> list[Body]:
    share = 100.0 / len(sale.buyers)
    return [
        {"id": number, "name": ledger.people[number].name, "main": place == 0,
         "spouse": place > 0, "participationPercentage": share}
        for place, number in enumerate(sale.buyers)
    ]  # fmt: skip


def _conditions(sale: Sale) -> list[Body]:
    kinds = dict.fromkeys(one.kind for one in sale.instalments)
    return [_condition(sale, kind, place) for place, kind in enumerate(kinds, 1)]


def _condition(sale: Sale, kind: str, place: int) -> Body:
    rows = [one for one in sale.instalments if one.kind == kind]
    still = [one for one in rows if not one.settled]
    assigned = "CREDITO_CEDIDO" in sale.blocks
    return {
        "bearerId": 2 if assigned else 1,
        "bearerName": "Securitizadora Fictícia S.A." if assigned else "Carteira",
        "indexerId": INDEXERS.get(sale.index, 1), "indexerName": sale.index or "REAL",
        "conditionTypeId": kind, "conditionTypeName": CONDITIONS.get(kind, kind),
        "interestType": "P" if sale.plan_rate else "N", "matchMaturities": "N",
        "installmentsNumber": len(rows), "openInstallmentsNumber": len(still),
        "monthsGracePeriod": 0, "firstPayment": min(one.due for one in rows).isoformat(),
        "baseDate": sale.signed.isoformat(), "baseDateInterest": None,
        "totalValue": _double(sum(one.original for one in rows)),
        "outstandingBalance": _double(sum(one.original for one in still)),
        "interestPercentage": float(sale.plan_rate * 100),
        "totalValueInterest": _double(sum(one.original for one in rows)),
        "amountPaid": _double(sum(r.value for one in rows for r in one.receipts)),
        "sequenceId": place,
    }  # fmt: skip


def _remade(sale: Sale) -> bool:
    return any(r.kind == "Reparcelamento" for one in sale.instalments for r in one.receipts)


def _double(cents: int) -> float:
    """As their binary numbers come, now and then with a residue: 341233.7699999997."""
    value = float(Decimal(cents).scaleb(-2))
    return value + 3e-10 if cents % 7 == 0 else value
