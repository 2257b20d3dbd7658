"""Sockets: who is let in, who is cut, and what they learn."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from socketio.exceptions import ConnectionError as Refused

from app.accounts import login, own_account, presence, service
from app.accounts.models import User
from app.extensions import db
from tests.accounts.browsing import Screen, send, sign_in
from tests.cast import PASSWORD, Cast
from tests.running import Running

LogIn = Callable[[int], FlaskClient]


@pytest.fixture
def web(running: Running, app: Flask) -> str:
    """The address of a real web process on this test's database."""
    return running.web()


@pytest.fixture
def admin(app: Flask, cast: Cast) -> Iterator[User]:
    """Adriana, as services are given her."""
    with app.app_context():
        yield db.session.get_one(User, cast.adriana)


def test_staff_get_a_socket_from_our_own_pages(web: str, cast: Cast, login_as: LogIn) -> None:
    with Screen(web, login_as(cast.ana)) as screen:
        assert screen.sync() == []


def test_nobody_gets_a_socket_without_a_session(web: str, client: FlaskClient) -> None:
    with pytest.raises(Refused), Screen(web, client):
        pass


def test_a_foreign_page_gets_no_socket(web: str, cast: Cast, login_as: LogIn) -> None:
    browser = login_as(cast.ana)
    for origin in ("https://evil.example", "null", web + ".evil.example"):
        with pytest.raises(Refused), Screen(web, browser, origin):
            pass


def test_a_deactivated_person_is_cut_at_once_and_not_let_in_again(
    web: str, cast: Cast, login_as: LogIn, admin: User
) -> None:
    browser = login_as(cast.ana)
    with Screen(web, browser) as hers, Screen(web, login_as(cast.bruno)) as anothers:
        service.deactivate(admin, cast.ana)
        assert hers.cut.wait(2)
        assert not anothers.cut.is_set()
    with pytest.raises(Refused), Screen(web, browser):
        pass


def test_other_roles_cut_the_socket_so_that_it_comes_back_into_other_rooms(
    web: str, cast: Cast, login_as: LogIn, admin: User
) -> None:
    browser = login_as(cast.ana)
    with Screen(web, browser) as before:
        service.change_roles(admin, cast.ana, ["attendant", "admin"])
        assert before.cut.wait(2)
    with Screen(web, browser) as after:
        after.sync()
        service.invite(admin, "Nova Pessoa", "nova@exemplo.com.br", ["finance"])
        assert after.saw("Nova Pessoa")


def test_logging_out_cuts_the_other_tabs_and_a_copied_cookie_opens_nothing(
    web: str, cast: Cast, client: FlaskClient
) -> None:
    sign_in(client, "ana@exemplo.com.br", PASSWORD)
    copied = client.get_cookie("guiche")
    assert copied
    with Screen(web, client) as tab:
        send(client, "/sair")
        assert tab.cut.wait(2)
    client.set_cookie("guiche", copied.value)
    assert client.get("/conta").status_code == 302
    with pytest.raises(Refused), Screen(web, client):
        pass


def test_a_new_password_cuts_every_socket(
    web: str, app: Flask, cast: Cast, login_as: LogIn
) -> None:
    with Screen(web, login_as(cast.ana)) as tab, app.app_context():
        ana = db.session.get_one(User, cast.ana)
        own_account.change_password(ana, PASSWORD, "outra senha comprida", "10.0.0.1")
        assert tab.cut.wait(2)


def test_admins_see_the_staff_change_and_nobody_else_hears_of_it(
    web: str, cast: Cast, login_as: LogIn, admin: User
) -> None:
    with (
        Screen(web, login_as(cast.adriana)) as inside,
        Screen(web, login_as(cast.gisele)) as outside,
    ):
        inside.sync()
        outside.sync()
        service.invite(admin, "Nova Pessoa", "nova@exemplo.com.br", ["attendant"])
        assert inside.saw('hx-target="#staff-list"')
        assert inside.saw("Nova Pessoa")
        assert inside.saw('hx-target="#audit-list"')
        assert not outside.saw("Nova Pessoa", 0.5)


def test_a_list_that_fell_behind_is_named_stale(
    web: str, cast: Cast, login_as: LogIn, admin: User
) -> None:
    people = ",".join(f"{number}:1" for number in range(5, 0, -1))
    with Screen(web, login_as(cast.adriana)) as screen:
        assert screen.sync(staff_all=people) == []
        login.entered(cast.ana, "10.0.0.1")
        assert screen.sync(staff_all=people) == ["staff:all"]


def test_regions_of_administration_are_always_stale_for_others(
    web: str, cast: Cast, login_as: LogIn
) -> None:
    shown = {"staff_all": "", "tokens_all": "", "audit_newest": "", "staff-member_1": "1"}
    with Screen(web, login_as(cast.gisele)) as screen:
        assert len(screen.sync(**shown)) == 4


@pytest.mark.parametrize(
    "payload", [None, 7, "x", [], {"regions": 5}, {"regions": {"staff:all": 5, "a\0": "b"}}]
)
def test_a_malformed_sync_is_answered_and_harms_nobody(
    web: str, cast: Cast, login_as: LogIn, payload: object
) -> None:
    with Screen(web, login_as(cast.adriana)) as screen:
        assert screen.socket.call("sync", payload, timeout=5) == {"stale": []}


def test_the_dots_of_presence_can_be_asked_for_again(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    with app.app_context():
        presence.heard(cast.ana, "tab-1", visible=True)
    answer = login_as(cast.bruno).get("/presencas")
    assert f'data-presence="{cast.ana}" data-state="online"' in answer.text
    assert 'data-state="online"' in login_as(cast.ana).get("/presencas/minha").text
    assert login_as(cast.fabio).get("/presencas").status_code == 404
