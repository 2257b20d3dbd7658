"""What the text in the box looks like, and how words are spelled. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.search.highlighting import START, STOP, excerpt, joined, spans
from app.search.reading import Cpf, cpf_of, read
from app.search.wording import Term, accented, fold, terms


@pytest.mark.parametrize(
    ("text", "cpf"),
    [
        ("529.982.247-25", Cpf(whole="52998224725")),
        ("52998224725", Cpf(whole="52998224725")),
        ("982.247", Cpf(beginning="982247", shown="982247")),
        ("***.982.247-**", Cpf(shown="982247")),
        ("529.9", Cpf(beginning="5299")),
        ("529.982.247-26", Cpf(beginning="52998224726")),
        ("98765-4321", None),
        ("4321", None),
        ("marina", None),
        ("", None),
    ],
)
def test_a_cpf_is_told_by_its_dots_or_its_last_digits(text: str, cpf: Cpf | None) -> None:
    assert cpf_of(text) == cpf


def test_the_record_of_a_search_never_holds_what_masks_hide() -> None:
    assert read("529.982.247-25").cpf.masked == "***.982.247-**"  # type: ignore[union-attr]
    assert read("529.98").cpf.masked == "***.98.-**"  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "number"), [("#00123", 123), ("# 7", 7), ("00123", None)])
def test_a_protocol_begins_with_its_sign(text: str, number: int | None) -> None:
    assert read(text).number == number


def test_quotes_minus_and_ou_are_understood() -> None:
    assert terms('"segunda via" -pix vistoria OU chav') == [
        Term("segunda via"),
        Term("pix", excluded=True),
        Term("vistoria"),
        Term("chav", either=True, unfinished="chav"),
    ]


@pytest.mark.parametrize("text", ["", "-pix", "& | !", '""', "- -"])
def test_where_nothing_is_asked_for_nothing_is_looked_for(text: str) -> None:
    assert terms(text) == []


def test_only_a_last_word_of_some_letters_is_taken_as_begun() -> None:
    assert terms("negociaç")[0].unfinished == "negociac"
    for text in ("de", "1204", '"via"', "a -pagar", "fim!"):
        assert terms(text)[-1].unfinished == ""


@pytest.mark.parametrize(
    ("plain", "spelled"),
    [("negociacoes", "negociações"), ("declaracao", "declaração"), ("boleto", "boleto"),
     ("pendencia bancaria", "pendência bancaria"), ("ao", "ao")],
)  # fmt: skip
def test_endings_get_the_accents_they_lack(plain: str, spelled: str) -> None:
    assert accented(plain) == spelled


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    asked = read(text)
    assert len(asked.text) <= 200
    assert all(term.text.strip() for term in asked.terms)
    assert len(fold(text.lower())) == len(text.lower())


marked = st.lists(st.tuples(st.text("ab<&> ", max_size=40), st.booleans()), max_size=8)


@given(marked)
def test_an_excerpt_escapes_everything_and_marks_only_what_was_found(
    parts: list[tuple[str, bool]],
) -> None:
    text = "".join(part for part, _ in parts)
    withmarks = "".join(f"{START}{part}{STOP}" if found else part for part, found in parts)
    shown = excerpt(text, joined(spans(withmarks)))
    assert isinstance(shown, Markup)
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert bare.replace("… ", "").replace(" …", "") in str(Markup.escape(text))


def test_an_excerpt_shows_the_sentence_around_its_first_mark() -> None:
    text = "antes " * 40 + "o boleto venceu ontem" + " depois" * 60
    start = text.index("boleto")
    shown = excerpt(text, [(start, start + 6)])
    assert "o <mark>boleto</mark> venceu ontem" in shown
    assert shown.startswith("… antes")
    assert shown.endswith("depois …")
    assert len(shown) < 300
