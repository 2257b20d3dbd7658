"""The list's filters: read from the address; the same in database, browser and repair."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.channels.models import Channel
from app.contacts.models import Contact
from app.conversations import live, queries, service  # noqa: F401 - live's readers register
from app.conversations.filters import NOTHING, WAITS, Filters, parse, read
from app.conversations.models import Conversation
from app.extensions import db
from app.labels import service as labels
from app.live import stale_regions
from app.teams import service as teams
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, person, received, tell

numbers = st.lists(st.integers(1, 99), max_size=3, unique=True).map(
    lambda found: tuple(sorted(found))
)
any_filters = st.builds(
    Filters,
    channels=numbers,
    labels=st.lists(st.integers(0, 99), max_size=3, unique=True).map(lambda f: tuple(sorted(f))),
    teams=st.lists(st.integers(0, 9), max_size=2, unique=True).map(lambda f: tuple(sorted(f))),
    owners=st.tuples() | st.just(("eu", "robo", "7")) | st.just(("ninguem",)),
    priorities=st.lists(st.integers(0, 4), max_size=3, unique=True).map(lambda f: tuple(sorted(f))),
    unread=st.booleans(),
    waiting=st.sampled_from((0, *WAITS)),
    text=st.text("aé 1&=:\"'%+<", max_size=12).map(lambda text: " ".join(text.split())),
)


@given(any_filters)
def test_an_address_says_exactly_what_is_filtered(filters: Filters) -> None:
    assert read(filters.written()) == filters
    assert not set("\"'<>: ") & set(filters.written())


@given(any_filters)
def test_taking_every_chip_off_leaves_nothing(filters: Filters) -> None:
    for name, value in filters.pairs():
        filters = filters.without(name, value)
    assert filters == NOTHING


@given(
    st.lists(
        st.tuples(st.sampled_from(["canal", "etiqueta", "dono", "espera", "texto"]), st.text())
    )
)
def test_no_address_is_an_error(pairs: list[tuple[str, str]]) -> None:
    found = parse(pairs)
    assert read(found.written()) == found


@pytest.fixture
def talks(app: Flask, client: FlaskClient, channel: int, cast: Cast) -> dict[str, int]:
    """Five conversations by the customer's name."""
    with app.app_context():
        people = {"Ágata": "boleto vencido", "Bento": "quero visitar", "Caio": "oi", "Dora": "oi",
                  "Enzo": "segunda via do boleto"}  # fmt: skip
        for number, (name, text) in enumerate(people.items(), start=1):
            clock.shift(-timedelta(minutes=100 - number * 10))
            tell(client, received(text, f"55009000{number:05d}", senderName=name, chatName=name))
        clock.shift(timedelta())
        other = Channel(
            name="Vendas", instance_id="INST-2", webhook_secret="s2", webhook_secret_hash="h2"
        )
        db.session.add(other)
        db.session.commit()
        rows = db.session.query(Conversation, Contact.name).join(
            Contact, Contact.id == Conversation.contact_id
        )
        found = {name: talk.id for talk, name in rows}
        db.session.get_one(Conversation, found["Caio"]).channel_id = other.id
        team = teams.create(person(cast.gisele), "Locação")
        teams.set_members(person(cast.gisele), team.id, [cast.ana])
        db.session.get_one(Conversation, found["Bento"]).team_id = team.id
        db.session.commit()
        for name in ("VIP", "Boleto"):
            labels.create(person(cast.gisele), name, "teal")
        service.relabel(found["Ágata"], person(cast.ana), [1, 2], [])
        service.relabel(found["Bento"], person(cast.ana), [2], [])
        service.prioritise(found["Bento"], person(cast.ana), 4)
        service.prioritise(found["Dora"], person(cast.ana), 3)
        service.take_over(found["Dora"], person(cast.ana), 1)
        service.take_over(found["Enzo"], person(cast.bruno), 1)
        service.mark_read(found["Dora"], person(cast.ana))
        return found


