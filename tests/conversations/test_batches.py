"""Acts on several conversations: each by the rules of one, told by name, and really taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.conversations import service
from app.conversations.batches import service as batches
from app.conversations.batches.models import Batch, BatchItem
from app.conversations.models import Conversation, InboxCounter
from app.extensions import db
from app.labels import service as labels
from tests.cast import Cast
from tests.telling import Login, csrf, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")


@pytest.fixture
def talks(app: Flask, client: FlaskClient, cast: Cast) -> list[int]:
    """Three conversations: the bot's, Ana's, Bruno's."""
    for number in range(3):
        tell(client, received("oi", f"550090000000{number}", senderName=f"Cliente {number}"))
    with app.app_context():
        ids = [talk.id for talk in db.session.query(Conversation).order_by(Conversation.id)]
        service.take_over(ids[1], person(cast.ana), 1)
        service.take_over(ids[2], person(cast.bruno), 1)
    return ids


def picture() -> list[tuple[Any, ...]]:
    """Everything that an act could change."""
    db.session.rollback()
    rows = db.session.query(Conversation).order_by(Conversation.id).populate_existing()
    return [
        (row.status, row.owner_kind, row.owner_id, row.priority, row.label_ids, row.snoozed_at,
         row.waiting_since, row.closed_at, row.unread_count)
        for row in rows
    ]  # fmt: skip


def counts() -> dict[str, int]:
    return {row.tab: row.total for row in db.session.query(InboxCounter) if row.total}


def seen() -> dict[int, int]:
    db.session.rollback()
    rows = db.session.query(Conversation).populate_existing()
    return {row.id: row.owner_version for row in rows}


def outcomes(batch: Batch) -> dict[int, str]:
    rows = db.session.query(BatchItem).filter_by(batch_id=batch.id).populate_existing()
    return {row.conversation_id: row.outcome for row in rows}


ARGUMENTS: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "assign": lambda cast: {"to": cast.adriana},
    "label": lambda cast: {"add": [1], "remove": []},
    "priority": lambda cast: {"to": 4},
    "snooze": lambda cast: {"until": None},
    "close": lambda cast: {},
}


@pytest.mark.parametrize("act", ARGUMENTS)
@pytest.mark.parametrize("many", [False, True])
def test_what_a_manager_does_is_undone_without_a_trace_in_the_rows(
    app: Flask,
    talks: list[int],
    cast: Cast,
    work: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    many: bool,
) -> None:
    if many:
        monkeypatch.setattr(batches, "AT_ONCE", 1)  # a worker does it
    with app.app_context():
        gisele = person(cast.gisele)
        labels.create(gisele, "VIP", "teal")
        before, counted = picture(), counts()
        batch = batches.start(gisele, act, ARGUMENTS[act](cast), seen())
        assert (batch.state == "working") is many
        work("bulk")
        done = outcomes(batch)
        assert set(done.values()) <= {"done", "refused"}
        assert list(done.values()).count("done") >= 2
        assert picture() != before
        batches.undo(batch.id, person(cast.gisele))
        work("bulk")
        assert "kept" not in outcomes(batch).values()
        assert picture() == before
        assert counts() == counted


def test_ownership_and_versions_count_as_for_a_single_act(
    app: Flask, talks: list[int], cast: Cast, login_as: Login
) -> None:
    """Ana closes three: the bot's, her own, Bruno's; and of one she saw an older owner."""
    ana = login_as(cast.ana)
    bot, own, brunos = talks
    fields = {"ids": f"{bot}:7,{own}:2,{brunos}:2"}
    answer = ana.post("/conversas/acoes/close", headers=csrf(ana), data=fields)

    assert "Conversa encerrada. 2 recusadas." in " ".join(answer.text.split())
    assert "A conversa é de Bruno Lima." in answer.text
    assert "Alguém foi mais rápido." in answer.text
    with app.app_context():
        assert [row[0] for row in picture()] == ["open", "closed", "open"]


