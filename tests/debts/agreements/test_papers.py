"""What is said and printed of an offer: the frozen figures, to the cent, within WhatsApp's size."""

import pytest
from hypothesis import given, settings

from app import clock
from app.debts.agreements import texts
from app.debts.agreements.figures import Figures, Option
from app.debts.agreements.saying import composing, papers, wording
from app.debts.engine.disclosure import disclose
from app.debts.engine.offer import propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.proposals import Frame
from app.debts.engine.writing import brl
from tests.debts.agreements.offers import CREDITOR, ISSUED, figures_of
from tests.debts.debts import debts

LINK = "https://atendimento.exemplo.com.br/proposta/" + "x" * 34
OWED = [((95_000, 40), (95_000, 70), (120_000, 100)), ((9_000, 40),), ((190_000_000, 90),)]


@pytest.mark.parametrize("owed", OWED)
def test_the_message_holds_every_total_and_fits(owed: tuple[tuple[int, int], ...]) -> None:
    figures = figures_of(*owed)
    opening = wording.OPENINGS[wording.stage(figures.oldest_days)].default
    said = texts.fill(wording.PROPOSALS.default, composing.proposal_values(figures, opening, LINK))
    without = texts.fill(wording.PROPOSALS.default, composing.proposal_values(figures, "", LINK))
    assert len(without) <= texts.LONGEST
    for option in figures.options:
        assert option.adds_up
        assert f"R$ {brl(option.proposal.total)}" in said
    assert figures.creditor.name in said
    assert "30/11/2026" in said
    assert LINK in said
    assert texts.forbidden(said) is None


@given(debts())
@settings(max_examples=60, deadline=None)
def test_whatever_the_debt_payments_are_the_total_and_every_option_can_be_said(
    debt: object,
) -> None:
    frame = Frame(ISSUED, 31)
    made = propose(debt, GUICHE, frame).proposals  # type: ignore[arg-type]
    for one in made:
        option = Option(one, disclose(one, GUICHE, CREDITOR, frame))
        assert option.adds_up
        assert sum(part.amount for part in option.payments) == one.total
        assert brl(one.total) in composing.option_line(option)
        assert composing.payment_lines(option)


def test_the_papers_are_pdfs_made_of_the_same_figures() -> None:
    figures = figures_of(*OWED[0])
    pdf = papers.proposal_paper(figures, "Guichê", clock.now())
    assert pdf.startswith(b"%PDF-")
    term = papers.term_paper(
        figures, _long(figures), {"Aceito por": "Maria"}, "AC-2026-000001", "Guichê", clock.now()
    )
    assert term.startswith(b"%PDF-")
    assert term != pdf


def _long(figures: Figures) -> Option:
    found = figures.option("C")
    assert found is not None
    return found


def test_a_text_with_a_variable_without_value_never_leaves() -> None:
    with pytest.raises(texts.Unfilled):
        texts.fill("Olá, {{nome}}", {})
    for one in (wording.IDENTITY, wording.UNITS, wording.SUMMARY, wording.PROPOSALS,
                wording.ACCEPTANCE, wording.REMINDER, wording.MISSED, wording.NOTICE):  # fmt: skip
        assert set(texts.variables(one.default)) <= set(one.may_use)
        assert texts.forbidden(one.default) is None
        assert len(one.default) <= texts.LONGEST
