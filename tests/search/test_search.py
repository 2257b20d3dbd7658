"""Search through HTTP: what is found, how it is shown, and who finds nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.accounts.models import AuditEntry
from app.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from app.contacts import service as contacts
from app.contacts.models import Contact
from app.conversations import service
from app.conversations.models import Conversation, Message
from app.conversations.service import Author
from app.extensions import db
from app.search import hooks
from app.search.hooks import Numbered
from tests.cast import Cast
from tests.counting import counted_queries
from tests.telling import Login, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")
PHONE = "5541987654321"
OTHER = "5511933334444"


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    return login_as(cast.ana)


def said(client: FlaskClient, *texts: str, phone: str = PHONE, name: str = "Marina Alvês") -> None:
    for text in texts:
        tell(client, received(text, phone=phone, senderName=name, chatName=name))


def found(browser: FlaskClient, q: str, **given: str) -> str:
    answer = browser.get("/busca", query_string={"q": q, **given})
    assert answer.status_code == 200
    return answer.text


def hits(browser: FlaskClient, q: str, **given: str) -> int:
    return found(browser, q, **given).count('class="hit-link"')


SENTENCES = (
    "Quero renegociar as parcelas em aberto",
    "A negociação do boleto não foi concluída",
    "me manda o codigo de barras joao.silva@exemplo.com.br",
    "são R$ 4.512,88 do apto 1204",
    "preciso da segunda via, a via segunda não serve",
)


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("NEGOCIAÇÕES", "negociação"),
        ("negociacao", "negociação"),
        ("negocia", "negociação"),
        ("código", "codigo"),
        ("parcela", "parcelas"),
        ("bole", "boleto"),
        ("joao.silva@exemplo.com.br", "joao.silva@exemplo.com.br"),
        ("4.512,88", "4.512"),
        ("apto 1204", "1204"),
        ('"segunda via"', "segunda"),
        ("vistoria OU barras", "barras"),
    ],
)
def test_words_are_found_with_accents_and_stems_or_without(
    client: FlaskClient, ana: FlaskClient, q: str, marked: str
) -> None:
    said(client, *SENTENCES)
    page = found(ana, q)
    assert f"<mark>{marked}</mark>" in page
    assert page.count('class="hit-link"') == 1
    assert "1 mensagem<" in page


@pytest.mark.parametrize("q", ['"via boleto"', "boleto -negociacao", "120", "pix", "negociada x"])
def test_what_was_not_said_is_not_found(client: FlaskClient, ana: FlaskClient, q: str) -> None:
    said(client, *SENTENCES)
    page = found(ana, q)
    assert 'class="hit-link"' not in page
    assert "Nenhuma mensagem com" in page


def test_a_hit_says_who_wrote_what_and_opens_the_thread_there(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient
) -> None:
    said(client, "meu <b>boleto</b> chegou?")
    with app.app_context():
        talk = db.session.query(Conversation).one().id
        service.take_over(talk, person(cast.bruno), 1)
        service.add_note(talk, person(cast.bruno), "conferir o boleto no ERP")
        service.reply(talk, Author(user=person(cast.bruno)), "O boleto seguiu por e-mail")
        ids = [m.id for m in messages() if "boleto" in m.body]
    page = found(ana, "boleto")
    assert all(f"/conversas/{talk}?mensagem={one}" in page for one in ids)
    assert page.index(f"mensagem={ids[2]}") < page.index(f"mensagem={ids[0]}")
    for shown in ("Marina Alvês", "Cliente:", "Nota de Bruno Lima:", "Bruno Lima:",
                  "&lt;b&gt;<mark>boleto</mark>&lt;/b&gt;", "3 mensagens"):  # fmt: skip
        assert shown in page
    # The line of the timeline that says who took over is no message.
    assert hits(ana, "Bruno") == 0


@pytest.mark.parametrize(
    "q",
    ["(41) 98765-4321", "+55 41 98765-4321", "41 8765-4321", "987654321", "87654321", "4321",
     "5541987654321", "0 41 98765 4321", "41 98765", "marina", "ALVES mar", "marina.alves@"],
)  # fmt: skip
def test_a_contact_is_found_by_name_mail_or_phone_in_any_form(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient, q: str
) -> None:
    said(client, "oi")
    said(client, "olá", phone=OTHER, name="Outra Pessoa")
    with app.app_context():
        marina = db.session.query(Contact).filter_by(name="Marina Alvês").one()
        contacts.edit(marina.id, person(cast.bruno), {"email": "marina.alves@exemplo.com.br"})
    for path in ("/busca", "/busca/rapida"):
        text = ana.get(path, query_string={"q": q}).text
        assert f'href="/contatos/{marina.id}"' in text
        assert "Outra Pessoa" not in text
        assert "/conversas/" in text


@pytest.mark.parametrize(
    "q", ["529.982.247-25", "52998224725", "982.247", "***.982.247-**", "529.98"]
)
def test_a_cpf_finds_its_contact_and_that_is_recorded(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient, q: str
) -> None:
    said(client, "oi")
    with app.app_context():
        marina = db.session.query(Contact).one().id
        contacts.edit(marina, person(cast.bruno), {"cpf": "529.982.247-25"})
    page = found(ana, q)
    assert f'href="/contatos/{marina}"' in page
    assert "***.982.247-**" in page
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(action="contact.cpf_searched").one()
        assert (entry.actor_id, entry.entity_id) == (cast.ana, str(marina))
        assert "529" not in str(entry.after)


def test_who_may_not_see_a_cpf_finds_nobody_by_it(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(client, "oi")
    with app.app_context():
        contacts.edit(
            db.session.query(Contact).one().id, person(cast.bruno), {"cpf": "52998224725"}
        )
    less = ROLE_PERMISSIONS[Role.ATTENDANT] - {Permission.CPF_REVEAL}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.ATTENDANT, less)
    for q in ("529.982.247-25", "52998224725", "982.247"):
        assert "/contatos/" not in found(ana, q).partition('id="content"')[2]
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="contact.cpf_searched").all() == []


def test_typing_a_cpf_is_only_looked_up_when_it_is_whole(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient
) -> None:
    said(client, "oi")
    with app.app_context():
        contacts.edit(
            db.session.query(Contact).one().id, person(cast.bruno), {"cpf": "52998224725"}
        )
    assert "Marina" not in ana.get("/busca/rapida?q=529.982.24").text
    assert "Marina" in ana.get("/busca/rapida?q=529.982.247-25").text


def test_filters_narrow_by_time_channel_author_owner_and_kind(
    app: Flask, client: FlaskClient, cast: Cast, ana: FlaskClient
) -> None:
    clock.shift(-timedelta(days=40))
    said(client, "boleto antigo")
    clock.shift(timedelta())
    said(client, "boleto novo", phone=OTHER)
    with app.app_context():
        talk = db.session.query(Conversation).order_by(Conversation.id.desc()).first()
        assert talk is not None
        service.take_over(talk.id, person(cast.ana), talk.owner_version)
        service.reply(talk.id, Author(user=person(cast.ana)), "seu boleto")
        service.add_note(talk.id, person(cast.ana), "nota do boleto")
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    expected = [
        ({}, 4), ({"periodo": "7d"}, 3), ({"ate": str(today - timedelta(days=10))}, 1),
        ({"de": str(today)}, 3), ({"canal": "1"}, 4), ({"canal": "99"}, 0),
        ({"autor": "cliente"}, 2), ({"autor": str(cast.ana)}, 2), ({"autor": "robo"}, 0),
        ({"dono": str(cast.ana)}, 3), ({"tipo": "nota"}, 1), ({"tipo": "image"}, 0),
        ({"de": "ontem", "autor": "x", "canal": "-1", "tipo": "?"}, 4),
    ]  # fmt: skip
    assert [(given, hits(ana, "boleto", **given)) for given, _ in expected] == expected
    page = found(ana, "boleto", periodo="7d", tipo="nota")
    assert '<option value="7d" selected>' in page
    assert "Limpar filtros" in page


def test_older_hits_follow_by_key(app: Flask, client: FlaskClient, ana: FlaskClient) -> None:
    said(client, "boleto 0")
    with app.app_context():
        first = db.session.query(Message).one()
        db.session.add_all(
            Message(
                conversation_id=first.conversation_id, channel_id=first.channel_id, direction="in",
                author_kind="customer", body=f"boleto {n}", created_at=first.created_at,
                sorted_at=first.sorted_at,
            )
            for n in range(1, 65)
        )  # fmt: skip
        db.session.commit()
    seen: list[str] = []
    path = "/busca?q=boleto"
    while path:
        text = ana.get(path).text
        seen += [part.split('"')[0] for part in text.split("?mensagem=")[1:]]
        more = text.partition('hx-get="/busca/mensagens')[2].partition('"')[0]
        path = "/busca/mensagens" + more.replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 65


def test_another_teams_outsider_finds_nothing(
    client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    said(client, "boleto secreto")
    fabio = login_as(cast.fabio)
    for path in ("/busca?q=boleto", "/busca/mensagens?q=boleto", "/busca/rapida?q=marina"):
        assert fabio.get(path).status_code == 404
    assert "topline-search" not in fabio.get("/inicio").text


@pytest.mark.parametrize("q", ["", "a", " "])
def test_too_little_is_told_how_to_search(ana: FlaskClient, q: str) -> None:
    page = found(ana, q)
    assert "Procure em todo o histórico" in page or "Escreva um pouco mais" in page
    assert "quick-link" not in ana.get("/busca/rapida", query_string={"q": q}).text


@pytest.mark.parametrize(
    "q",
    ["' OR 1=1 --", "\x00\x00ab", "<->", "a:*&!b", "%%%", "\ue000ab\ue001", "x" * 5000, "-- ''"],
)
def test_odd_texts_break_nothing(client: FlaskClient, ana: FlaskClient, q: str) -> None:
    said(client, "oi \ue000tudo\ue001 bem")
    found(ana, q)
    assert "tudo <mark>bem</mark>" in found(ana, "bem")
    assert ana.get("/busca/mensagens?q=oi&antes=xyz").status_code == 404


def test_a_feature_above_lets_its_numbers_be_found(
    ana: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    def finder(viewer: object, number: int) -> list[Numbered]:
        seen.append((viewer.id, number))  # type: ignore[attr-defined]
        return [Numbered("Protocolo #00123", "Aberto", "/protocolos/123")]

    monkeypatch.setattr(hooks, "by_number", [finder])
    assert 'href="/protocolos/123"' in found(ana, "#00123")
    assert seen == [(cast.ana, 123)]


def test_the_number_of_queries_is_fixed(app: Flask, client: FlaskClient, ana: FlaskClient) -> None:
    said(client, *(f"boleto {n}" for n in range(5)))
    with app.app_context():
        engine = db.engine
    for path, most in (("/busca?q=boleto", 5), ("/busca?q=xyzw", 5), ("/busca/rapida?q=mar", 2)):
        ana.get(path)
        with counted_queries(engine) as counted:
            ana.get(path)
        assert counted.total <= most, counted.statements
