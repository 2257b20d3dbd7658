"""`flask user …` and `flask token …`: they print what they made."""

import secrets

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import service, tokens
from app.accounts.login import normal_email
from app.accounts.models import User
from app.accounts.permissions import Role, Scope
from app.errors import GuicheError
from app.extensions import db

ACTOR = "linha de comando"

user = AppGroup("user", help="Members of staff.")
token = AppGroup("token", help="API tokens.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(user)
    app.cli.add_command(token)


@user.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([*map(str, Role)]))
@click.option("--password", help="Left out, one is made and printed.")
def create_user(email: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Create a member of staff who can log in at once."""
    chosen = password or secrets.token_urlsafe(12)
    try:
        made = service.create(ACTOR, name.strip(), email, roles, chosen)
    except GuicheError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Criado: {made.name} <{made.email}>, papéis: {', '.join(made.roles)}, id {made.id}")
    if password is None:
        click.echo(f"Senha: {chosen}")


@user.command("deactivate")
@click.argument("email")
def deactivate_user(email: str) -> None:
    """End a person's access at once."""
    found = db.session.scalar(select(User).where(User.email == normal_email(email)))
    if found is None:
        raise click.ClickException(f"Ninguém usa o e-mail {email}.")
    try:
        service.deactivate(ACTOR, found.id)
    except GuicheError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Desativado: {found.name} <{found.email}>. As sessões foram encerradas.")


@token.command("create")
@click.option("--name", required=True)
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([*map(str, Scope)])
)
@click.option("--days", type=int, help="Left out, the token does not expire.")
def create_token(name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Create an API token and print it, this once."""
    try:
        made, secret = tokens.create(ACTOR, name.strip(), scopes, days)
    except GuicheError as error:
        raise click.ClickException(error.message) from None
    expiry = f"até {made.expires_at:%d/%m/%Y}" if made.expires_at else "sem validade"
    click.echo(f"Token {made.id} “{made.name}” ({', '.join(made.scopes)}), {expiry}:")
    click.echo(secret)
