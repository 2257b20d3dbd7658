"""Configurações: what managers decide, for everybody at once and on record."""

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app.accounts.audit_words import action_name, field_name
from app.accounts.models import AuditEntry
from app.company import memory, service
from app.company.fields import Flag, Section, Whole, Words, sections
from app.conversations.visibility import VISIBILITY
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.live import stale_regions
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, csrf, person

pytestmark = pytest.mark.usefixtures("app")


def test_a_manager_saves_a_section_and_it_is_on_record(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    assert "Quem vê o quê" in gisele.get("/configuracoes").text
    headers = csrf(gisele)
    answer = gisele.post(
        "/configuracoes/visibility", data={"visibility": "everything"}, headers=headers
    )
    assert "Salvo" in answer.text
    with app.app_context():
        assert service.get(VISIBILITY) == "everything"
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "company.changed")
        ).one()
        assert entry.actor_id == cast.gisele
        assert entry.after == {"visibility": "Todas as conversas"}
        assert action_name(entry.action) != entry.action
        assert field_name("visibility") != "visibility"


def test_what_cannot_be_is_said_and_nothing_is_kept(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    gisele = login_as(cast.gisele)
    answer = gisele.post(
        "/configuracoes/visibility", data={"visibility": "nobody"}, headers=csrf(gisele)
    )
    assert "Escolha uma das opções" in answer.text
    with app.app_context():
        assert service.get(VISIBILITY) == "teams"


@pytest.mark.parametrize("who", ["ana", "fabio"])
def test_others_find_no_settings(who: str, cast: Cast, login_as: Login) -> None:
    assert login_as(getattr(cast, who)).get("/configuracoes").status_code == 404


@pytest.mark.usefixtures("context")
def test_reading_costs_no_query_until_something_changes(cast: Cast) -> None:
    service.get(VISIBILITY)
    with counted_queries() as seen:
        assert service.get(VISIBILITY) == "teams"
    assert seen.total == 0
    service.change(person(cast.gisele), "visibility", {"visibility": "own"})
    assert service.get(VISIBILITY) == "own"


@pytest.mark.usefixtures("context")
def test_another_process_hears_of_a_change_at_its_next_question(cast: Cast) -> None:
    service.get(VISIBILITY)
    before = memory._kept
    service.change(person(cast.gisele), "visibility", {"visibility": "own"})
    memory._kept = before  # as a process that did not make the change
    assert service.get(VISIBILITY) == "own"


@pytest.mark.usefixtures("context")
def test_without_redis_the_database_is_asked(app: Flask, cast: Cast) -> None:
    service.change(person(cast.gisele), "visibility", {"visibility": "own"})
    known = app.extensions["guiche_redis"]
    app.extensions["guiche_redis"] = Redis(port=1, socket_connect_timeout=0.2)
    try:
        with counted_queries() as seen:
            assert service.get(VISIBILITY) == "own"
        assert seen.total == 1
    finally:
        app.extensions["guiche_redis"] = known


@pytest.mark.usefixtures("context")
def test_the_page_of_another_manager_is_stale_then(cast: Cast) -> None:
    shown = {"company:visibility": "0"}
    assert stale_regions(cast.gisele, shown) == []
    service.change(person(cast.adriana), "visibility", {"visibility": "own"})
    assert stale_regions(cast.gisele, shown) == ["company:visibility"]
    assert stale_regions(cast.ana, {"company:visibility": "1"}) == ["company:visibility"]


@pytest.mark.usefixtures("context")
def test_a_section_that_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        service.change(person(cast.gisele), "nothing", {})


DAYS, SILENT = Whole("days", "Dias", 3, least=0, most=30), Flag("silent", "Calado", True)
TEXT = Words("text", "Texto", "Olá", longest=10, needed=True)


@pytest.mark.parametrize("typed", ["", "31", "-1", "três", "1.5", "9" * 40])
def test_a_number_outside_its_limits_is_refused(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(GuicheError, match="vai de 0 a 30"):
        DAYS.parse(typed)


@pytest.mark.parametrize("typed", ["", "   ", "muito longo demais"])
def test_a_text_that_is_needed_or_too_long_is_refused(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(GuicheError, match="Texto"):
        TEXT.parse(typed)


@pytest.mark.usefixtures("context")
def test_all_fields_of_a_section_are_saved_or_none(cast: Cast) -> None:
    sections["probe"] = Section("probe", "Prova", "", (DAYS, SILENT, TEXT))
    try:
        with pytest.raises(GuicheError):
            service.change(person(cast.gisele), "probe", {"days": "5", "text": ""})
        assert service.get(DAYS) == 3
        service.change(person(cast.gisele), "probe", {"days": "5", "text": " Oi "})
        assert (service.get(DAYS), service.get(SILENT), service.get(TEXT)) == (5, False, "Oi")
    finally:
        del sections["probe"]