CASES = {
    "": {"Ágata", "Bento", "Caio", "Dora", "Enzo"},
    "canal=2": {"Caio"},
    "equipe=1": {"Bento"},
    "equipe=0&equipe=1&etiqueta=2": {"Ágata", "Bento"},
    "equipe=0": {"Ágata", "Caio", "Dora", "Enzo"},
    "etiqueta=1": {"Ágata"},
    "etiqueta=2": {"Ágata", "Bento"},
    "etiqueta=0": {"Caio", "Dora", "Enzo"},
    "etiqueta=0&etiqueta=1": {"Ágata", "Caio", "Dora", "Enzo"},
    "etiqueta=2&prioridade=urgent": {"Bento"},
    "prioridade=urgent&prioridade=high": {"Bento", "Dora"},
    "dono=eu": {"Dora"},
    "dono=2": {"Enzo"},
    "dono=eu&dono=2": {"Dora", "Enzo"},
    "dono=robo": {"Ágata", "Bento", "Caio"},
    "dono=ninguem": set(),
    "naolidas=1": {"Ágata", "Bento", "Caio", "Enzo"},
    "espera=60": {"Ágata", "Bento", "Caio", "Dora"},
    "texto=agata": {"Ágata"},
    "texto=BOLETO": {"Ágata", "Enzo"},
    "texto=seg via": {"Enzo"},
    "texto=00003": {"Caio"},
    "texto=nada disso": set(),
    "texto=boleto&etiqueta=1": {"Ágata"},
}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("order", queries.ORDERS)
def test_each_filter_finds_its_conversations_and_the_repair_agrees(
    talks: dict[str, int], cast: Cast, order: str
) -> None:
    ana = person(cast.ana)
    names = {number: name for name, number in talks.items()}
    for written, expected in CASES.items():
        filters = read(written)
        page = queries.page(ana, "all", order, filters=filters)
        assert {names[row.id] for row in page.rows} == expected, written
        shown = ",".join(f"{row.id}:{row.version}" for row in page.rows)
        region = f"inbox:all:{order}" + (f":{filters.written()}" if written else "")
        assert stale_regions(ana.id, {region: shown}) == [], written
        assert stale_regions(ana.id, {region: "9:9"}) == [region], written


@pytest.mark.usefixtures("context")
def test_the_browser_asks_of_a_row_what_the_database_asks(
    app: Flask, talks: dict[str, int], cast: Cast, login_as: Login
) -> None:
    """The tests that a list carries, run over the attributes that the rows carry."""
    ana = person(cast.ana)
    names = {number: name for name, number in talks.items()}
    rows = queries.page(ana, "all", "newest").rows
    with app.test_request_context():
        html = {
            row.id: app.jinja_env.get_template("conversations/_row.html").render(conversation=row)
            for row in rows
        }
    for written, expected in CASES.items():
        filters = read(written)
        if filters.asks:
            continue
        tests = json.loads(filters.tests(ana.id))
        passing = set()
        for number, text in html.items():
            has = dict(re.findall(r'data-(\w+)="([^"]*)"', unescape(text)))
            if all(set(wanted) & set(has[name].split()) for name, wanted in tests.items()):
                passing.add(names[number])
        assert passing == expected, written


def test_the_page_shows_chips_keeps_its_address_and_costs_no_more_than_five_queries(
    app: Flask, talks: dict[str, int], cast: Cast, login_as: Login
) -> None:
    browser = login_as(cast.ana)
    address = "/conversas?aba=all&ordem=newest&canal=1&etiqueta=1&dono=robo&dono=2&texto=boleto"
    with app.app_context():
        engine = db.engine
    browser.get(address)
    with counted_queries(engine) as seen:
        text = browser.get(address).text
    assert seen.total <= 5, seen.statements
    for words in (
        "Canal: WhatsApp",
        "Etiqueta: VIP",
        "Com: Bruno Lima",
        "Com: robô",
        "Texto: boleto",
    ):
        assert words in text
    assert (
        'href="/conversas?aba=all&amp;ordem=newest&amp;canal=1&amp;etiqueta=1&amp;dono=robo&amp;dono=2"'
        in text
    )
    assert "Ágata" in text
    assert "Bento" not in text
    assert browser.get("/conversas/filtros?etiqueta=1").text.count("checked") == 1


def test_an_outsider_gets_no_filters(cast: Cast, login_as: Login, channel: int) -> None:
    assert login_as(cast.fabio).get("/conversas/filtros").status_code == 404


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("order", queries.ORDERS)
def test_a_filtered_list_pages_to_its_end(talks: dict[str, int], cast: Cast, order: str) -> None:
    ana, filters = person(cast.ana), read("etiqueta=0&etiqueta=2")
    seen: list[int] = []
    after = ""
    while True:
        page = queries.page(ana, "all", order, after, size=2, filters=filters)
        seen += [row.id for row in page.rows]
        if not page.more or page.last is None:
            break
        after = queries.row_key(page.last, order)
    assert sorted(seen) == sorted(talks.values())
