"""Recebimentos: listed, searchable, live, and only for those who may."""

import pytest

from app.accounts.models import AuditEntry, User
from app.extensions import db
from app.intake import live, sockets
from app.intake.models import Receipt
from app.live import stale_regions
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.intake.bodies import received
from tests.processes import eventually


@pytest.fixture
def adriana(context, channel, login_as, cast):
    return as_page(login_as(cast.adriana))


@pytest.fixture
def post(client, context, channel):
    """Post a webhook and return the id of its receipt."""

    def send(**fields):
        client.post("/webhook/whatsapp", json=received(**fields))
        db.session.rollback()
        return db.session.query(Receipt.id).order_by(Receipt.id.desc()).first()[0]

    return send


def _page(client, **query):
    return client.get("/recebimentos", query_string=query).get_data(as_text=True)


def test_the_list_shows_what_arrived_newest_first(adriana, post):
    first, second = post(messageId="A"), post(messageId="B")
    html = _page(adriana)
    assert html.index(f'id="receipt-{second}"') < html.index(f'id="receipt-{first}"')
    assert "Processado" in html
    assert "ReceivedCallback" in html


@pytest.mark.parametrize("name", ["ana", "gisele", "fabio"])
def test_only_those_who_may_see_it(app, login_as, cast, channel, name):
    app.test_client().post("/webhook/whatsapp", json=received())
    client = as_page(login_as(getattr(cast, name)))
    assert client.get("/recebimentos").status_code == 404
    assert client.get("/recebimentos/1").status_code == 404
    assert client.post("/recebimentos/1/repeticoes").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"q": "WA-9"},
        {"q": "5541987654321"},
        {"q": "(41) 8765-4321"},
        {"tipo": "receivedcallback", "q": "554187654321"},
        {"estado": "quarantined"},
        {"instancia": "OUTRA"},
        {"prova": "open_address", "q": "WA-9"},
    ],
)
def test_filters_find_one_of_many(adriana, post, query):
    post(messageId="A")
    wanted = post(messageId="WA-9", phone="5541987654321", instanceId="OUTRA")
    html = _page(adriana, **query)
    assert html.count('id="receipt-') == 1
    assert f'id="receipt-{wanted}"' in html


@pytest.mark.parametrize("kept_as", ["5500900020001", "550000020001"])
@pytest.mark.parametrize(
    "text",
    ["(00) 90002-0001", "(00) 0002-0001", "900020001", "90002-0001", "+55 00 90002-0001",
     "5500900020001", "550000020001"],
)  # fmt: skip
def test_every_spelling_of_a_phone_finds_it(adriana, post, kept_as, text):
    post(messageId="A", phone="5541987654321")
    wanted = post(messageId="B", phone=kept_as)
    html = _page(adriana, q=text)
    assert html.count('id="receipt-') == 1
    assert f'id="receipt-{wanted}"' in html


@pytest.mark.parametrize("query", [{"de": "2020-01-01", "ate": "2020-01-02"}, {"q": "%"}])
def test_filters_that_match_nothing_say_so(adriana, post, query):
    post()
    assert "Nenhum recebimento" in _page(adriana, **query)


@pytest.mark.parametrize("query", [{"estado": "x"}, {"de": "ontem"}])
def test_a_filter_that_cannot_be_is_refused(adriana, query):
    assert adriana.get("/recebimentos", query_string=query).status_code == 400


def test_a_period_includes_both_days(adriana, post):
    post()
    assert _page(adriana, de="2020-01-01", ate="2099-01-01").count('id="receipt-') == 1


def test_pages_go_on_by_key_at_a_fixed_cost(adriana, post, monkeypatch):
    monkeypatch.setattr("app.intake.queries.PAGE", 2)
    ids = [post(messageId=f"M{n}") for n in range(5)]
    _page(adriana)
    with counted_queries() as counted:
        html = _page(adriana)
    assert counted.total <= 4
    assert f"antes={ids[3]}" in html
    html = _page(adriana, antes=ids[3])
    assert f'id="receipt-{ids[2]}"' in html
    assert f'id="receipt-{ids[3]}"' not in html


def test_looking_at_a_body_is_recorded(adriana, post, cast):
    receipt = post(text={"message": "<b>Olá</b>"})
    html = adriana.get(f"/recebimentos/{receipt}").get_data(as_text=True)
    assert "&lt;b&gt;Olá&lt;/b&gt;" in html
    assert "Nada: endereço aberto" in html
    entry = db.session.query(AuditEntry).filter_by(action="receipt.viewed").one()
    assert (entry.actor_id, entry.entity_id) == (cast.adriana, str(receipt))


def test_what_proved_the_sender_is_listed_and_found(adriana, client, post, secret):
    post(messageId="A")
    client.post(f"/webhook/zapi/{secret}", json=received(messageId="B"))
    assert _page(adriana).count("<td>Endereço secreto</td>") == 1
    html = _page(adriana, prova="secret_address")
    assert html.count('id="receipt-') == 1
    assert "<td>Endereço secreto</td>" in html


def test_a_body_that_is_no_json_is_shown_as_it_came(adriana, client, post):
    client.post("/webhook/whatsapp", data=b"\xff<x>{")
    receipt = db.session.query(Receipt).one().id
    assert "&lt;x&gt;{" in adriana.get(f"/recebimentos/{receipt}").get_data(as_text=True)


def test_a_receipt_is_replayed_from_its_page(adriana, post):
    receipt = post()
    answer = adriana.post(f"/recebimentos/{receipt}/repeticoes", follow_redirects=True)
    assert "Feito de novo" in answer.get_data(as_text=True)
    assert "repetido à mão 1 vez" in answer.get_data(as_text=True)


def test_an_unknown_receipt_is_not_found(adriana):
    assert adriana.get("/recebimentos/999").status_code == 404


def test_a_list_that_misses_a_receipt_is_stale(adriana, post, cast):
    first = post(messageId="A")
    shown = {live.REGION: f"{first}:1"}
    assert stale_regions(cast.adriana, shown) == []
    second = post(messageId="B")
    assert stale_regions(cast.adriana, shown) == [live.REGION]
    assert stale_regions(cast.adriana, {live.REGION: f"{second}:1,{first}:1"}) == []
    assert stale_regions(cast.adriana, {live.REGION: f"{second}:1+"}) == []


def test_only_those_who_may_hear_of_receipts(context, cast):
    for person, rooms in ((cast.ana, []), (cast.fabio, []), (cast.adriana, ["receipts"])):
        assert list(sockets.rooms_of(db.session.get(User, person))) == rooms
    assert stale_regions(cast.ana, {live.REGION: "1:1"}) == [live.REGION]


def test_a_burst_is_announced_at_once_and_at_its_end(app, context, monkeypatch):
    touched = []
    monkeypatch.setattr("app.live.touch", lambda room, *regions: touched.append(room))
    monkeypatch.setattr(live, "INTERVAL_SECONDS", 0.05)
    monkeypatch.setattr(live, "_throttle", live._Throttle())
    for _ in range(50):
        live.receipts_changed()
    assert touched == ["receipts"]
    assert eventually(lambda: len(touched) == 2)
