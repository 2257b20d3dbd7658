"""What counts as an answer: scores however people write them, nothing that asks for something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.answers import Answer, is_comment, read


@pytest.mark.parametrize(
    ("text", "score"),
    [
        *((str(n), n) for n in range(1, 6)),
        *((f"{n}\ufe0f\u20e3", n) for n in range(1, 6)),
        *(("⭐" * n, n) for n in range(1, 6)),
        ("nota 5", 5),
        ("Nota: 4", 4),
        ("5/5", 5),
        ("5!!!", 5),
        ("4 estrelas", 4),
        ("5 stars", 5),
        ("3 estrellas", 3),
        ("⭐⭐⭐⭐⭐ Ótimo", 5),
        ("5 obrigada", 5),
        ("5, obrigado!", 5),
        ("cinco", 5),
        ("Ótimo!", 5),
        ("excelente", 5),
        ("Muito bom", 5),
        ("péssimo", 1),
        ("ruim", 2),
        ("mais ou menos", 3),
        ("Very bad", 1),
        ("good", 4),
        ("Excellent!", 5),
        ("muy bueno", 5),
        ("malo", 2),
        ("😍", 5),
        ("😡😡", 1),
        ("👏🏽", 5),
    ],
)
def test_a_score_is_read_however_it_is_written(text: str, score: int) -> None:
    assert (read(text) or Answer(0)).score == score


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oi",
        "ok",
        "bom dia",
        "Boa tarde",
        "obrigada",
        "muito",
        "5 boletos",
        "2 via do boleto",
        "2a via",
        "1 - quero falar com atendente",
        "3, pode me mandar o boleto?",
        "4,5",
        "10",
        "6",
        "0",
        "-5",
        "55",
        "5%",
        "5?",
        "R$ 5",
        "5 5 5",
        "⭐⭐⭐⭐⭐⭐",
        "😍😡",
        "apto 4",
        "5 dias de atraso",
    ],
)
def test_what_is_not_clearly_an_answer_is_an_ordinary_message(text: str) -> None:
    assert read(text) is None


def test_a_score_may_bring_its_comment() -> None:
    assert read("5, mas demorou um pouco") == Answer(5, "mas demorou um pouco")
    assert read("2\nFiquei esperando muito") == Answer(2, "Fiquei esperando muito")


def test_a_comment_asks_for_nothing() -> None:
    assert is_comment("A Ana foi muito atenciosa")
    assert is_comment("Faltou avisar antes")
    for text in ("Preciso da segunda via", "E o boleto", "Vocês abrem amanhã?", "Oi", "👍", " "):
        assert not is_comment(text)


@given(st.text(max_size=60))
def test_reading_never_fails_and_a_score_is_one_of_five(text: str) -> None:
    answer = read(text)
    assert answer is None or answer.score in {1, 2, 3, 4, 5}


@given(st.integers(min_value=6), st.sampled_from(["", " boletos", " unidades"]))
def test_no_other_number_is_a_score(number: int, behind: str) -> None:
    assert read(f"{number}{behind}") is None
