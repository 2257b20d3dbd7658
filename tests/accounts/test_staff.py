"""Equipe: invitations, roles, deactivation, resets, and the last administrator."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts import links, second_factor, service
from app.accounts.models import AuditEntry, User
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from tests.accounts.browsing import queries_of, send, sign_in
from tests.cast import PASSWORD, Cast

NEW = "uma senha bem nova"
LINK = re.compile(r'value="https?://[^/]+(/convite/[^"]+)"')
LogIn = Callable[[int], FlaskClient]


@pytest.fixture
def admin(cast: Cast, login_as: LogIn) -> FlaskClient:
    """Adriana's browser."""
    return login_as(cast.adriana)


def invite(admin: FlaskClient, email: str = "nova@exemplo.com.br", **fields: object) -> str:
    """Invite Nina; the path of her link."""
    answer = send(admin, "/equipe/convite", name="Nina", email=email, roles="attendant", **fields)
    found = LINK.search(answer.text)
    assert found, answer.text
    return found.group(1)


def set_password(client: FlaskClient, path: str, password: str = NEW) -> int:
    return send(client, path, password=password, again=password).status_code


def last_entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def adriana(cast: Cast) -> User:
    return db.session.get_one(User, cast.adriana)


def test_an_invited_person_sets_a_password_and_enters(
    admin: FlaskClient, client: FlaskClient
) -> None:
    path = invite(admin)
    assert "Olá, Nina" in client.get(path).text
    assert set_password(client, path) == 302
    assert sign_in(client, "nova@exemplo.com.br", NEW).status_code == 302


def test_an_invitation_works_once(admin: FlaskClient, client: FlaskClient) -> None:
    path = invite(admin)
    set_password(client, path)
    assert client.get(path).status_code == 410
    again = send(client, path, password="outra ainda", again="outra ainda")
    assert again.status_code == 410
    assert "peça um link novo a um administrador" in again.text
    assert sign_in(client, "nova@exemplo.com.br", NEW).status_code == 302


def test_an_invitation_expires(admin: FlaskClient, client: FlaskClient) -> None:
    path = invite(admin)
    clock.shift(timedelta(hours=72, seconds=1))
    assert client.get(path).status_code == 410
    assert set_password(client, path) == 410


def test_two_at_once_with_one_link_set_one_password(app: Flask, admin: FlaskClient) -> None:
    secret = invite(admin).rpartition("/")[2]

    def one_use(number: int) -> bool:
        with app.app_context():
            try:
                links.use(secret, f"senha número {number}")
            except links.LinkGone:
                return False
            return True

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(one_use, range(4))) == 1


def test_an_unknown_link_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/convite/never-made")
    assert answer.status_code == 410
    assert "peça um link novo" in answer.text


def test_a_link_is_shown_once_and_kept_only_as_a_hash(app: Flask, admin: FlaskClient) -> None:
    secret = invite(admin).rpartition("/")[2]
    assert secret not in admin.get("/equipe").text
    with app.app_context():
        kept = db.session.execute(db.text("SELECT one_time_links::text FROM one_time_links"))
        assert secret not in str(kept.all())


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"name": ""}, "Informe um nome"), ({"email": "sem-arroba"}, "e-mail válido"),
     ({"email": "ANA@exemplo.com.br"}, "Ana Souza já usa"), ({"roles": "king"}, "um papel"),
     ({"roles": []}, "um papel")],
)  # fmt: skip
def test_a_bad_invitation_is_refused_with_a_sentence(
    admin: FlaskClient, fields: dict[str, object], said: str
) -> None:
    sent = {"name": "Nina", "email": "nova@exemplo.com.br", "roles": "attendant", **fields}
    answer = send(admin, "/equipe/convite", **sent)
    assert answer.status_code in (409, 422)
    assert said in answer.text


@pytest.mark.usefixtures("context")
def test_a_change_of_roles_is_recorded_with_before_and_after(cast: Cast) -> None:
    service.change_roles(adriana(cast), cast.ana, ["finance", "attendant"])
    entry = last_entry()
    assert (entry.actor_id, entry.action, entry.entity_id) == (
        cast.adriana, "user.roles_changed", str(cast.ana),
    )  # fmt: skip
    assert entry.before == {"roles": ["attendant"]}
    assert entry.after == {"roles": ["attendant", "finance"]}


def test_roles_are_changed_from_the_persons_page(
    app: Flask, cast: Cast, admin: FlaskClient, login_as: LogIn
) -> None:
    ana = login_as(cast.ana)
    assert ana.get("/equipe").status_code == 404
    answer = send(admin, f"/equipe/{cast.ana}/papeis", roles=["attendant", "admin"])
    assert f'id="staff-member-{cast.ana}"' in answer.text
    assert ana.get("/equipe").status_code == 200


