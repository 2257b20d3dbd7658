"""The list, one protocol beside it, its story, and being found by its number."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import live
from app.accounts.models import AuditEntry
from app.company import service as company
from app.consultants import service as consultants
from app.contacts import merging
from app.contacts import service as contacts
from app.extensions import db
from app.protocols import queries, service
from app.protocols.models import Protocol
from app.transactions import atomic
from tests.browser_client import as_page
from tests.counting import counted_queries
from tests.telling import conversation, messages, person, received, tell


@pytest.fixture
def ana(login_as, cast, context):
    return as_page(login_as(cast.ana))


def _shown(html):
    return [int(part.split('"')[0]) for part in html.split('id="protocol-row-')[1:]]


def test_the_list_is_narrowed_and_pages_by_key(make, ana, marina):
    carla, davi = (
        consultants.create("teste", {"name": name, "languages": ["es"]}).id
        for name in ("Carla", "Davi")
    )
    first = make(language="pt-BR", contact_id=marina, consultant_id=carla)
    second = make(language="es", consultant_id=davi)
    third = make(language="pt-BR", consultant_id=davi)
    service.change(second.id, "teste", {"status": "closed"})
    get = lambda **q: _shown(ana.get("/protocolos/lista", query_string=q).text)  # noqa: E731
    assert get() == [third.id, second.id, first.id]
    assert get(situacao="closed") == [second.id]
    assert get(consultor=str(davi), situacao="open") == [third.id]
    assert get(idioma="PT-br") == [third.id, first.id]
    assert get(q="marina") == [first.id]
    assert get(q="#00002") == get(q="2") == get(q="00002") == get(q="2-6") == [second.id]
    assert get(q="2-7") == []
    assert get(de="2999-01-01") == []
    more = ana.get(f"/protocolos/lista/linhas?depois={second.id}").text
    assert _shown(more) == [first.id]


def test_the_list_costs_the_same_however_long_it_is(make, ana, marina):
    for _ in range(3):
        make(contact_id=marina)
    ana.get("/protocolos/lista")  # reads who the consultants are
    with counted_queries() as few:
        ana.get("/protocolos/lista")
    for _ in range(30):
        make(contact_id=marina)
    with counted_queries() as many:
        ana.get("/protocolos/lista")
    assert many.total == few.total <= 5


def test_what_is_changed_is_kept_with_its_story(make, ana, cast):
    made = make(language="pt-BR", description="Quer visitar")
    ana.post("/protocolos/lista/1", data={"status": "waiting"})
    ana.post("/protocolos/lista/1", data={"priority": "urgent", "description": "Visita dia 3"})
    page = ana.post("/protocolos/lista/1/anotacoes", data={"texto": "Ligou <b>hoje</b>"}).text
    for words in ("Aguardando", "Urgente", "Visita dia 3", "Ligou &lt;b&gt;hoje&lt;/b&gt;"):
        assert words in page
    assert [event.kind for event in queries.story(made.id)] == [
        "created", "status", "priority", "description", "note",
    ]  # fmt: skip
    assert db.session.query(AuditEntry).filter_by(action="protocol.changed").count() == 2
    assert ana.post("/protocolos/lista/1", data={"status": "nenhuma"}).status_code == 422
    assert ana.post("/protocolos/lista/1/anotacoes", data={"texto": " "}).status_code == 422


def test_the_story_is_only_added_to(make, context):
    make()
    for statement in ("UPDATE protocol_events SET kind = 'x'", "DELETE FROM protocol_events"):
        with pytest.raises(ProgrammingError, match="only added to"), atomic():
            db.session.execute(text(statement))


@pytest.mark.parametrize("asked", ["#00001", "#1", "1", "00001", "#00001-8", "00001-8"])
def test_it_is_found_by_number_everywhere(make, ana, asked):
    make(language="es")
    for address in ("/busca", "/busca/rapida"):
        assert "/protocolos/lista/1" in ana.get(address, query_string={"q": asked}).text


def test_the_list_finds_a_number_or_the_contact_of_a_telephone(make, ana, marina):
    theirs, other = make(contact_id=marina), make()
    shown = lambda asked: _shown(ana.get("/protocolos/lista", query_string={"q": asked}).text)  # noqa: E731
    assert shown("2") == [other.id]
    assert shown("5500900010001") == [theirs.id]
    assert shown("Marina") == [theirs.id]
    assert shown("#00009") == []


def test_a_misread_check_digit_finds_nothing(make, ana):
    make()
    assert "/protocolos/lista/1" not in ana.get("/busca/rapida?q=%2300001-3").text


def test_the_customer_is_told_the_number_by_the_system(client, channel, make, ana):
    tell(client, received("Oi"))
    talk = conversation()
    make(conversation_id=talk.id, contact_id=talk.contact_id)
    assert ana.post("/protocolos/lista/1/envio").status_code == 200
    message = messages("out")[-1]
    assert (message.author_kind, message.payload["rule"]) == ("system", "protocol")
    assert "#00001" in message.body
    assert queries.story(1)[-1].kind == "told"


def test_who_may_not_see_the_conversation_does_not_see_its_protocol(
    app, client, channel, make, cast, login_as
):
    tell(client, received("Oi"))
    with app.app_context():
        talk = conversation()
        company.change(person(cast.gisele), "visibility", {"visibility": "own"})
        with atomic():
            talk.owner_kind, talk.owner_id = "user", cast.bruno
    made = make(conversation_id=talk.id, contact_id=talk.contact_id)
    ana, gisele = login_as(cast.ana), login_as(cast.gisele)
    assert ana.get("/protocolos/lista/1").status_code == 404
    assert _shown(ana.get("/protocolos/lista").text) == []
    assert "/protocolos/lista/1" not in ana.get("/busca?q=%2300001").text
    with app.app_context():
        region = f"protocol:{made.id}"
        assert live.stale_regions(cast.ana, {region: "1"}) == [region]
    assert gisele.get("/protocolos/lista/1").status_code == 200
    assert login_as(cast.fabio).get("/protocolos/lista/1").status_code == 404


def test_merged_contacts_share_their_protocols_until_parted(make, marina, cast, context):
    with atomic():
        other = contacts.resolve(1, "5500900010002", None, "Marina S.").id
    mine, theirs = make(contact_id=marina), make(contact_id=other)
    merge = merging.merge(marina, other, person(cast.gisele))
    assert db.session.get_one(Protocol, theirs.id, populate_existing=True).contact_id == marina
    merging.undo_merge(merge.id, person(cast.gisele))
    assert db.session.get_one(Protocol, theirs.id, populate_existing=True).contact_id == other
    assert db.session.get_one(Protocol, mine.id, populate_existing=True).contact_id == marina
    assert [event.kind for event in queries.story(theirs.id)] == ["created", "merged", "separated"]


def test_a_page_that_fell_behind_is_told(make, cast, context):
    made = make()
    shown = {f"protocol:{made.id}": "1", "protocols:": f"{made.id}:1"}
    assert live.stale_regions(cast.ana, shown) == []
    service.change(made.id, "teste", {"status": "closed"})
    assert sorted(live.stale_regions(cast.ana, shown)) == sorted(shown)
    assert sorted(live.stale_regions(cast.fabio, shown)) == sorted(shown)


def test_the_paper_carries_a_hash_of_what_it_says(make, ana):
    make(language="pt-BR", description='#image("/etc/passwd") $x$ *oi*\nlinha <b>')
    answer = ana.get("/protocolos/lista/1/protocolo.pdf")
    assert answer.data.startswith(b"%PDF-")
    told = db.session.query(AuditEntry).filter_by(action="protocol.printed").one()
    assert len(told.after["fingerprint"]) == 64
    service.change(1, "teste", {"status": "closed"})
    ana.get("/protocolos/lista/1/protocolo.pdf")
    hashes = {
        one.after["fingerprint"]
        for one in db.session.query(AuditEntry)
        if one.action == "protocol.printed"
    }
    assert len(hashes) == 2
