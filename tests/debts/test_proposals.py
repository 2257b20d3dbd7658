"""The three proposals: what always holds, what never happens, and who may grant them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.debts.engine import legacy
from app.debts.engine.affordability import payer_warnings
from app.debts.engine.approval import Level, may_grant, needed
from app.debts.engine.debt import Debt, capacity
from app.debts.engine.disclosure import Creditor, disclose
from app.debts.engine.distinctness import Problem, problems
from app.debts.engine.explanation.proposals import explain_instalment, explain_proposal
from app.debts.engine.explanation.steps import Unit
from app.debts.engine.faults import DebtFault
from app.debts.engine.freezing import content_hash
from app.debts.engine.guardrails import Breach, Context, breaches
from app.debts.engine.money import share
from app.debts.engine.offer import Ladder, Offer, indicated, propose
from app.debts.engine.plans import Method
from app.debts.engine.policies import GUICHE, Mode, read_policy, written_policy
from app.debts.engine.proposals import Frame, Proposal, Terms, compose
from app.debts.engine.rules import RULES, Kind
from app.debts.engine.statement.contract import Block
from app.debts.engine.warnings import Warned
from tests.debts import reference
from tests.debts.debts import as_reference, debts, in_fractions, owing

lean = settings(max_examples=80, deadline=None)
FRAME = Frame(date(2026, 11, 27), 10)
WHO = Creditor("Aroeiras SPE Ltda.", "11222333000181", "Rua A, 1", "contato@exemplo.com.br")
AROUND = Context(date(2026, 11, 27), FRAME, WHO)
USUAL = owing(
    (152_035, 96), (151_520, 66), (151_000, 35),
    months_remaining=28, current_instalment=151_000, future_monthlies=28,
)  # fmt: skip


def broken(proposal: Proposal, debt: Debt = USUAL, context: Context = AROUND) -> set[str]:
    return {one.rule for one in breaches(proposal, debt, GUICHE, context)}


def of(offer: Offer, letter: str) -> Proposal:
    found = offer.of(letter)
    assert found is not None
    return found


A, B, C = propose(USUAL, GUICHE, FRAME).proposals


# Every set


@given(debts())
@lean
def test_the_set_is_the_reference(debt: Debt) -> None:
    offer = propose(debt, GUICHE)
    ladder, wanted = reference.proposals(as_reference(debt), in_fractions(GUICHE))
    assert str(offer.ladder) == ladder
    assert [
        (one.letter, one.entry, len(one.lines), one.total, one.first, one.last)
        for one in offer.proposals
    ] == [
        (
            one["tipo"], one["entrada"] * 100, one["n"], one["total"] * 100,
            *(one.get(key) and one[key] * 100 for key in ("parcela", "ultima")),
        )
        for one in wanted
    ]  # fmt: skip


@given(debts())
@lean
def test_no_proposal_is_dominated_or_like_another(debt: Debt) -> None:
    assert problems(propose(debt, GUICHE).proposals, debt.total) == ()


@given(debts())
@lean
def test_discount_falls_and_term_rises_from_a_to_c(debt: Debt) -> None:
    made = propose(debt, GUICHE).proposals
    for one, other in pairwise(made):
        assert one.discount >= other.discount
        assert len(one.lines) <= len(other.lines)
        assert one.total <= other.total
        assert one.entry >= other.entry


@given(debts())
@lean
def test_every_sum_is_exact_to_the_cent(debt: Debt) -> None:
    for one in propose(debt, GUICHE, FRAME).proposals:
        assert one.base + one.discount == debt.total
        assert one.entry + one.financed == one.base
        assert sum(line.principal for line in one.lines) == one.financed_principal
        assert sum(line.charges for line in one.lines) == one.financed_charges
        assert one.entry + sum(line.payment for line in one.lines) == one.total
        assert one.total == one.base + one.plan_interest
        assert all(min(line.payment, line.principal, line.charges) >= 0 for line in one.lines)
        assert not one.lines or one.lines[-1].balance == 0
        assert one.entry_to_interest + one.entry_to_fine + one.entry_to_principal == one.entry


@given(debts())
@lean
def test_no_proposal_is_worse_than_the_debt_or_breaks_a_guardrail(debt: Debt) -> None:
    for one in propose(debt, GUICHE, FRAME).proposals:
        assert one.base <= debt.total
        assert breaches(one, debt, GUICHE, AROUND) == ()
        # The plan's interest never passes 1 % a month of what the plan leaves open.
        assert one.plan_interest <= debt.total * len(one.lines) // 100 + len(one.lines)


@given(debts())
@lean
def test_the_same_debt_gives_the_same_set(debt: Debt) -> None:
    first, again = propose(debt, GUICHE, FRAME), propose(debt, GUICHE, FRAME)
    assert first == again
    for one, other in zip(first.proposals, again.proposals, strict=True):
        assert content_hash(one, debt, GUICHE) == content_hash(other, debt, GUICHE)


@given(debts(), st.integers(1, 4))
@lean
def test_who_broke_agreements_pays_no_less_at_the_start(debt: Debt, more: int) -> None:
    worse = replace(debt, broken_agreements=debt.broken_agreements + more)
    one, other = propose(debt, GUICHE), propose(worse, GUICHE)
    if one.ladder == other.ladder == Ladder.NORMAL:
        assert of(other, "B").entry >= of(one, "B").entry


@given(debts())
@lean
def test_instalments_follow_the_entry_month_by_month(debt: Debt) -> None:
    for one in propose(debt, GUICHE, FRAME).proposals:
        dues = [line.due for line in one.lines if line.due]
        assert dues == sorted(dues)
        assert all(
            line.payable_until and line.due and reference.until(line.due) == line.payable_until
            for line in one.lines
        )
        if one.lines and one.terms.mode == Mode.NEW_PLAN and not one.terms.small:
            assert one.valid_until is not None
            assert dues[0] - one.valid_until >= timedelta(days=20)


# Small debts


@pytest.mark.parametrize(
    ("principal", "future", "ladder", "letters", "notes"),
    [
        (9_00, 0, Ladder.NEGLIGIBLE, "", ("negligible",)),
        (20_00, 0, Ladder.SMALL, "AC", ("below_minimum",)),
        (20_00, 5, Ladder.SMALL, "AC", ("below_minimum",)),
        (185_00, 5, Ladder.SMALL, "ABC", ()),
        (185_00, 0, Ladder.SMALL, "ABC", ()),
        (2_000_00, 0, Ladder.NORMAL, "ABC", ()),
    ],
)
def test_small_debts_climb_a_ladder_of_their_own(
    principal: int, future: int, ladder: Ladder, letters: str, notes: tuple[str, ...]
) -> None:
    offer = propose(owing((principal, 40), future_monthlies=future), GUICHE, FRAME)
    assert offer.ladder == ladder
    assert "".join(one.letter for one in offer.proposals) == letters
    assert offer.notes == notes


def test_a_small_debt_is_spread_over_the_next_monthlies_or_paid_in_thirty_days() -> None:
    dues = tuple(date(2026, month, 10) for month in (12,)) + (date(2027, 1, 10), date(2027, 2, 10))
    spread = of(
        propose(owing((185_00, 40), future_monthlies=3, future_due=dues), GUICHE, FRAME), "C"
    )
    assert [line.due for line in spread.lines] == list(dues)
    single = of(propose(owing((185_00, 40)), GUICHE, FRAME), "C")
    assert [line.due for line in single.lines] == [FRAME.issued + timedelta(days=30)]


def test_nothing_overdue_means_nothing_to_propose() -> None:
    assert propose(owing(), GUICHE).notes == ("nothing",)


# What is known of the payer


def test_capacity_is_the_least_of_what_is_known() -> None:
    half = Decimal("0.5")
    known = {"current_instalment": 1_000_00, "income": 4_000_00}
    assert capacity(owing((1, 1)), half, half) is None
    assert capacity(owing((1, 1), current_instalment=1_000_00), half, half) == 500_00
    assert capacity(owing((1, 1), **known), half, Decimal("0.3")) == 200_00
    assert capacity(owing((1, 1), income=100), half, half) == 50


def test_a_low_capacity_lengthens_the_plan_and_says_so_when_that_is_not_enough() -> None:
    longer = of(propose(replace(USUAL, current_instalment=280_00), GUICHE), "C")
    assert 36 < len(longer.lines) <= 40
    poor = replace(USUAL, income=2_200_00)
    assert payer_warnings(of(propose(poor, GUICHE), "C"), poor) == (
        Warned.ABOVE_CAPACITY,
        Warned.SUBSISTENCE,
    )
    assert payer_warnings(C, USUAL) == ()


def test_the_indicated_proposal_has_the_highest_instalment_that_fits() -> None:
    three = propose(USUAL, GUICHE).proposals
    assert indicated(three, 100_000_00) == three[0]
    assert indicated(three, 700_00) == three[1]
    assert indicated(three, 200_00) == three[2]
    assert indicated(three, 50_00) is None


# Settings of a company


def test_settings_that_make_two_alike_are_moved_apart_or_told() -> None:
    odd = read_policy({"C": {"entrada": "0.20", "desc_multa": "0.5", "desc_juros": "0.5",
                             "taxa_mes": "0.001", "metodo": "GAUSS", "n_alvo": 6}})  # fmt: skip
    offer = propose(USUAL, odd)
    assert offer.notes == ("moved",)
    assert len(of(offer, "C").lines) == 7
    assert problems(offer.proposals, USUAL.total) == ()
    free = replace(odd, C=replace(odd.C, taxa_mes=Decimal(0)))
    assert propose(USUAL, free).notes == ("moved", "dropped")
    worse = read_policy({"A": {"desc_multa": "0", "desc_juros": "0"}, "B": {"entrada": "0.5"}})
    assert Problem.DISORDERED in problems(propose(USUAL, worse).proposals, USUAL.total)


def test_a_policy_may_spread_over_the_monthlies_to_come() -> None:
    policy = read_policy({"C": {"modo": "diluir"}})
    dues = tuple(date(2026 + (11 + n) // 12, (11 + n) % 12 + 1, 10) for n in range(28))
    spread = of(propose(replace(USUAL, future_due=dues), policy, FRAME), "C")
    assert spread.terms.mode == Mode.SPREAD
    assert [line.due for line in spread.lines] == list(dues[: len(spread.lines)])


def test_a_contract_with_a_lower_rate_lowers_the_plan_too() -> None:
    cheap = replace(USUAL, contract_rate=Decimal("0.005"))
    assert of(propose(cheap, GUICHE), "C").terms.rate == Decimal("0.005")


def test_a_policy_reads_and_writes_itself_and_any_change_shows() -> None:
    assert read_policy(written_policy(GUICHE)) == GUICHE
    other = read_policy({"B": {"n_max": 10}})
    assert other.B.entrada == GUICHE.B.entrada
    assert other.fingerprint != GUICHE.fingerprint


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"multa": "-1"}, "multa"),
        ({"parcela_minima": "0"}, "parcela_minima"),
        ({"C": {"metodo": "SACRE"}}, "metodo"),
        ({"C": {"n_max": "3.5"}}, "n_max"),
        ({"C": {"juros_sobre": "total"}}, "juros_sobre"),
        ({"desconto_total": "1"}, "desconto_total"),
        ({"B": 7}, "B"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_by_its_field(given: dict, field: str) -> None:
    with pytest.raises(DebtFault) as refused:
        read_policy(given)
    assert refused.value.field == field


# Guardrails, by hand


def by_hand(**changed: object) -> Proposal:
    terms = Terms("C", Mode.NEW_PLAN, Decimal(0), Decimal(0), entry=236_80, count=24,
                  method=Method.SAC, rate=Decimal("0.01"))  # fmt: skip
    return compose(USUAL, replace(terms, **changed), GUICHE, FRAME)  # type: ignore[arg-type]


def test_what_the_rules_make_breaks_nothing() -> None:
    assert [broken(one) for one in (A, B, C, by_hand())] == [set()] * 4


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"count": 60}, {"G1", "G2"}),
        ({"count": 41, "rate": Decimal(0), "method": Method.EQUAL}, {"G2"}),
        ({"count": 36, "grace": 6}, {"G2"}),
        ({"rate": Decimal("0.02")}, {"G3"}),
        ({"method": Method.PRICE}, {"4.6-price"}),
        ({"principal_discount": Decimal("0.01")}, {"G5"}),
    ],
)
def test_a_hand_made_proposal_is_held_to_the_guardrails(changed: dict, rules: set[str]) -> None:
    assert broken(by_hand(**changed)) == rules


def test_grace_earns_no_more_than_the_rate() -> None:
    waited = by_hand(grace=3, grace_interest=True)
    assert sum(line.grace_interest for line in waited.lines) == share(
        waited.financed_principal, Decimal("0.03")
    )
    assert waited.lines[0].due == date(2027, 4, 10)
    assert broken(waited) == set()


def test_a_proposal_whose_figures_were_changed_is_found_out() -> None:
    line = replace(C.lines[0], interest=C.lines[0].interest + 1_00, principal=1)
    assert broken(replace(C, lines=(line, *C.lines[1:]))) == {"G4"}
    assert "G3" in broken(replace(C, base=USUAL.total + 1))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"creditor": Creditor()}, "G6"),
        ({"blocks": frozenset({Block.LITIGATION})}, "G8"),
        ({"blocks": frozenset({Block.NOTIFIED})}, "G8"),
        ({"active_agreement": True}, "G9"),
        ({"today": date(2026, 12, 20)}, "G9"),
    ],
)
def test_what_is_true_around_a_proposal_may_stop_it(changed: dict, rule: str) -> None:
    assert broken(B, context=replace(AROUND, **changed)) == {rule}


def test_the_legal_role_takes_up_a_notice_but_no_litigation() -> None:
    for block, rules in ((Block.NOTIFIED, set()), (Block.LITIGATION, {"G8"})):
        assert broken(B, context=replace(AROUND, blocks=frozenset({block}), legal=True)) == rules


def test_two_creditors_or_contracts_never_share_an_agreement() -> None:
    lines = [replace(line, contract=str(n)) for n, line in enumerate(USUAL.lines)]
    assert broken(B, replace(USUAL, lines=tuple(lines))) == {"G7"}


def test_a_breach_is_told_in_a_sentence() -> None:
    assert Breach("G1", "A parcela %(k)s fica abaixo da mínima.", (("k", 3),)).said() == (
        "A parcela 3 fica abaixo da mínima."
    )
    for one in breaches(by_hand(count=60), USUAL, GUICHE, replace(AROUND, creditor=Creditor())):
        assert "%" not in one.said()
        assert one.rule in RULES


def test_the_offer_shows_its_cost() -> None:
    shown = disclose(C, GUICHE, WHO, FRAME)
    assert shown.cost.year == Decimal("12.68")
    assert shown.year_rate == Decimal("0.126825")
    assert shown.dated_cost is not None
    assert abs(shown.dated_cost - Decimal("12.68")) < 1
    assert disclose(B, GUICHE, WHO, FRAME).dated_cost == Decimal("0.00")


# Who may grant


@pytest.mark.parametrize(
    ("proposal", "debt", "level"),
    [
        (A, USUAL, Level.OPERATOR),
        (B, USUAL, Level.OPERATOR),
        (C, USUAL, Level.OPERATOR),
        (by_hand(interest_discount=Decimal("0.81")), USUAL, Level.COORDINATOR),
        (by_hand(count=37), USUAL, Level.COORDINATOR),
        (by_hand(count=61), USUAL, Level.DIRECTOR),
        (by_hand(entry=100_00), USUAL, Level.COORDINATOR),
        (by_hand(rate=Decimal("0.005")), USUAL, Level.COORDINATOR),
        (by_hand(rate=Decimal("0.0049")), USUAL, Level.MANAGER),
        (by_hand(principal_discount=Decimal("0.05")), USUAL, Level.MANAGER),
        (by_hand(principal_discount=Decimal("0.10")), USUAL, Level.DIRECTOR),
        (C, replace(USUAL, principal=50_000_01), Level.COORDINATOR),
        (C, replace(USUAL, principal=200_000_01), Level.MANAGER),
        (C, replace(USUAL, principal=1_000_000_01), Level.DIRECTOR),
        (C, replace(USUAL, earlier_agreements=2), Level.COORDINATOR),
        (C, replace(USUAL, lines=(replace(USUAL.lines[0], future=True),)), Level.COORDINATOR),
        (C, replace(USUAL, lines=(replace(USUAL.lines[0], keys=True),)), Level.MANAGER),
    ],
)
def test_the_needed_level_is_the_highest_over_all_criteria(
    proposal: Proposal, debt: Debt, level: Level
) -> None:
    need = needed(proposal, debt, GUICHE)
    assert need.level == level
    assert may_grant(level, need)
    assert not may_grant(Level(level - 1), need)
    assert not need.minutes


def test_beyond_ten_per_cent_of_principal_the_board_decides() -> None:
    assert needed(by_hand(principal_discount=Decimal("0.11")), USUAL, GUICHE).minutes


# Opened line by line


@given(debts())
@lean
def test_every_figure_can_be_opened(debt: Debt) -> None:
    for one in propose(debt, GUICHE, FRAME).proposals:
        steps = list(explain_proposal(one, debt, GUICHE))
        for k in range(1, len(one.lines) + 1):
            steps += explain_instalment(one, k, GUICHE)
        assert steps[0].result.raw == debt.total
        for step in steps:
            assert step.kind in Kind
            assert step.policy == "guiche 1"
            assert step.data()["formula"]
            if step.exact is not None and step.result.unit == Unit.MONEY:
                assert reference.r(Fraction(step.exact), 0) == step.result.raw


def test_a_formula_shows_its_operands() -> None:
    step = explain_instalment(C, 1, GUICHE)[0]
    assert step.substituted() == "r(4.499,26 × 1%) = r(44,9926) = 44,99"
    assert step.rule == "4.6-sac"
    gauss = propose(USUAL, read_policy({"C": {"metodo": "GAUSS"}}), FRAME).proposals[2]
    assert explain_instalment(gauss, 2, GUICHE)[0].substituted() == (
        "r(4.499,26 × 1% × (36 − 2 + 1) ÷ (36 × (1 + 1% × (36 − 1) ÷ 2))) = r(37,2279…) = 37,23"
    )


# The replaced system's policy


def test_the_old_policy_answers_as_it_did() -> None:
    three = legacy.estimates(8_000_00, 5, 3)
    assert [one.instalment for one in three] == [400_00, 380_00, 360_00]
    assert {one.count for one in three} == {20}
    for offered, found in ((500_00, 400_00), (400_00, 400_00), (385_00, 380_00), (370_00, 360_00)):
        fits = legacy.fitting(three, offered)
        assert fits is not None
        assert fits.instalment == found
    assert legacy.fitting(three, 350_50) is None
    assert legacy.SENDABLE is False