@pytest.mark.usefixtures("context")
def test_deactivation_is_recorded_and_tells_the_other_features(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    hook = lambda user, actor: told.append(user.name)  # noqa: E731 - one line says it
    monkeypatch.setattr(service, "on_less_access", [hook])
    service.deactivate(adriana(cast), cast.ana)
    service.deactivate(adriana(cast), cast.ana)
    assert told == ["Ana Souza"]
    entry = last_entry()
    assert (entry.action, entry.before, entry.after) == (
        "user.deactivated", {"active": True}, {"active": False},
    )  # fmt: skip


@pytest.mark.usefixtures("context")
def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Conflict, match="última pessoa na administração"):
        service.deactivate(adriana(cast), cast.adriana)
    with pytest.raises(Conflict, match="última pessoa na administração"):
        service.change_roles(adriana(cast), cast.adriana, ["manager"])
    service.change_roles(adriana(cast), cast.ana, ["attendant", "admin"])
    service.change_roles(adriana(cast), cast.adriana, ["manager"])
    with pytest.raises(Conflict):
        service.deactivate("teste", cast.ana)


@pytest.mark.usefixtures("context")
def test_an_administrator_without_a_password_yet_does_not_count(cast: Cast) -> None:
    service.invite(adriana(cast), "Nina", "nova@exemplo.com.br", ["admin"])
    with pytest.raises(Conflict):
        service.deactivate(adriana(cast), cast.adriana)


def test_two_administrators_cannot_remove_each_other_at_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        service.change_roles("teste", cast.ana, ["admin"])

    def remove(user_id: int) -> bool:
        with app.app_context():
            try:
                service.deactivate("teste", user_id)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as crowd:
        assert sum(crowd.map(remove, [cast.ana, cast.adriana])) == 1


def test_a_reset_ends_sessions_and_the_old_password(
    admin: FlaskClient, client: FlaskClient, cast: Cast, login_as: LogIn
) -> None:
    session = login_as(cast.ana)
    answer = send(admin, f"/equipe/{cast.ana}/link")
    found = LINK.search(answer.text)
    assert found
    assert session.get("/conta").status_code == 302
    assert sign_in(client, "ana@exemplo.com.br", PASSWORD).status_code == 422
    assert set_password(client, found.group(1)) == 302
    assert sign_in(client, "ana@exemplo.com.br", NEW).status_code == 302


def test_a_second_link_replaces_the_first(
    admin: FlaskClient, client: FlaskClient, cast: Cast
) -> None:
    first = LINK.search(send(admin, f"/equipe/{cast.ana}/link").text)
    send(admin, f"/equipe/{cast.ana}/link")
    assert first
    assert client.get(first.group(1)).status_code == 410


def test_a_deactivated_persons_link_opens_nothing(
    app: Flask, admin: FlaskClient, client: FlaskClient
) -> None:
    path = invite(admin)
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == "nova@exemplo.com.br")).one()
        service.deactivate("teste", user.id)
    assert client.get(path).status_code == 410


@pytest.mark.usefixtures("context")
def test_nobody_resets_their_own_password_here(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Minha conta"):
        service.reset_password(adriana(cast), cast.adriana)


@pytest.mark.usefixtures("context")
def test_who_is_not_there_cannot_be_changed(cast: Cast) -> None:
    with pytest.raises(NotFound):
        service.deactivate(adriana(cast), 999)
    with pytest.raises(GuicheError):
        service.change_roles(adriana(cast), cast.ana, [])


def test_an_administrator_removes_a_lost_second_factor(
    app: Flask, cast: Cast, admin: FlaskClient
) -> None:
    with app.app_context():
        second_factor.begin(cast.ana)
    send(admin, f"/equipe/{cast.ana}/duas-etapas")
    with app.app_context():
        assert db.session.get_one(User, cast.ana).totp_secret is None
        assert last_entry().actor_id == cast.adriana


@pytest.mark.parametrize("path", ["/equipe/999", "/equipe/99999999999999999999", "/equipe/x"])
def test_a_person_who_does_not_exist_is_a_404(admin: FlaskClient, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_the_list_takes_the_same_queries_for_five_people_and_for_fifty(
    app: Flask, admin: FlaskClient
) -> None:
    assert queries_of(app, admin, "/equipe") == 2
    with app.app_context():
        admin_user = db.session.scalars(
            select(User).where(User.email == "adriana@exemplo.com.br")
        ).one()
        for number in range(45):
            service.invite(admin_user, f"Pessoa {number}", f"p{number}@x.com.br", ["attendant"])
    assert queries_of(app, admin, "/equipe") == 2


def test_an_admin_sets_what_somebody_may_grant_and_it_is_on_record(
    app: Flask, admin: FlaskClient, cast: Cast
) -> None:
    card = send(admin, f"/equipe/{cast.fabio}/alcada", level="2", legal="1").text
    assert 'value="2" selected' in card
    with app.app_context():
        entry = last_entry()
        assert (entry.action, entry.after) == (
            "user.approval_changed",
            {"approval_level": "coordinator", "legal": True},
        )
    assert "coordenador" in admin.get("/auditoria").text
    assert send(admin, f"/equipe/{cast.fabio}/alcada", level="9").status_code == 422
