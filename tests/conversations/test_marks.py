"""Labels and priorities on conversations: what the timeline says, and how they are undone."""

import pytest
from flask.testing import FlaskClient

from app.conversations import queries, service
from app.conversations.presenting import event_text
from app.conversations.service import marks
from app.errors import Conflict, GuicheError
from app.labels import service as labels
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel", "context")


@pytest.fixture
def talk(client: FlaskClient) -> int:
    tell(client, received("oi"))
    return conversation().id


@pytest.fixture
def named(cast: Cast) -> dict[str, int]:
    gisele = person(cast.gisele)
    return {name: labels.create(gisele, name, "teal").id for name in ("VIP", "Boleto", "Visita")}


def events() -> list[str]:
    return [event_text(message) for message in messages("event")]


def test_labels_are_put_on_and_taken_off_with_a_line_each(
    cast: Cast, talk: int, named: dict[str, int]
) -> None:
    ana = person(cast.ana)
    service.relabel(talk, ana, [named["VIP"], named["Boleto"]], [])
    service.relabel(talk, ana, [named["Visita"]], [named["VIP"]])
    service.relabel(talk, ana, [], [named["Boleto"]])

    assert conversation().label_ids == [named["Visita"]]
    assert events() == [
        "Ana Souza pôs a etiqueta Boleto, VIP",
        "Ana Souza pôs Visita e tirou VIP",
        "Ana Souza tirou a etiqueta Boleto",
    ]


def test_what_changes_nothing_leaves_no_line(cast: Cast, talk: int, named: dict[str, int]) -> None:
    ana = person(cast.ana)
    service.relabel(talk, ana, [named["VIP"]], [])
    version = conversation().version

    assert service.relabel(talk, ana, [named["VIP"]], [named["Boleto"]]) is None
    assert service.relabel(talk, ana, [999], []) is None
    assert service.prioritise(talk, ana, 0) is None
    assert conversation().version == version


def test_an_archived_label_is_taken_off_but_not_put_on(
    cast: Cast, talk: int, named: dict[str, int]
) -> None:
    ana = person(cast.ana)
    service.relabel(talk, ana, [named["VIP"]], [])
    for name in ("VIP", "Boleto"):
        labels.archive(named[name], person(cast.gisele))

    assert service.relabel(talk, ana, [named["Boleto"]], []) is None
    assert service.relabel(talk, ana, [], [named["VIP"]])
    assert conversation().label_ids == []


def test_undoing_labels_leaves_what_others_put_on_since(
    cast: Cast, talk: int, named: dict[str, int]
) -> None:
    done = service.relabel(talk, person(cast.ana), [named["VIP"]], [])
    service.relabel(talk, person(cast.bruno), [named["Boleto"]], [])
    assert done
    marks.undo_relabel(talk, person(cast.ana), done)
    assert conversation().label_ids == [named["Boleto"]]


def test_a_priority_is_set_undone_and_not_undone_over_somebody_elses(cast: Cast, talk: int) -> None:
    ana = person(cast.ana)
    done = service.prioritise(talk, ana, 4)
    assert done
    marks.undo_prioritise(talk, ana, done)
    assert conversation().priority == 0

    done = service.prioritise(talk, ana, 4)
    assert done
    service.prioritise(talk, person(cast.bruno), 1)
    with pytest.raises(Conflict):
        marks.undo_prioritise(talk, ana, done)
    assert conversation().priority == 1
    assert events()[-1] == "Bruno Lima mudou a prioridade para baixa"
    with pytest.raises(GuicheError):
        service.prioritise(talk, ana, 5)


def test_the_list_by_priority_pages_without_a_gap(client: FlaskClient, cast: Cast) -> None:
    for number in range(7):
        tell(client, received("oi", phone=f"55009000000{number:02d}"))
    ana = person(cast.ana)
    for number, priority in enumerate([0, 4, 1, 4, 3, 0, 2], start=1):
        service.prioritise(number, ana, priority)

    seen: list[int] = []
    after = ""
    while True:
        page = queries.page(ana, "all", "priority", after, size=2)
        seen += [row.id for row in page.rows]
        if not page.more or page.last is None:
            break
        after = queries.row_key(page.last, "priority")
    assert seen == [4, 2, 5, 7, 3, 6, 1]
