"""Tokens de API: the list, making one, revoking one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts import tokens
from app.accounts.access import acting_user, requires
from app.accounts.models import ApiToken
from app.accounts.permissions import Permission, Scope
from app.accounts.routes.blueprint import blueprint
from app.accounts.routes.fields import number_field, text_field
from app.errors import GuicheError, NotFound
from app.extensions import db

ONE = "/tokens/<int(max=2147483647):token_id>"


@blueprint.get("/tokens")
@requires(Permission.TOKENS_MANAGE)
def token_list() -> str:
    """Every token, newest first."""
    return render_template("accounts/tokens.html", tokens=_all())


@blueprint.get("/tokens/linhas")
@requires(Permission.TOKENS_MANAGE)
def token_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("accounts/_token_list.html", tokens=_all())


@blueprint.get("/tokens/novo")
@requires(Permission.TOKENS_MANAGE)
def token_form() -> str:
    """The form of a new token."""
    return _form()


@blueprint.post("/tokens")
@requires(Permission.TOKENS_MANAGE)
def create_token() -> str | tuple[str, int]:
    """Make a token; its secret is shown this once."""
    name, scopes = text_field("name"), request.form.getlist("scopes")
    never = text_field("days") == "0"
    try:
        days = None if never else number_field("days") or 0
        token, secret = tokens.create(acting_user(), name, scopes, days)
    except GuicheError as error:
        return _form(name=name, chosen=scopes, error=error.message), error.status
    return render_template("accounts/token_created.html", token=token, secret=secret)


@blueprint.get(ONE + "/revogacao")
@requires(Permission.TOKENS_MANAGE)
def confirm_revocation(token_id: int) -> str:
    """A revocation can't be undone: name what will stop working."""
    token = db.session.get(ApiToken, token_id)
    if token is None:
        raise NotFound
    return render_template("accounts/token_revocation.html", token=token)


@blueprint.post(ONE + "/revogacao")
@requires(Permission.TOKENS_MANAGE)
def revoke_token(token_id: int) -> Response:
    """The token opens nothing from now on."""
    token = tokens.revoke(acting_user(), token_id)
    flash(_("Token “%(name)s” revogado.", name=token.name))
    return redirect(url_for("accounts.token_list"))


def _all() -> list[ApiToken]:
    return list(db.session.scalars(select(ApiToken).order_by(ApiToken.id.desc())))


def _form(**given: object) -> str:
    return render_template("accounts/token_form.html", scopes=list(Scope), **given)
