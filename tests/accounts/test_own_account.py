"""Minha conta: name, password, and the second factor from set-up to the last recovery code."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts import second_factor
from app.accounts.models import AuditEntry, User
from app.extensions import db
from tests.accounts.browsing import send, sign_in
from tests.cast import PASSWORD, Cast

ANA = "ana@exemplo.com.br"
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
LogIn = Callable[[int], FlaskClient]


def code_now(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def later(seconds: float) -> None:
    clock.shift(timedelta(seconds=seconds))


@pytest.fixture
def secret(app: Flask, cast: Cast) -> str:
    """Ana has a second factor; its secret."""
    with app.app_context():
        second_factor.begin(cast.ana)
        kept = db.session.get_one(User, cast.ana).totp_secret
        assert kept
        second_factor.confirm(cast.ana, code_now(kept))
    later(60)
    return kept


@pytest.fixture
def spare(app: Flask, cast: Cast, secret: str) -> list[str]:
    """Ana's recovery codes."""
    with app.app_context():
        return second_factor.renew_codes(cast.ana)


def test_everyone_chooses_how_long_a_send_can_be_undone(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    browser = login_as(cast.ana)
    given = {"name": "Ana Souza", "locale": "pt_BR", "theme": "auto"}
    for chosen, kept in (("10", 10), ("0", 0), ("", None)):
        send(browser, "/conta", **given, undo_send_seconds=chosen)
        with app.app_context():
            assert db.session.get_one(User, cast.ana).undo_send_seconds == kept
    assert send(browser, "/conta", **given, undo_send_seconds="99").status_code == 422


def test_name_language_and_theme_are_saved_and_recorded(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    browser = login_as(cast.ana)
    send(browser, "/conta", name="Ana Maria Souza", locale="pt_BR", theme="dark")
    page = browser.get("/conta").text
    assert "Ana Maria Souza" in page
    assert 'data-theme-choice="dark"' in page
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.before == {"name": "Ana Souza", "theme": "auto"}
        assert entry.after == {"name": "Ana Maria Souza", "theme": "dark"}


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 121}, {"theme": "pink"}, {"locale": "xx"}],
)
def test_what_is_not_offered_is_refused_with_a_sentence(
    cast: Cast, login_as: LogIn, fields: dict[str, str]
) -> None:
    sent = {"name": "Ana", "locale": "pt_BR", "theme": "auto", **fields}
    answer = send(login_as(cast.ana), "/conta", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_new_password_keeps_this_session_and_ends_the_others(
    cast: Cast, client: FlaskClient, login_as: LogIn
) -> None:
    here, elsewhere = login_as(cast.ana), login_as(cast.ana)
    new = "outra senha comprida"
    answer = send(here, "/conta/senha", present=PASSWORD, password=new, again=new)
    assert answer.status_code == 302
    assert here.get("/conta").status_code == 200
    assert elsewhere.get("/conta").status_code == 302
    assert sign_in(client, ANA, PASSWORD).status_code == 422
    assert sign_in(client, ANA, new).status_code == 302


@pytest.mark.parametrize(
    ("present", "new", "again"),
    [("errada", "outra senha comprida", "outra senha comprida"), (PASSWORD, "curta", "curta"),
     (PASSWORD, "outra senha comprida", "outra"), (PASSWORD, ANA, ANA)],
)  # fmt: skip
def test_a_bad_password_change_changes_nothing(
    cast: Cast, login_as: LogIn, present: str, new: str, again: str
) -> None:
    browser = login_as(cast.ana)
    answer = send(browser, "/conta/senha", present=present, password=new, again=again)
    assert answer.status_code == 422
    assert browser.get("/conta").status_code == 200


def test_guessing_the_present_password_in_an_open_session_locks_too(
    cast: Cast, login_as: LogIn
) -> None:
    browser, new = login_as(cast.ana), "outra senha comprida"
    for _ in range(5):
        send(browser, "/conta/senha", present="errada", password=new, again=new)
    answer = send(browser, "/conta/senha", present=PASSWORD, password=new, again=new)
    assert answer.status_code == 422


def test_the_second_factor_is_set_up_with_a_qr_code_and_confirmed_by_a_code(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    browser = login_as(cast.ana)
    page = send(browser, "/conta/duas-etapas")
    page = browser.get(page.headers["Location"])
    assert 'src="data:image/svg+xml' in page.text
    with app.app_context():
        kept = db.session.get_one(User, cast.ana).totp_secret
    assert kept
    assert kept in page.text
    assert send(browser, "/conta/duas-etapas/confirmacao", code="000000").status_code == 422
    shown = send(browser, "/conta/duas-etapas/confirmacao", code=code_now(kept))
    assert len(set(CODE.findall(shown.text))) == 10
    assert "10" in browser.get("/conta").text
    assert not CODE.findall(browser.get("/conta").text)


def test_a_password_alone_no_longer_lets_in(client: FlaskClient, cast: Cast, secret: str) -> None:
    answer = sign_in(client, ANA, PASSWORD, next="/conta?x=1")
    assert answer.headers["Location"] == "/entrar/codigo"
    assert client.get("/conta").status_code == 302
    entered = send(client, "/entrar/codigo", code=code_now(secret))
    assert entered.headers["Location"] == "/conta?x=1"
    assert client.get("/conta").status_code == 200


def test_a_code_works_only_once(client: FlaskClient, cast: Cast, secret: str) -> None:
    code = code_now(secret)
    sign_in(client, ANA, PASSWORD)
    assert send(client, "/entrar/codigo", code=code).status_code == 302
    send(client, "/sair")
    sign_in(client, ANA, PASSWORD)
    assert send(client, "/entrar/codigo", code=code).status_code == 422


def test_the_code_before_a_used_one_is_refused_too(
    app: Flask, client: FlaskClient, cast: Cast, secret: str
) -> None:
    earlier = code_now(secret)
    later(90)
    with app.app_context():
        assert second_factor.accept(cast.ana, code_now(secret))
        assert not second_factor.accept(cast.ana, earlier)


def test_five_wrong_codes_lock_as_wrong_passwords_do(
    client: FlaskClient, cast: Cast, secret: str
) -> None:
    sign_in(client, ANA, PASSWORD)
    for _ in range(5):
        assert send(client, "/entrar/codigo", code="000000").status_code == 422
    assert send(client, "/entrar/codigo", code=code_now(secret)).status_code == 422
    assert sign_in(client, ANA, PASSWORD).status_code == 422


def test_the_code_must_follow_within_five_minutes(
    client: FlaskClient, cast: Cast, secret: str
) -> None:
    sign_in(client, ANA, PASSWORD)
    later(60 + 301)
    answer = send(client, "/entrar/codigo", code=code_now(secret))
    assert answer.headers["Location"] == "/entrar"
    assert client.get("/conta").status_code == 302


def test_a_recovery_code_stands_in_once_however_it_is_typed(
    client: FlaskClient, cast: Cast, spare: list[str]
) -> None:
    typed = f" {spare[0].lower().replace('-', ' ')} "
    sign_in(client, ANA, PASSWORD)
    assert send(client, "/entrar/codigo", code=typed).status_code == 302
    assert "sem uso: 9" in client.get("/conta").text
    send(client, "/sair")
    sign_in(client, ANA, PASSWORD)
    assert send(client, "/entrar/codigo", code=spare[0]).status_code == 422
    assert send(client, "/entrar/codigo", code=spare[1]).status_code == 302


def test_new_codes_ask_for_the_password_and_end_the_old_ones(
    app: Flask, cast: Cast, login_as: LogIn, spare: list[str]
) -> None:
    browser = login_as(cast.ana)
    assert send(browser, "/conta/duas-etapas/codigos", present="errada").status_code == 422
    shown = send(browser, "/conta/duas-etapas/codigos", present=PASSWORD)
    assert len(set(CODE.findall(shown.text))) == 10
    with app.app_context():
        assert not second_factor.accept(cast.ana, spare[0])


def test_turning_it_off_asks_for_the_password(
    client: FlaskClient, cast: Cast, login_as: LogIn, secret: str
) -> None:
    browser = login_as(cast.ana)
    assert send(browser, "/conta/duas-etapas/desligamento", present="x").status_code == 422
    assert send(browser, "/conta/duas-etapas/desligamento", present=PASSWORD).status_code == 302
    assert sign_in(client, ANA, PASSWORD).headers["Location"] == "/"


def test_the_secret_is_encrypted_in_the_database(app: Flask, cast: Cast, secret: str) -> None:
    with app.app_context():
        raw = db.session.execute(db.text("SELECT totp_secret FROM users WHERE id = 1")).scalar()
    assert raw
    assert secret not in raw


def test_codes_of_another_half_minute_are_refused(app: Flask, cast: Cast, secret: str) -> None:
    old = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=90))
    with app.app_context():
        assert not second_factor.accept(cast.ana, old)
