"""The command line prints what it made."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import AuditEntry, User
from app.extensions import db
from tests.accounts.browsing import sign_in
from tests.cast import Cast

NEW = ["user", "create", "Nina@Exemplo.com.br", "--name", "Nina", "--role", "attendant",
       "--role", "admin"]  # fmt: skip


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


def test_a_created_person_enters_with_the_printed_password(app: Flask, client: FlaskClient) -> None:
    code, said = run(app, *NEW)
    assert code == 0
    assert "Nina <nina@exemplo.com.br>, papéis: attendant, admin" in said
    password = said.split("Senha: ")[1].strip()
    assert sign_in(client, "nina@exemplo.com.br", password).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(AuditEntry)).first().actor_name == "linha de comando"


def test_a_given_password_is_not_printed(app: Flask, client: FlaskClient) -> None:
    code, said = run(app, *NEW, "--password", "uma senha dada")
    assert code == 0
    assert "uma senha dada" not in said
    assert sign_in(client, "nina@exemplo.com.br", "uma senha dada").status_code == 302


def test_what_cannot_be_is_said_in_a_sentence(app: Flask, cast: Cast) -> None:
    assert run(app, *NEW[:2], "ana@exemplo.com.br", *NEW[3:])[0] == 1
    assert "já usa este e-mail" in run(app, *NEW[:2], "ana@exemplo.com.br", *NEW[3:])[1]
    assert run(app, *NEW, "--password", "curta")[0] == 1
    assert run(app, *NEW[:5], "--role", "king")[0] == 2
    assert "Ninguém usa" in run(app, "user", "deactivate", "x@exemplo.com.br")[1]
    assert "última pessoa" in run(app, "user", "deactivate", "adriana@exemplo.com.br")[1]


def test_a_deactivated_person_is_named(app: Flask, cast: Cast) -> None:
    code, said = run(app, "user", "deactivate", "ANA@exemplo.com.br")
    assert code == 0
    assert "Ana Souza" in said
    with app.app_context():
        assert not db.session.get_one(User, cast.ana).active


def test_a_created_token_is_printed_and_works(app: Flask, client: FlaskClient) -> None:
    code, said = run(
        app, "token", "create", "--name", "Painel", "--scope", "audit:read", "--days", "7"
    )
    assert code == 0
    secret = said.strip().splitlines()[-1]
    answer = client.get("/api/audit", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert run(app, "token", "create", "--name", "x", "--scope", "everything")[0] == 2
