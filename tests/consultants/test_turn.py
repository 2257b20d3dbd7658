"""Whose turn it is: the one attended longest ago, of those who can; and every refusal's reason."""

from datetime import timedelta

import pytest

from app import clock
from app.consultants import queries, service, turn, wording
from app.consultants.models import HandOut
from app.extensions import db
from app.protocols.models import Protocol
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.telling import person

pytestmark = pytest.mark.usefixtures("context")


def take(language: str = "pt-BR") -> int:
    return service.take_turn(language, by="teste").consultant_id


def skipped(language: str = "pt-BR") -> dict[str, list[int]]:
    with pytest.raises(service.NobodyAvailable) as refusal:
        take(language)
    assert refusal.value.message == f"Não há consultor disponível para o idioma {language}"
    return dict(refusal.value.considered)


def test_who_waits_longest_is_next_and_a_new_one_comes_last(consultant: Hires) -> None:
    ana, bia = consultant("Ana"), consultant("Bia")
    assert [take(), take(), take()] == [ana, bia, ana]
    caio = consultant("Caio")
    assert [take(), take(), take()] == [bia, ana, caio]


def test_a_turn_is_a_stamp_a_protocol_and_a_decision_with_its_reasons(consultant: Hires) -> None:
    ana, bia, off = consultant("Ana"), consultant("Bia"), consultant("Davi", online=False)
    hand_out = service.take_turn("PT-br", by="teste", contact_id=None)
    assert hand_out.consultant.name == "Ana"
    assert hand_out.consultant.attended_at == hand_out.made_at
    assert abs(hand_out.made_at - clock.now()) < timedelta(seconds=5)
    assert hand_out.protocol.number == 1
    assert hand_out.protocol.consultant_id == ana
    db.session.expire_all()
    kept = db.session.query(HandOut).one()
    assert kept.considered == {"eligible": [ana, bia], "offline": [off]}
    assert kept.by_name == "teste"
    assert queries.of_protocol(kept.protocol_id).id == kept.id


@pytest.mark.parametrize(
    ("why", "given"),
    [
        ("language", {"languages": ["pt", "en"]}),  # pt is not pt-BR
        ("out_of_sequence", {"in_sequence": False}),
        ("offline", {"online": False}),
        ("hours", {"hours": [[[0, 1]], [], [], [], [], [], []]}),
    ],
)
def test_every_refusal_has_its_reason(
    why: str, given: dict[str, object], consultant: Hires
) -> None:
    clock.shift(timedelta(hours=10))
    one = consultant("Ana", **given)
    assert skipped() == {why: [one]}
    assert db.session.query(Protocol).count() == 0


def test_who_rests_is_skipped_as_resting_and_who_left_is_not_even_considered(
    consultant: Hires, cast: Cast
) -> None:
    rests, left = consultant("Ana"), consultant("Bia")
    service.pause_consultant(person(cast.gisele), rests, "almoço")
    service.leave("teste", left)
    assert skipped() == {"paused": [rests]}
    service.set_online("teste", rests, online=True)
    assert take() == rests


def test_whoever_is_refused_is_passed_over_this_once(consultant: Hires) -> None:
    ana, bia = consultant("Ana"), consultant("Bia")
    choice = turn.choose("pt-BR", refused=[ana])
    assert choice.consultant.id == bia
    assert choice.considered == {"silent": [ana], "eligible": [bia]}


def test_managers_pass_put_first_and_pause_and_nothing_goes_out_meanwhile(
    consultant: Hires, cast: Cast
) -> None:
    gisele = person(cast.gisele)
    ana, bia, caio = consultant("Ana"), consultant("Bia"), consultant("Caio")
    service.pass_turn(gisele, ana, "em reunião")
    service.put_first(gisele, caio, "cliente antigo")
    assert [take(), take(), take()] == [caio, bia, ana]
    service.pause(gisele, "treinamento")
    assert skipped() == {"queue_paused": []}
    service.resume(gisele, "acabou")
    assert take() == caio


def test_undoing_the_last_restores_the_order_and_its_number_stays_used(
    consultant: Hires, cast: Cast
) -> None:
    gisele = person(cast.gisele)
    ana, bia = consultant("Ana"), consultant("Bia")
    before = queries.find(ana).attended_at
    first = service.take_turn("pt-BR", by="teste")
    second = service.take_turn("pt-BR", by="teste")
    with pytest.raises(service.EmailTaken.__mro__[1], match="Só a última"):
        service.undo(first.id, gisele, "engano")
    service.undo(second.id, gisele, "engano")
    service.undo(first.id, gisele, "engano")
    assert queries.find(ana).attended_at == before
    assert [take(), take()] == [ana, bia]
    numbers = db.session.query(Protocol).order_by(Protocol.number).all()
    assert [(one.number, one.status) for one in numbers] == [
        (1, "cancelled"), (2, "cancelled"), (3, "open"), (4, "open"),
    ]  # fmt: skip


def test_the_answer_to_why_names_the_manager_who_put_somebody_first(
    consultant: Hires, cast: Cast
) -> None:
    consultant("Ana")
    bia = consultant("Bia")
    service.put_first(person(cast.gisele), bia, "cliente antigo dela")
    said = wording.why(service.take_turn("pt-BR", by="teste")).sentence
    assert said == "Gisele Prado tinha posto Bia em primeiro: cliente antigo dela."
    said = wording.why(service.take_turn("pt-BR", by="teste")).sentence
    assert said.startswith("Era a vez de Ana: quem esperava há mais tempo entre 2")
