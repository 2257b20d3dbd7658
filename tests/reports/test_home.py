"""The home page: what waits, what runs and what is late, for each role."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.channels.models import Channel
from app.conversations import service
from app.conversations.models import Conversation
from app.debts.agreements.models import FinanceTask
from app.extensions import db
from app.live import stale_regions
from app.transactions import atomic
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")


def numbers(page: str) -> dict[str, str]:
    """The tiles of a page: key -> number."""
    return dict(re.findall(r'id="tile-(\w+)".*?data-value>([^<]*)<', page, re.S))


def rows(page: str, tab: str) -> list[int]:
    """The conversations in one of its lists, in order."""
    part = page.split(f'id="home-{tab}"')[1].split("</section>")[0]
    return [int(one) for one in re.findall(r'id="row-(\d+)"', part)]


def given_to(app: Flask, client: FlaskClient, user_id: int | None, phone: str) -> int:
    """A conversation that waits with this person, or with nobody; its id."""
    tell(client, received("preciso de ajuda", phone=phone))
    with app.app_context():
        query = db.select(Conversation).order_by(Conversation.id.desc()).limit(1)
        talk = db.session.scalars(query).one()
        owner = db.session.get_one(Conversation, talk.id)
        manager = person(CAST[0].gisele)
        service.transfer(owner.id, manager, person(user_id) if user_id else None, "", 1)
        return talk.id


CAST: list[Cast] = []


@pytest.fixture(autouse=True)
def remember(cast: Cast) -> None:
    CAST[:] = [cast]


def test_the_day_begins_on_the_home_page(cast: Cast, login_as: Login) -> None:
    assert login_as(cast.ana).get("/").headers["Location"] == "/inicio"


def test_an_attendant_sees_what_waits_for_her_and_what_nobody_owns(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    hers = given_to(app, client, cast.ana, "5511900000001")
    given_to(app, client, cast.bruno, "5511900000002")
    free = given_to(app, client, None, "5511900000003")

    page = login_as(cast.ana).get("/inicio").text
    assert (rows(page, "mine"), rows(page, "unassigned")) == ([hers], [free])
    assert numbers(page) == {
        "mine": "1", "late": "0", "unassigned": "1", "not_sent": "0",
        "scheduled": "0", "missed": "0", "snoozed": "0", "overdue": "0",
        "line": "0", "protocols": "0",
    }  # fmt: skip

    clock.shift(timedelta(minutes=16))
    assert numbers(login_as(cast.ana).get("/inicio/numeros").text)["late"] == "1"


def test_what_could_not_be_sent_is_counted(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    talk = given_to(app, client, cast.ana, "5511900000001")
    with app.app_context(), atomic():
        db.session.get_one(Conversation, talk).last_message_status = "failed"
    assert numbers(login_as(cast.ana).get("/inicio").text)["not_sent"] == "1"
    assert numbers(login_as(cast.bruno).get("/inicio").text)["not_sent"] == "0"


def test_a_manager_also_sees_who_has_how_much_the_day_and_the_channels(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login, channel: int
) -> None:
    given_to(app, client, cast.ana, "5511900000001")
    page = login_as(cast.gisele).get("/inicio").text
    assert "Conversas iniciadas hoje: 1 · encerradas: 0" in page
    ana = page.split(f'id="home-person-{cast.ana}"')[1].split("</li>")[0]
    assert "1 conversa<" in ana
    with app.app_context(), atomic():
        down = db.session.get_one(Channel, channel)
        down.state, down.state_at = "disconnected", clock.now()
    assert numbers(login_as(cast.gisele).get("/inicio").text)["down"] == "1"


def test_admins_hear_of_work_that_nobody_has_begun_within_five_seconds(
    client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    tell(client, received("o robô ainda não respondeu"))
    assert numbers(login_as(cast.adriana).get("/inicio").text)["stuck"] == "0"
    clock.shift(timedelta(seconds=6))
    assert numbers(login_as(cast.adriana).get("/inicio").text)["stuck"] == "1"
    assert "stuck" not in numbers(login_as(cast.gisele).get("/inicio").text)


def test_each_role_sees_its_own_numbers_only(cast: Cast, login_as: Login) -> None:
    assert "receipts" in numbers(login_as(cast.adriana).get("/inicio").text)
    assert not {"receipts", "down"} & set(numbers(login_as(cast.ana).get("/inicio").text))
    outsider = login_as(cast.fabio)
    assert "tile-mine" not in outsider.get("/inicio").text
    for path in ("/inicio/pessoas", "/inicio/dia", "/inicio/conversas/mine"):
        assert outsider.get(path).status_code in (403, 404), path
    assert login_as(cast.ana).get("/inicio/pessoas").status_code in (403, 404)


def test_finance_sees_its_tasks_and_agreements(app: Flask, cast: Cast, login_as: Login) -> None:
    with app.app_context(), atomic() as session:
        task = {"kind": "launch", "title": "Lançar no ERP", "created_at": clock.now()}
        session.add_all([FinanceTask(**task), FinanceTask(**task, done_at=clock.now())])
    shown = numbers(login_as(cast.fabio).get("/inicio").text)
    assert (shown["tasks"], shown["agreements"], shown["unpaid"]) == ("1", "0", "0")
    assert "tasks" not in numbers(login_as(cast.ana).get("/inicio").text)


def test_the_number_of_queries_is_fixed(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    manager = login_as(cast.gisele)
    counts = []
    for talks in (1, 9):
        for number in range(talks):
            given_to(app, client, cast.gisele, f"55119{talks}000{number:04d}")
        manager.get("/inicio")
        with app.app_context():
            engine = db.engine
        with counted_queries(engine) as seen:
            manager.get("/inicio")
        counts.append(seen.total)
    assert counts[0] == counts[1] <= 8, "\n".join(
        one[:110].replace("\n", " ") for one in seen.statements
    )


def test_a_page_that_fell_behind_is_told_what_is_stale(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    page = login_as(cast.gisele).get("/inicio").text
    day = page.split('data-region="home-day:all" data-version="')[1].split('"')[0]
    people = page.split('data-region="home-people:all" data-version="')[1].split('"')[0]
    shown = {
        "home-tiles:me": "/".join(numbers(page).values()),
        "home-day:all": day,
        "home-people:all": people,
    }
    with app.app_context():
        assert stale_regions(cast.gisele, shown) == []
    given_to(app, client, cast.gisele, "5511900000001")
    with app.app_context():
        assert sorted(stale_regions(cast.gisele, shown)) == sorted(shown)
        assert "home-people:all" in stale_regions(cast.ana, {"home-people:all": people})
