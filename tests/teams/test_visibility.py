"""Who sees a conversation: one rule in pages, threads, counts, search of the list, and rooms."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import User
from app.conversations import counters, live, queries, service, visibility
from app.conversations.models import Conversation
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.live import stale_regions, user_room
from app.teams import service as teams
from app.transactions import atomic
from tests.cast import Cast
from tests.teams.conftest import Teams
from tests.telling import Login, conversation, csrf, messages, person, received, tell

OTHER_PHONE = "5500900010002"


@pytest.fixture
def talk(
    app: Flask, client: FlaskClient, two_teams: Teams, receives: Callable[[int | None], None]
) -> int:
    """A conversation of finance that the bot owns; its id."""
    receives(two_teams.finance)
    tell(client, received("Cadê meu boleto?"))
    with app.app_context():
        return conversation().id


def sees(browser: FlaskClient, talk: int) -> bool:
    """Whether the list has it; the thread must then be open too, and else a 404."""
    listed = f'id="row-{talk}"' in browser.get("/conversas/lista?aba=all").text
    paths = ("", "/mensagens", "/mudancas", "/mesa", "/presentes")
    answers = {browser.get(f"/conversas/{talk}{path}").status_code for path in paths}
    assert answers == ({200} if listed else {404}), answers
    return listed


def test_a_team_sees_what_is_its_own_and_others_find_nothing(
    talk: int, cast: Cast, login_as: Login
) -> None:
    ana, bruno, gisele = (login_as(one) for one in (cast.ana, cast.bruno, cast.gisele))
    assert sees(ana, talk)
    assert sees(gisele, talk)
    assert not sees(bruno, talk)
    for path in ("posse", "mensagens", "leitura", "encerramento", "transferencia"):
        fields = {"versao": "1", "texto": "oi", "para": "fila"}
        answer = bruno.post(f"/conversas/{talk}/{path}", data=fields, headers=csrf(bruno))
        assert answer.status_code == 404, path


def test_without_teams_everything_is_as_before(
    app: Flask, client: FlaskClient, channel: int, cast: Cast, login_as: Login
) -> None:
    tell(client, received("Oi"))
    with app.app_context():
        talk = conversation().id
    assert sees(login_as(cast.ana), talk)
    assert sees(login_as(cast.bruno), talk)


@pytest.mark.usefixtures("context")
def test_the_contacts_other_conversations_follow_the_rule(
    talk: int, cast: Cast, login_as: Login
) -> None:
    contact = conversation().contact_id
    assert queries.earlier_of(person(cast.ana), contact, 0)
    assert not queries.earlier_of(person(cast.bruno), contact, 0)
    assert queries.find(person(cast.ana), talk)
    with pytest.raises(NotFound):
        queries.find(person(cast.bruno), talk)


@pytest.mark.usefixtures("context")
def test_the_default_team_receives_what_has_no_other(
    client: FlaskClient, two_teams: Teams, channel: int, cast: Cast
) -> None:
    gisele = person(cast.gisele)
    tell(client, received("sem equipe", phone="5500900010003"))
    teams.edit(gisele, two_teams.sales, "Vendas", "red", True)
    tell(client, received("da padrão"))
    teams.archive(gisele, two_teams.sales)
    tell(client, received("de novo sem", phone=OTHER_PHONE))
    found = db.session.scalars(select(Conversation.team_id).order_by(Conversation.id)).all()
    assert found == [None, two_teams.sales, None]


@pytest.mark.usefixtures("context")
def test_the_numbers_count_only_what_each_sees(
    talk: int,
    client: FlaskClient,
    two_teams: Teams,
    receives: Callable[[int | None], None],
    cast: Cast,
) -> None:
    receives(two_teams.sales)
    tell(client, received("Tem apartamento?", OTHER_PHONE))
    receives(None)
    tell(client, received("Olá", "5500900010003"))

    def bot_tab(user_id: int) -> int:
        return counters.totals(user_id)["bot"]

    assert (bot_tab(cast.ana), bot_tab(cast.bruno), bot_tab(cast.gisele)) == (2, 2, 3)
    service.transfer(talk, person(cast.gisele), None, "", 1, db.session.get_one(*_team(two_teams)))
    assert counters.totals(cast.ana) == {"mine": 0, "unassigned": 0, "bot": 1}
    assert counters.totals(cast.bruno) == {"mine": 0, "unassigned": 1, "bot": 2}
    assert counters.totals(cast.gisele) == {"mine": 0, "unassigned": 1, "bot": 2}
    counted = [counters.totals(one) for one in (cast.ana, cast.bruno, cast.gisele)]
    counters.settle()
    assert counted == [counters.totals(one) for one in (cast.ana, cast.bruno, cast.gisele)]
    # As the page shows them: one number for the manager, one for each team for the others.
    # Behind them all that are open and that are put off, counted when they are asked for.
    shown = {cast.gisele: "0/1/2/3/0", cast.ana: "0/0/0/1/0/1/0", cast.bruno: "0/0/1/1/1/3/0"}
    for user_id, numbers in shown.items():
        assert stale_regions(user_id, {"inbox-counts:me": numbers}) == []


def _team(two_teams: Teams) -> tuple[type, int]:
    from app.teams.models import Team

    return Team, two_teams.sales


@pytest.mark.usefixtures("context")
def test_given_to_another_team_it_waits_in_that_line_and_the_thread_says_so(
    talk: int, two_teams: Teams, cast: Cast
) -> None:
    ana = person(cast.ana)
    service.take_over(talk, ana, 1)
    service.transfer(talk, ana, None, "É venda", 2, db.session.get_one(*_team(two_teams)))
    found = conversation()
    assert (found.team_id, found.owner_kind, found.owner_id) == (two_teams.sales, "nobody", None)
    event = messages("event")[-1]
    assert (event.kind, event.payload) == ("transferred", {"to": None, "team": "Vendas"})
    assert not queries.may_see(ana, found)


@pytest.mark.usefixtures("context")
def test_a_team_out_of_use_receives_nothing(talk: int, two_teams: Teams, cast: Cast) -> None:
    gisele = person(cast.gisele)
    teams.archive(gisele, two_teams.sales)
    with pytest.raises(GuicheError, match="fora de uso"):
        service.transfer(talk, gisele, None, "", 1, db.session.get_one(*_team(two_teams)))


@pytest.mark.usefixtures("context")
def test_the_owner_sees_theirs_whatever_the_team(talk: int, two_teams: Teams, cast: Cast) -> None:
    service.transfer(talk, person(cast.gisele), person(cast.bruno), "", 1)
    assert queries.find(person(cast.bruno), talk).team_id == two_teams.finance
    assert stale_regions(cast.ana, {f"conversation:{talk}": "0"})


@pytest.mark.usefixtures("context")
def test_with_only_their_own_colleagues_conversations_are_hidden(
    talk: int, two_teams: Teams, cast: Cast, rule: Callable[[str], None]
) -> None:
    teams.set_members(person(cast.gisele), two_teams.finance, [cast.ana, cast.bruno])
    rule("own")
    assert queries.find(person(cast.bruno), talk)
    service.take_over(talk, person(cast.ana), 1)
    assert queries.find(person(cast.ana), talk)
    with pytest.raises(NotFound):
        queries.find(person(cast.bruno), talk)
    rule("everything")
    assert queries.find(person(cast.bruno), talk)


KINDS = st.sampled_from([("bot", False), ("nobody", False), ("user", True)])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rule_name=st.sampled_from(list(visibility.VISIBILITY.options)),
    in_team=st.sampled_from(["finance", "sales", None]),
    owner=st.sampled_from(["ana", "bruno", "gisele", None]),
    memberships=st.fixed_dictionaries(
        {name: st.sets(st.sampled_from(["finance", "sales"])) for name in ("ana", "bruno")}
    ),
)
@pytest.mark.usefixtures("context")
def test_pages_and_rooms_say_the_same(
    talk: int,
    two_teams: Teams,
    cast: Cast,
    rule: Callable[[str], None],
    rule_name: str,
    in_team: str | None,
    owner: str | None,
    memberships: dict[str, set[str]],
) -> None:
    rule(rule_name)
    with atomic():
        found = db.session.get_one(Conversation, talk)
        found.team_id = getattr(two_teams, in_team) if in_team else None
        found.owner_kind = "user" if owner else "nobody"
        found.owner_id = getattr(cast, owner) if owner else None
        for name, names in memberships.items():
            person(getattr(cast, name)).team_ids = [getattr(two_teams, one) for one in names]
    rooms = set(visibility.audience(found))
    for user in db.session.scalars(select(User)).all():
        hears = rooms & {user_room(user.id), *visibility.rooms_of(user)}
        assert bool(hears) == queries.may_see(user, found), user.name
    # Whoever may not see it any more is not in the room that its thread has now.
    before = live.room(found)
    seeing = {user.id for user in db.session.scalars(select(User)) if queries.may_see(user, found)}
    with atomic():
        found.team_id = two_teams.sales
        found.owner_kind, found.owner_id = "user", cast.fabio
    after = {user.id for user in db.session.scalars(select(User)) if queries.may_see(user, found)}
    assert live.room(found) != before or seeing <= after | {cast.fabio}
