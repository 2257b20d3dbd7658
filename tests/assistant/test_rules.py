"""What the bot says, rule by rule."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assistant.rules import MENU, Meaning, respond, weigh, weightiest


def say(body: str, step: str = "topic", missed: int = 0, kind: str = "text", name: str = "Marina"):
    return respond(step, missed, kind, body, name, "Guichê")


def test_it_greets_by_first_name_and_asks_what_it_is_about() -> None:
    turn = say("oi", step="greeting", name="Marina Alves")
    assert turn.text.startswith("Olá, Marina!")
    assert MENU in turn.text
    assert turn.hand_over is None


def test_a_phone_number_is_no_name() -> None:
    assert say("oi", step="greeting", name="(00) 90001-0001").text.startswith("Olá! ")


@pytest.mark.parametrize("body", ["quero falar com um atendente", "5", "HUMANO", "tem alguém aí?"])
def test_it_calls_a_person_when_asked(body: str) -> None:
    assert say(body).hand_over


@pytest.mark.parametrize(
    ("body", "topic"),
    [
        ("meu boleto não chegou", "boletos e pagamentos"),
        ("1", "boletos e pagamentos"),
        ("2.", "contrato e documentos"),
        ("quando entregam as CHAVES?", "obra e entrega das chaves"),
        ("quero comprar", "visita ou compra"),
        ("recebi uma cobrança que já paguei", "boletos e pagamentos"),
    ],
)
def test_it_understands_a_topic_and_calls_who_looks_after_it(body: str, topic: str) -> None:
    turn = say(body)
    assert (turn.topic, bool(turn.hand_over)) == (topic, True)


def test_it_asks_again_once_and_then_calls_a_person() -> None:
    first = say("xpto")
    assert (first.misunderstandings, first.hand_over) == (1, None)
    assert say("xpto", missed=first.misunderstandings).hand_over


def test_what_it_cannot_read_goes_to_a_person() -> None:
    assert say("", kind="audio").hand_over


@given(st.text(), st.sampled_from(["greeting", "topic"]), st.integers(0, 3), st.text())
def test_it_always_has_something_to_say(body: str, step: str, missed: int, name: str) -> None:
    assert respond(step, missed, "text", body, name, "Guichê").text.strip()


@pytest.mark.parametrize(
    "body", ["Meu boleto vence dia 15", "Paguei R$ 95 ontem", "oi pessoal", "são 5 da tarde"]
)
def test_a_number_inside_a_sentence_calls_nobody(body: str) -> None:
    assert weigh("text", body) < Meaning.PERSON


@pytest.mark.parametrize("body", ["5", " 5. ", "5)"])
def test_the_number_of_the_menu_alone_calls_a_person(body: str) -> None:
    assert weigh("text", body) is Meaning.PERSON


@pytest.mark.parametrize(
    "body", ["O portão não funciona", "o portão ficou aberto", "meu interfone não funciona hoje"]
)
def test_what_is_broken_or_open_is_no_question_about_hours(body: str) -> None:
    assert weigh("text", body) is Meaning.OTHER


@pytest.mark.parametrize(
    "body",
    [
        "qual o horário?",
        "Vocês estão abertos?",
        "está aberto agora?",
        "funcionam aos sábados?",
        "o escritório abre no feriado?",
        "que dia vocês abrem?",
        "até que horas tem expediente",
    ],
)
def test_it_knows_questions_about_hours(body: str) -> None:
    assert "8h às 18h" in say(body).text


def test_a_greeting_of_the_longest_kind_takes_no_time() -> None:
    began = time.perf_counter()
    say("oi" + "!" * 65_000 + "x")
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("body", ["oi", "Oi!!! tudo bem?", "bom dia, td bem...", "olá ,.!"])
def test_a_greeting_is_answered_with_one(body: str) -> None:
    assert say(body).text.startswith("Olá! Sobre o que")


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        (["quero um atendente", "ta ai?"], 0),
        (["meu boleto", "um atendente", "obrigado"], 1),
        (["meu boleto", "ta ai?"], 0),
        (["qual o horário?", "oi"], 0),
        (["meu boleto", "e o contrato"], 1),
        (["oi", "ta ai?"], 1),
    ],
)
def test_of_a_burst_it_answers_what_weighs_most_and_then_the_newest(
    said: list[str], chosen: int
) -> None:
    assert weightiest([("text", body) for body in said]) == ("text", said[chosen])


def test_what_it_cannot_read_outweighs_a_topic() -> None:
    assert weightiest([("audio", ""), ("text", "meu boleto")]) == ("audio", "")