def test_who_did_nothing_hears_so_and_has_nothing_to_undo(
    app: Flask, talks: list[int], cast: Cast, login_as: Login
) -> None:
    ana = login_as(cast.ana)
    fields = {"ids": f"{talks[0]}:1", "prioridade": "none"}
    answer = ana.post("/conversas/acoes/priority", headers=csrf(ana), data=fields)
    assert "Nada mudou." in answer.text
    assert "Desfazer" not in answer.text


def test_what_somebody_changed_since_is_not_undone(
    app: Flask, talks: list[int], cast: Cast
) -> None:
    with app.app_context():
        gisele = person(cast.gisele)
        batch = batches.start(gisele, "assign", {"to": cast.gisele}, seen())
        service.transfer(talks[0], gisele, person(cast.bruno), "", seen()[talks[0]])
        batches.undo(batch.id, gisele)
        assert outcomes(batch) == {talks[0]: "kept", talks[1]: "undone", talks[2]: "undone"}
        assert [row[2] for row in picture()] == [cast.bruno, cast.ana, cast.bruno]


def test_only_who_did_it_undoes_it_and_only_once(
    app: Flask, talks: list[int], cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        batch = batches.start(person(cast.gisele), "priority", {"to": 4}, seen())
        path = f"/conversas/lotes/{batch.id}"
    for stranger in (cast.ana, cast.fabio):
        browser = login_as(stranger)
        assert browser.delete(path, headers=csrf(browser)).status_code in (403, 404)
        assert browser.get(path).status_code == 404
    gisele = login_as(cast.gisele)
    assert "Desfeito." in gisele.delete(path, headers=csrf(gisele)).text
    assert gisele.delete(path, headers=csrf(gisele)).status_code == 409


def test_a_worker_that_dies_is_followed_by_another_that_repeats_nothing(
    app: Flask, talks: list[int], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        monkeypatch.setattr(batches, "AT_ONCE", 0)
        monkeypatch.setattr(batches, "enqueue", lambda *_args, **_options: True)  # it is lost
        gisele = person(cast.gisele)
        batch = batches.start(gisele, "priority", {"to": 4}, seen())
        batches._one(batch, talks[0], gisele, "waiting")
        batches.redrive()
        assert set(outcomes(batch).values()) == {"done"}
        assert batches.find(batch.id, cast.gisele).state == "done"
        versions = [row.version for row in db.session.query(Conversation)]
        batches.redrive()
        assert versions == [row.version for row in db.session.query(Conversation)]


def test_the_choices_show_how_the_selected_ones_are(
    app: Flask, talks: list[int], cast: Cast, login_as: Login
) -> None:
    with app.app_context():
        labels.create(person(cast.gisele), "VIP", "teal")
        service.relabel(talks[0], person(cast.ana), [1], [])
    ana = login_as(cast.ana)
    both = f"{talks[0]}:1,{talks[1]}:2"
    assert 'data-was="some"' in ana.get(f"/conversas/acoes/label?ids={both}").text
    assert 'data-was="all"' in ana.get(f"/conversas/acoes/label?ids={talks[0]}:1").text
    for act in ("assign", "priority", "snooze"):
        assert ana.get(f"/conversas/acoes/{act}?ids={both}").status_code == 200
    assert ana.get("/conversas/acoes/label?ids=999:1").status_code == 404
    assert ana.get(f"/conversas/acoes/nothing?ids={both}").status_code == 404


@pytest.mark.parametrize("until", ["", "ontem", "escolher", "2020-01-01T09:00"])
def test_a_moment_that_is_none_puts_nothing_off(
    app: Flask, talks: list[int], cast: Cast, login_as: Login, until: str
) -> None:
    ana = login_as(cast.ana)
    fields = {"ids": f"{talks[1]}:2", "ate": until}
    answer = ana.post("/conversas/acoes/snooze", headers=csrf(ana), data=fields)
    assert answer.status_code == 422 or "Nada mudou." in answer.text
    with app.app_context():
        assert picture()[1][5] is None
