"""Log-in: the lock, the same answer for everybody, and what a session is worth."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.accounts import attempts, login, passwords, service
from app.accounts.models import LoginAttempt, User
from app.extensions import db
from jobs import bulk
from jobs.schedule import SCHEDULE
from tests.accounts.browsing import send, sign_in
from tests.cast import PASSWORD, Cast

ANA = "ana@exemplo.com.br"
WRONG = "não é esta"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
LogIn = Callable[[int], FlaskClient]


def refused_text(client: FlaskClient, email: str, password: str) -> tuple[int, str]:
    """The answer without what differs in any two answers: the token and the e-mail typed."""
    answer = sign_in(client, email, password)
    body = answer.text[answer.text.index("<body") :].replace(email, "")
    return answer.status_code, "".join(
        line for line in body.splitlines() if "csrf" not in line.lower()
    )


def test_the_right_password_leads_where_the_person_was_going(
    client: FlaskClient, cast: Cast
) -> None:
    asked = client.get("/conta?x=1")
    assert asked.headers["Location"] == "/entrar?next=/conta?x%3D1"
    entered = sign_in(client, " ANA@exemplo.com.br ", PASSWORD, next="/conta?x=1")
    assert entered.headers["Location"] == "/conta?x=1"
    assert client.get("/conta").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
     "/\t/evil.example", "javascript:alert(1)", "evil", ""],
)  # fmt: skip
def test_nobody_is_led_out_of_the_product(client: FlaskClient, cast: Cast, target: str) -> None:
    assert sign_in(client, ANA, PASSWORD, next=target).headers["Location"] == "/"


def test_unknown_wrong_locked_and_deactivated_get_the_same_answer(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with app.app_context():
        service.deactivate("teste", cast.bruno)
        for _ in range(attempts.PAIR_LIMIT):
            login.check_password("gisele@exemplo.com.br", WRONG, "127.0.0.1")
    wrong = refused_text(client, ANA, WRONG)
    assert wrong[0] == 422
    assert refused_text(client, "ninguem@exemplo.com.br", WRONG) == wrong
    assert refused_text(client, "bruno@exemplo.com.br", PASSWORD) == wrong
    assert refused_text(client, "gisele@exemplo.com.br", PASSWORD) == wrong


@pytest.mark.usefixtures("context")
def test_a_hash_is_verified_whoever_asks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    matches = passwords._matches
    monkeypatch.setattr(
        passwords, "_matches", lambda kept, typed: verified.append(kept) or matches(kept, typed)
    )
    service.deactivate("teste", cast.bruno)
    for _ in range(attempts.PAIR_LIMIT):
        login.check_password("gisele@exemplo.com.br", WRONG, HERE)
    verified.clear()
    for email in (ANA, "ninguem@exemplo.com.br", "bruno@exemplo.com.br", "gisele@exemplo.com.br"):
        assert login.check_password(email, WRONG, HERE) is None
    assert len(verified) == 4
    assert len({kept.rpartition("$")[0].rpartition("$")[0] for kept in verified}) == 1


@pytest.mark.usefixtures("context")
def test_five_wrong_tries_lock_the_pair_and_only_the_pair(cast: Cast) -> None:
    for _ in range(5):
        assert login.check_password(ANA, WRONG, HERE) is None
    assert login.check_password(ANA, PASSWORD, HERE) is None
    assert login.check_password(ANA, PASSWORD, ELSEWHERE) is not None
    assert login.check_password("bruno@exemplo.com.br", PASSWORD, HERE) is not None


@pytest.mark.usefixtures("context")
def test_four_wrong_tries_lock_nothing_and_getting_in_forgets_them(cast: Cast) -> None:
    for _ in range(4):
        login.check_password(ANA, WRONG, HERE)
    assert login.check_password(ANA, PASSWORD, HERE) is not None
    login.entered(cast.ana, HERE)
    for _ in range(4):
        login.check_password(ANA, WRONG, HERE)
    assert login.check_password(ANA, PASSWORD, HERE) is not None


@pytest.mark.usefixtures("context")
def test_the_lock_ends_fifteen_minutes_after_the_fifth_try_whatever_came_between(
    cast: Cast,
) -> None:
    for minute in (0, 3, 6, 9, 12):
        clock.shift(timedelta(minutes=minute))
        login.check_password(ANA, WRONG, HERE)
    clock.shift(timedelta(minutes=26))
    assert login.check_password(ANA, PASSWORD, HERE) is None
    clock.shift(timedelta(minutes=27, seconds=1))
    assert login.check_password(ANA, PASSWORD, HERE) is not None


@pytest.mark.usefixtures("context")
def test_wrong_tries_far_apart_lock_nothing(cast: Cast) -> None:
    for minute in (0, 4, 8, 12, 16):
        clock.shift(timedelta(minutes=minute))
        login.check_password(ANA, WRONG, HERE)
    assert login.check_password(ANA, PASSWORD, HERE) is not None


@pytest.mark.usefixtures("context")
def test_an_account_is_locked_for_all_addresses_after_thirty(cast: Cast) -> None:
    for number in range(attempts.ACCOUNT_LIMIT):
        assert attempts.begin(ANA, f"10.0.1.{number}") is not None
    assert login.check_password(ANA, PASSWORD, HERE) is None


@pytest.mark.usefixtures("context")
def test_an_address_is_locked_for_all_accounts_after_fifty(cast: Cast) -> None:
    for number in range(attempts.ADDRESS_LIMIT):
        assert attempts.begin(f"{number}@exemplo.com.br", HERE) is not None
    assert login.check_password(ANA, PASSWORD, HERE) is None


def test_tries_at_the_same_time_verify_no_more_than_five(app: Flask, cast: Cast) -> None:
    def one_try(_: int) -> bool:
        with app.app_context():
            return attempts.begin(ANA, HERE) is not None

    with ThreadPoolExecutor(8) as crowd:
        taken = list(crowd.map(one_try, range(24)))
    assert sum(taken) == attempts.PAIR_LIMIT
    with app.app_context():
        assert db.session.scalar(select(func.count(LoginAttempt.id))) == attempts.PAIR_LIMIT


def test_whatever_was_in_the_session_before_is_gone_after_the_login(
    client: FlaskClient, cast: Cast
) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client, ANA, PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent
        assert session["_user_id"] == f"{cast.ana}.1"


def test_a_login_without_the_forms_token_is_refused(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/entrar", data={"email": ANA, "password": PASSWORD})
    assert answer.status_code == 400


def test_a_deactivated_persons_session_ends_at_once(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    browser = login_as(cast.ana)
    assert browser.get("/conta").status_code == 200
    with app.app_context():
        service.deactivate(db.session.get_one(User, cast.adriana), cast.ana)
    assert browser.get("/conta").status_code == 302
    assert browser.get("/conta/sessao", headers={"HX-Request": "true"}).status_code == 401


def test_reactivating_does_not_bring_the_old_sessions_back(
    app: Flask, cast: Cast, login_as: LogIn
) -> None:
    browser = login_as(cast.ana)
    with app.app_context():
        adriana = db.session.get_one(User, cast.adriana)
        service.deactivate(adriana, cast.ana)
        service.reactivate(adriana, cast.ana)
    assert browser.get("/conta").status_code == 302
    assert sign_in(browser, ANA, PASSWORD).status_code == 302
    assert browser.get("/conta").status_code == 200


def test_logging_out_ends_the_session_and_says_so(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, ANA, PASSWORD)
    assert send(client, "/sair").headers["Location"] == "/entrar"
    assert "Você saiu." in client.get("/entrar").text
    assert client.get("/conta").status_code == 302


@pytest.mark.parametrize(
    "email", ["a\0b@exemplo.com.br", "x" * 5000, "'; DROP TABLE users; --", ""]
)
def test_odd_e_mails_are_refused_like_any_other(
    client: FlaskClient, cast: Cast, email: str
) -> None:
    assert sign_in(client, email, WRONG).status_code == 422


@pytest.mark.usefixtures("context")
def test_tries_older_than_a_day_are_deleted_from_time_to_time(cast: Cast) -> None:
    attempts.begin("antiga@exemplo.com.br", HERE)
    clock.shift(timedelta(hours=25))
    attempts.begin(ANA, HERE)
    bulk.forget_old_attempts()

    assert db.session.scalars(select(LoginAttempt.email)).all() == [ANA]
    assert bulk.forget_old_attempts in [job for job, _, _ in SCHEDULE]
