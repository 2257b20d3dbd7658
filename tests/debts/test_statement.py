"""A contract's statement: what is open, late, soon, paid, and what is wrong in it still told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.debts.engine.charges import LateTerms
from app.debts.engine.correction import IndexSeries, Regime
from app.debts.engine.explanation.charges import explain_line
from app.debts.engine.faults import DebtFault
from app.debts.engine.months import read_month
from app.debts.engine.offer import Ladder, propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.statement.analysis import State, Statement, analyse
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.contract import Block, Category, Contract
from app.debts.engine.statement.lines import Cause, Line, Status
from app.debts.engine.statement.rows import read_rows
from app.debts.engine.warnings import WORDS, Warned

DAY = date(2026, 11, 27)
CONTRACT = Contract("4521", "11222333000181", 120_000_00, date(2024, 1, 10), 48)


def row(due: str, original: str = "1000.00", **more: Any) -> dict[str, Any]:
    return {"id": due, "number": f"{due[5:7]}/48", "due": due, "original": original,
            "kind": "PM", **more}  # fmt: skip


def statement(*rows: Any, contract: Contract = CONTRACT, day: date = DAY) -> Statement:
    instalments, faults = read_rows(rows, contract.id)
    return analyse(contract, instalments, day, faults=faults)


def only(found: Statement) -> Line:
    assert found.faults == ()
    return found.lines[0]


def paid(day: str, value: str, kind: str = "Recebimento") -> dict[str, Any]:
    return {"day": day, "value": value, "type": kind}


def test_every_instalment_stands_somewhere() -> None:
    found = statement(
        row("2026-08-10", receipts=[paid("2026-08-10", "1000.00")], settled=True),
        row("2026-09-10", receipts=[paid("2026-09-15", "0", "Reparcelamento")], settled=True),
        row("2026-10-10"),
        row("2026-11-20"),
        row("2026-12-10"),
        row("2027-01-10"),
    )
    assert [one.status for one in found.lines] == [
        Status.PAID, Status.CLOSED, Status.OVERDUE, Status.OVERDUE, Status.SOON, Status.FUTURE,
    ]  # fmt: skip
    assert found.paid.amount == 1_000_00  # rescheduling is no money
    assert found.state == State.OVERDUE
    assert (found.months_remaining, found.oldest_delay) == (2, 48)
    assert found.next_due is found.lines[4]
    assert [band.sum.count for band in found.bands] == [1, 1, 0, 0, 0, 0]
    assert found.paid_share == Decimal("0.0083")


def test_a_holiday_gives_until_the_next_business_day_and_then_nothing() -> None:
    assert only(statement(row("2026-11-20"), day=date(2026, 11, 23))).status == Status.SOON
    late = only(statement(row("2026-11-20"), day=date(2026, 11, 24)))
    assert (late.status, late.days) == (Status.OVERDUE, 4)  # from the due date itself


def test_carnival_monday_waits_for_ash_wednesday() -> None:
    assert only(statement(row("2026-02-16"), day=date(2026, 2, 18))).fine == 0
    assert only(statement(row("2026-02-16"), day=date(2026, 2, 19))).fine == 20_00


def test_a_part_paid_instalment_owes_the_rest_with_its_charges() -> None:
    line = only(
        statement(
            row(
                "2026-08-10",
                receipts=[
                    paid("2026-08-01", "100.00"),
                    paid("2026-09-09", "200.00"),
                    paid("2026-10-09", "50.00"),
                ],
            )
        )
    )
    # 900,00 × 30 days: 9,00 + 18,00; 173,00 to principal; 727,00 × 30 days: 7,27; 42,73 to it
    assert line.principal == 684_27
    assert line.interest == 11_18  # 49 days on the rest
    assert line.fine == 0
    assert line.part_paid
    assert line.status == Status.OVERDUE
    assert [step.rule for step in explain_line(line)] == [
        "4.5-imputacao", "4.4-multa", "4.4-juros", "4.5-imputacao", "4.4-juros", "4.5-imputacao",
        "4.4-juros", "4.4-juros",
    ]  # fmt: skip


def test_a_part_payment_without_its_receipts_asks_for_the_history() -> None:
    line = only(statement(row("2026-08-10", part_received=True, corrected="640.00")))
    assert (line.principal, line.fine, line.interest) == (640_00, 0, 0)
    assert Warned.NEEDS_HISTORY in line.warnings


SERIES = IndexSeries("IGP-M", {read_month("2023-11") + n: Decimal("-0.20") for n in range(36)})


def test_deflation_never_goes_below_the_nominal_value() -> None:
    contract = replace(CONTRACT, index=SERIES)
    line = only(statement(row("2026-10-10"), contract=contract))
    assert line.principal == 1_000_00
    assert {Warned.FLOOR, Warned.DEFLATION} <= set(line.warnings)
    without = replace(contract, regime=Regime(floor=False))
    assert only(statement(row("2026-10-10"), contract=without)).principal < 1_000_00


GROWING = IndexSeries("INCC-DI", {read_month("2023-11") + n: Decimal("0.50") for n in range(36)})


def test_short_contracts_are_corrected_by_the_year() -> None:
    monthly = only(statement(row("2026-10-10"), contract=replace(CONTRACT, index=GROWING)))
    yearly = only(
        statement(row("2026-10-10"), contract=replace(CONTRACT, index=GROWING, term_months=30))
    )
    assert (len(monthly.factor.months), len(yearly.factor.months)) == (34, 24)
    assert yearly.principal == 1127_16
    assert explain_line(yearly)[0].substituted() == (
        "r(1.000,00 × 1,1271597762) = r(1.127,1597…) = 1.127,16"
    )


def test_an_index_that_is_not_out_yet_is_provisional() -> None:
    found = statement(
        row("2026-10-10"), contract=replace(CONTRACT, index=GROWING), day=date(2027, 3, 1)
    )
    assert Warned.PROVISIONAL in found.warnings
    assert found.last_index_month == read_month("2026-10")


def test_what_was_paid_stays_paid_when_the_rest_is_corrected() -> None:
    contract = replace(CONTRACT, index=GROWING)
    half = only(
        statement(row("2026-12-10", receipts=[paid("2026-03-10", "500.00")]), contract=contract)
    )
    grown = 1_000_00 * Decimal("1.005") ** 26
    rest = (grown.quantize(Decimal(1)) - 500_00) * Decimal("1.005") ** 8
    assert abs(half.principal - rest) < 2


def test_what_the_register_asks_beyond_the_law_is_capped_and_explained() -> None:
    late = LateTerms(fine=Decimal("0.10"), compound=True)
    found = statement(row("2026-10-10", total="1115.00"), contract=replace(CONTRACT, late=late))
    line = only(found)
    assert line.fine == 20_00
    assert line.causes[:2] == (Cause.CAP, Cause.COMPOUND)
    assert line.erp_difference == line.total - 1_115_00
    assert {Warned.FINE_CAPPED, Warned.COMPOUND, Warned.ERP_DIFFERS} <= set(found.warnings)


def test_a_cent_of_difference_needs_no_reason() -> None:
    line = only(statement(row("2026-10-10", total="1035.99")))
    assert (line.total, line.causes) == (1_036_00, ())


def test_without_an_agreed_rate_the_legal_one_holds_for_whole_months() -> None:
    rates = {read_month("2026-01") + n: Decimal("0.5") for n in range(12)}
    contract = replace(CONTRACT, late=LateTerms(interest=None), legal_rates=rates)
    found = statement(row("2026-08-10"), contract=contract)
    assert only(found).interest == 15_00  # three whole months
    assert Warned.LEGAL_REVIEW in found.warnings
    gone = statement(row("2025-08-10"), contract=contract)
    assert gone.faults[0].said() == "Contrato 4521, parcela 08/48: falta a taxa legal de 2025-09"


def test_residues_are_told_by_kind_or_by_size() -> None:
    found = statement(
        row("2026-10-10", "0.37", kind="RE"),
        row("2026-09-10", receipts=[paid("2026-09-10", "990.00")]),
        row("2026-08-10"),
    )
    assert [one.residue for one in found.lines] == [False, True, True]
    assert len(found.residues) == 2


def test_the_regular_monthly_is_the_median_of_the_next_three() -> None:
    found = statement(*(row(f"2027-0{n}-10", f"{n}00.00") for n in (1, 2, 3, 4)))
    assert (found.regular_monthly, found.current_monthly) == (200_00, 200_00)
    over = statement(*(row(f"2025-0{n}-10", f"{n}00.00") for n in (1, 2, 3, 4)))
    assert (over.current_monthly, over.months_remaining) == (None, 0)
    assert over.regular_monthly is not None


def test_agreements_are_counted_by_their_days_and_broken_ones_too() -> None:
    closed = [paid("2025-03-01", "0", "Reparcelamento")]
    again = [paid("2026-02-01", "0", "Reparcelamento")]
    rows = (
        row("2025-01-10", receipts=closed, settled=True),
        row("2025-02-10", receipts=closed, settled=True),
        row("2025-06-10", kind="RN", receipts=again, settled=True),
        row("2026-10-10", kind="RN"),
    )
    found = statement(*rows)
    assert (found.earlier_agreements, found.broken_agreements) == (2, 2)
    early = statement(*rows, day=date(2026, 10, 20))  # eight days after it could be paid
    assert early.broken_agreements == 1


def test_a_tail_of_tiny_instalments_makes_the_term_suspect() -> None:
    body = [row("2026-12-10", "60000.00")]
    tail = replace(CONTRACT, term_months=37)
    assert (
        Warned.SUSPECT_TERM in statement(*body, row("2027-02-10", "5.00"), contract=tail).warnings
    )
    assert Warned.SUSPECT_TERM not in statement(*body, row("2027-02-10", "5000.00")).warnings


def test_a_block_shows_and_stops() -> None:
    found = statement(
        row("2026-10-10"), contract=replace(CONTRACT, blocks=frozenset({Block.LITIGATION}))
    )
    assert found.state == State.BLOCKED
    assert found.sum(Status.OVERDUE).count == 1


# Broken rows


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"due": "2026-02-30"}, "campo vencimento: esta data não existe (2026-02-30)"),
        ({"due": None}, "campo vencimento: falta este campo"),
        ({"due": "0026-02-10"}, "campo vencimento: esta data fica fora de 1970 a 2100"),
        ({"original": "-5"}, "campo valor original: não pode ser negativo (-5)"),
        ({"original": "1e12"}, "campo valor original: passa do limite"),
        ({"original": float("nan")}, "campo valor original: não é um número (nan)"),
        ({"original": True}, "campo valor original: não é um número (True)"),
        ({"base": "2027-01-01"}, "campo data-base: fica depois do vencimento"),
        ({"index_base": "0"}, "campo índice da data-base: um número-índice tem de ser positivo"),
        ({"receipts": "muitos"}, "campo recebimentos: não tem os campos esperados"),
        ({"receipts": [{"value": "1"}]}, "campo data do recebimento: falta este campo"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_still_shows(bad: dict[str, Any], said: str) -> None:
    found = statement({**row("2026-10-10"), **bad}, row("2026-09-10"), None)
    assert [one.instalment.id for one in found.lines] == ["2026-09-10"]
    told = [fault.said() for fault in found.faults]
    assert told[0].startswith(f"Contrato 4521, parcela 10/48, {said}")
    assert told[1] == "Contrato 4521, parcela #3: não tem os campos esperados"


def test_a_missing_index_names_the_contract_and_the_month() -> None:
    holes = IndexSeries("IPCA", {m: v for m, v in GROWING.changes.items() if m % 5})
    found = statement(row("2026-10-10"), contract=replace(CONTRACT, index=holes))
    assert found.lines == ()
    assert found.faults[0].said() == (
        "Contrato 4521, parcela 10/48: falta o índice IPCA de 2024-03"
    )


def test_padded_text_and_repeated_rows_are_read_once() -> None:
    found = statement(row("2026-10-10", kind="PM  "), row("2026-10-10", kind="PM"))
    assert len(found.lines) == 1
    assert only(found).instalment.category == Category.MONTHLY


def test_a_fault_speaks_other_languages() -> None:
    fault = DebtFault("falta este campo", contract="9", field="vencimento")
    words = {"Contrato %(contract)s": "Contract %(contract)s", "campo %(field)s": "field %(field)s",
             "vencimento": "due date", "falta este campo": "this field is missing"}  # fmt: skip
    assert fault.said(lambda text: words.get(text, text)) == (
        "Contract 9, field due date: this field is missing"
    )


# From statement to proposals


def test_bank_money_never_enters_and_keys_only_when_chosen() -> None:
    found = statement(
        row("2026-08-10"),
        row("2026-09-10", "5000.00", kind="CH"),
        row("2026-10-10", "90000.00", kind="FI"),
        row("2027-01-10"),
    )
    assert [line.instalment for line in debt_from(found).lines] == ["08/48"]
    debt = debt_from(found, ["2026-08-10", "2026-09-10", "2027-01-10"])
    assert [(line.keys, line.future) for line in debt.lines] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    with pytest.raises(DebtFault, match="não pode entrar no acordo"):
        debt_from(found, ["2026-10-10"])


def test_the_past_is_read_only() -> None:
    with pytest.raises(DebtFault, match="só para leitura"):
        debt_from(statement(row("2026-08-10")), today=date(2026, 12, 1))


def test_a_statement_leads_to_proposals() -> None:
    found = statement(*(row(f"2026-0{n}-10") for n in range(6, 10)), row("2027-01-10"))
    offer = propose(debt_from(found), GUICHE)
    assert offer.ladder == Ladder.NORMAL
    assert offer.debt.total == found.sum(Status.OVERDUE).amount


def test_settling_early_takes_the_contracts_interest_out() -> None:
    rows = (row("2026-12-27"), row("2027-01-26"))
    assert statement(*rows).settlement().reduction == 0
    dear = replace(CONTRACT, plan_rate=Decimal("0.01"))
    assert statement(*rows, contract=dear).settlement().total == 990_10 + 980_30


def test_every_warning_has_its_words() -> None:
    assert set(WORDS) == set(Warned)
