"""Teams on open screens: other teams hear nothing, and a change is seen at once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from app.conversations.models import Conversation
from app.extensions import db
from app.teams import service as teams
from tests.live.conftest import Opens
from tests.live.scene import OTHER_PHONE, Scene
from tests.processes import eventually
from tests.running import Running
from tests.screens import Screen
from tests.telling import person


@pytest.fixture
def finance(scene: Scene) -> int:
    """Finance, the default team, is Ana's; sales is Bruno's. The scene's talk is in the line."""
    scene.transfers()
    with scene.app.app_context():
        gisele = person(scene.cast.gisele)
        team = teams.create(gisele, "Financeiro", "blue", is_default=True).id
        sales = teams.create(gisele, "Vendas", "red").id
        teams.set_members(gisele, team, [scene.cast.ana])
        teams.set_members(gisele, sales, [scene.cast.bruno])
    return team


@pytest.fixture
def screens(
    scene: Scene, finance: int, running: Running, cookies: dict[str, str]
) -> Iterator[dict[str, Screen]]:
    """Ana's, Bruno's and Gisele's sockets, on two processes."""
    webs = {"ana": "web", "bruno": "second", "gisele": "second"}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(Screen(running.web(web), cookies[name]))
            for name, web in webs.items()
        }


def heard_of(screen: Screen, *words: str) -> list[str]:
    """What came to a screen that has any of these words, after all that was on its way."""
    screen.sync()
    return [one for one in screen.heard() if any(word in one for word in words)]


def test_another_team_receives_nothing(scene: Scene, screens: dict[str, Screen]) -> None:
    scene.writes("Segunda via, por favor", OTHER_PHONE)
    theirs = scene.id + 1
    bruno = screens["bruno"]
    assert not bruno.look(theirs)
    assert screens["ana"].look(theirs)
    assert screens["gisele"].look(theirs)
    scene.writes("Alguém aí?", OTHER_PHONE)
    scene.gisele.post(f"/conversas/{theirs}/posse", versao="1")
    scene.gisele.post(f"/conversas/{theirs}/mensagens", texto="Bom dia!")
    for name in ("ana", "gisele"):
        assert screens[name].saw('hx-target="#conversation-list"', f'id="row-{theirs}"')
        assert screens[name].saw("Alguém aí?", 'hx-target="#thread')
    assert not bruno.look(theirs)
    assert heard_of(bruno, f"-{theirs}", "Alguém", "Segunda via", "Bom dia!") == []
    assert f"conversation:{theirs}" in bruno.sync(**{f"conversation_{theirs}": "1"})
    assert bruno.saw('id="count-bot', seconds=0) is False


def test_given_to_another_team_it_leaves_the_screens_of_the_first(
    scene: Scene, screens: dict[str, Screen], finance: int
) -> None:
    ana, bruno = screens["ana"], screens["bruno"]
    scene.gisele.post(
        f"/conversas/{scene.id}/transferencia", versao=scene._seen(), para=f"equipe-{finance}"
    )
    assert bruno.saw(f'id="row-{scene.id}"', "data-gone")
    assert ana.look(scene.id)
    for screen in screens.values():
        screen.forget()
    scene.gisele.post(
        f"/conversas/{scene.id}/transferencia", versao=scene._seen(), para="equipe-2", nota="VIP"
    )
    assert bruno.saw(f'id="row-{scene.id}"', "Equipe Vendas")
    assert ana.saw(f'id="row-{scene.id}"', "data-gone")
    assert ana.was_touched(f"conversation:{scene.id}")
    assert screens["gisele"].saw("count-unassigned", ">1<")
    assert bruno.saw('id="count-unassigned-2"', ">1<")
    scene.writes("Ainda esperando")
    assert bruno.saw("Ainda esperando")
    # Ana's socket has not moved; it gets nothing of what the thread says now.
    assert heard_of(ana, "VIP", "Vendas", "Ainda esperando") == []
    assert not ana.look(scene.id)


@pytest.mark.browser
def test_a_change_of_teams_or_of_the_rule_is_seen_on_open_screens(
    scene: Scene, opens: Opens, finance: int
) -> None:
    scene.writes("Do financeiro", OTHER_PHONE)
    theirs = scene.id + 1
    bruno = opens("bruno", "/conversas?aba=all")
    row = bruno.page.locator(f"#row-{theirs}")
    expect(bruno.page.locator(f"#row-{scene.id}")).to_be_visible()
    expect(row).to_have_count(0)
    # He is put into the team: the row is there, and the number counts it.
    scene.adriana.post(f"/configuracoes/equipes/de/{scene.cast.bruno}", teams=str(finance))
    expect(row).to_be_visible()
    expect(row.get_by_title("Equipe Financeiro")).to_be_visible()
    expect(bruno.page.locator("#sum-bot")).to_have_text("1")
    row.locator("a").click()
    composer = bruno.page.locator(".composer-text")
    composer.fill("Estou vendo isto")
    expect(bruno.page.locator("#thread")).to_contain_text("Do financeiro")
    # The rule is narrowed, somebody else takes it: it closes with a plain sentence.
    scene.gisele.post("/configuracoes/visibility", visibility="own")
    eventually(lambda: bruno.page.locator("#live-dot").get_attribute("data-state") == "live", 3)
    expect(composer).to_have_value("Estou vendo isto")
    scene.gisele.post(f"/conversas/{theirs}/posse", versao="1")
    expect(bruno.page.get_by_text("Você não vê mais esta conversa")).to_be_visible()
    expect(row).to_have_count(0)
    expect(bruno.page.locator("#sum-bot")).to_have_text("0")
    # And back, without a reload.
    scene.gisele.post("/configuracoes/visibility", visibility="everything")
    expect(row).to_be_visible()
    assert bruno.differences() == {}
    with scene.app.app_context():
        assert db.session.get_one(Conversation, theirs).team_id == finance
