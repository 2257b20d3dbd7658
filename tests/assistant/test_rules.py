"""What the bot says, rule by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assistant.rules import MENU, respond


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
