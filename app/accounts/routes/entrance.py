"""Log-in, its second step, log-out, and the links that set a password."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import links, login, sessions
from app.accounts.access import acting_user, public, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.accounts.routes.blueprint import blueprint
from app.accounts.routes.fields import secret_field, text_field
from app.errors import GuicheError
from app.extensions import client_address

Page = str | tuple[str, int] | Response


@blueprint.route("/entrar", methods=["GET", "POST"], endpoint="login")
@public("whoever wants to log in is not logged in")
def login_page() -> Page:
    """The form for e-mail and password."""
    if request.method == "POST":
        return _log_in()
    if current_user.is_authenticated:
        return redirect(sessions.local_path(request.args.get("next")))
    return render_template("accounts/login.html", target=request.args.get("next", ""))


def _log_in() -> Page:
    """Check e-mail and password; whatever is wrong with them, the answer is the same."""
    email, password = text_field("email"), secret_field("password")
    target = sessions.local_path(request.form.get("next"))
    user = login.check_password(email, password, client_address())
    if user is None:
        return render_template("accounts/login.html", email=email, target=target, refused=True), 422
    if user.totp_enabled_at is not None:
        sessions.owe_code(user, target)
        return redirect(url_for("accounts.code_page"))
    return _enter(user, target, password)


@blueprint.get("/entrar/codigo")
@public("the password was right, the code is still owed")
def code_page() -> Page:
    """The form for the second step."""
    if sessions.who_owes_code() is None:
        return _begin_again()
    return render_template("accounts/code.html")


@blueprint.post("/entrar/codigo")
@public("the password was right, the code is still owed")
def check_code() -> Page:
    """Check the code of the second step."""
    user = sessions.who_owes_code()
    if user is None:
        return _begin_again()
    if not login.check_code(user, text_field("code"), client_address()):
        return render_template("accounts/code.html", refused=True), 422
    return _enter(user, sessions.owed_target())


@blueprint.post("/sair")
@requires(Permission.OWN_ACCOUNT)
def logout() -> Page:
    """End this browser's session."""
    sessions.end(acting_user())
    flash(_("Você saiu."))
    return redirect(url_for("accounts.login"))


@blueprint.get("/convite/<secret>")
@public("the secret in the address is what lets in")
def link_page(secret: str) -> Page:
    """Where an invited person, or one whose password was reset, sets a password."""
    return render_template("accounts/link.html", owner=links.owner_of(secret), secret=secret)


@blueprint.post("/convite/<secret>")
@public("the secret in the address is what lets in")
def use_link(secret: str) -> Page:
    """Set the password; the link is used up."""
    owner = links.owner_of(secret)
    password = secret_field("password")
    try:
        _same_twice(password, secret_field("again"))
        links.use(secret, password)
    except links.LinkGone:
        raise
    except GuicheError as error:
        page = render_template(
            "accounts/link.html", owner=owner, secret=secret, error=error.message
        )
        return page, error.status
    flash(_("Senha definida. Entre com ela."))
    return redirect(url_for("accounts.login"))


@blueprint.errorhandler(links.LinkGone)
def _link_gone(gone: links.LinkGone) -> Page:
    return render_template("accounts/link_gone.html"), gone.status


def _enter(user: User, target: str, password: str | None = None) -> Response:
    sessions.begin(login.entered(user.id, client_address(), password))
    return redirect(target)


def _begin_again() -> Response:
    flash(_("O tempo para o código acabou. Entre de novo."), "error")
    return redirect(url_for("accounts.login"))


def _same_twice(password: str, again: str) -> None:
    if password != again:
        raise GuicheError(_("As duas senhas não são iguais."), status=422)
