"""What counts as accepting a proposal: only what is clear; all else is asked or left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.debts.agreements import identity
from app.debts.agreements.answers import Meaning, Reading, is_yes, read


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("aceito a 2", "B"),
        ("2", "B"),
        ("B", "B"),
        ("b)", "B"),
        ("A", "A"),
        ("opção a", "A"),
        ("quero a 1", "A"),
        ("aceito a A", "A"),
        ("a segunda", "B"),
        ("à vista", "A"),
        ("quero à vista, obrigada", "A"),
        ("fechado na 3", "C"),
        ("pode ser a c", "C"),
        ("Vou querer a terceira proposta", "C"),
        ("eu aceito a proposta número 2 por favor", "B"),
        ("3️⃣", "C"),
    ],
)
def test_numbers_and_letters_are_synonyms_however_they_are_written(text: str, letter: str) -> None:
    assert read(text) == Reading(Meaning.CHOICE, letter)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("aceito", Meaning.WHICH),
        ("sim", Meaning.WHICH),
        ("aceito a", Meaning.WHICH),
        ("1 ou 2?", Meaning.UNCLEAR),
        ("aceito 1 e 2", Meaning.UNCLEAR),
        ("aceito a 2 se baixar a entrada", Meaning.UNCLEAR),
        ("B?", Meaning.UNCLEAR),
        ("aceito a 4", Meaning.UNCLEAR),
        ("opção 4", Meaning.UNCLEAR),
        ("não aceito a 2", Meaning.REFUSAL),
        ("nenhuma", Meaning.REFUSAL),
        ("REVER", Meaning.REVIEW),
    ],
)
def test_what_is_not_clear_is_no_choice(text: str, meaning: Meaning) -> None:
    assert read(text) == Reading(meaning)


@pytest.mark.parametrize(
    "text",
    ["", "oi", "bom dia", "ok", "obrigado", "não", "2 boletos", "Preciso da segunda via",
     "posso pagar em 3 vezes?", "qual a diferença da a pra b?", "👍"],
)  # fmt: skip
def test_what_speaks_of_other_things_is_left_alone(text: str) -> None:
    assert read(text) is None


def test_of_two_options_the_third_cannot_be_chosen_and_one_alone_needs_no_letter() -> None:
    assert read("C", ("A", "B")) == Reading(Meaning.WHICH)
    assert read("aceito", ("A",)) == Reading(Meaning.CHOICE, "A")


@given(st.text(max_size=200))
def test_reading_never_fails_and_a_choice_is_one_of_those_offered(text: str) -> None:
    found = read(text, ("A", "B"))
    assert found is None or found.meaning is not Meaning.CHOICE or found.letter in {"A", "B"}


@pytest.mark.parametrize(
    "text",
    ["15/03 e 47", "15/03/1980 47", "15 de março, final 47", "1503 47", "15.03 - 47",
     "nasci dia 15/3, cpf final 47"],
)  # fmt: skip
def test_the_identity_is_read_however_it_is_written(text: str) -> None:
    assert identity.read(text) == identity.Proof(15, 3, "47")


def test_a_document_alone_proves_nothing_and_only_the_holder_s_figures_match() -> None:
    assert identity.read("529.982.247-25") is None
    assert identity.typed_document("529.982.247-25") == "52998224725"
    facts = identity.facts_of({"cpf": "529.982.247-25", "birthDate": "1988-07-19"})
    assert identity.matches(identity.Proof(19, 7, "25"), facts)
    assert not identity.matches(identity.Proof(19, 7, "52"), facts)
    assert not identity.matches(identity.Proof(19, 7, "81"), identity.Facts("11222333000181"))
    assert identity.is_not_me("Não sou eu, número errado")


def test_yes_is_the_whole_message() -> None:
    assert is_yes("Sim!")
    assert is_yes("quero ver")
    assert not is_yes("sim, mas hoje não")
