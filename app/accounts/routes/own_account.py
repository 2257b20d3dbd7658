"""Minha conta: name, language, theme, password and the second factor."""

import segno
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import own_account, second_factor, sessions
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.accounts.routes.blueprint import blueprint
from app.accounts.routes.fields import secret_field, text_field
from app.errors import GuicheError
from app.extensions import client_address, current_settings
from app.words import N_

Page = str | tuple[str, int] | Response

LANGUAGES = {"pt_BR": N_("Português"), "en": "English", "es": "Español"}


@blueprint.get("/conta")
@requires(Permission.OWN_ACCOUNT)
def account() -> Page:
    """The page with everything people change about themselves."""
    return _page()


@blueprint.get("/conta/sessao")
@requires(Permission.OWN_ACCOUNT)
def session_lives() -> Page:
    """204 while the session is good: a page whose socket was cut asks."""
    return Response(status=204)


@blueprint.post("/conta")
@requires(Permission.OWN_ACCOUNT)
def edit_account() -> Page:
    """Save name, language and theme."""
    user = acting_user()
    try:
        chosen = text_field("undo_send_seconds")
        own_account.edit(
            user.id,
            text_field("name"),
            text_field("locale"),
            text_field("theme"),
            int(chosen) if chosen.isdecimal() and len(chosen) < 4 else None,
        )
    except GuicheError as error:
        return _page(account_error=error.message), error.status
    flash(_("Conta salva."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/conta/senha")
@requires(Permission.OWN_ACCOUNT)
def change_password() -> Page:
    """Change the password; the other sessions end, this one goes on."""
    new = secret_field("password")
    try:
        if new != secret_field("again"):
            raise GuicheError(_("As duas senhas não são iguais."), status=422)
        changed = own_account.change_password(
            acting_user(), secret_field("present"), new, client_address()
        )
    except GuicheError as error:
        return _page(password_error=error.message), error.status
    sessions.begin(changed)
    flash(_("Senha trocada. As suas outras sessões foram encerradas."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/conta/duas-etapas")
@requires(Permission.OWN_ACCOUNT)
def begin_second_factor() -> Page:
    """Make the secret that the QR code shows."""
    second_factor.begin(acting_user().id)
    return redirect(url_for("accounts.second_factor_setup"))


@blueprint.get("/conta/duas-etapas")
@requires(Permission.OWN_ACCOUNT)
def second_factor_setup() -> Page:
    """The QR code, and the form that confirms it."""
    return _setup_page()


@blueprint.post("/conta/duas-etapas/confirmacao")
@requires(Permission.OWN_ACCOUNT)
def confirm_second_factor() -> Page:
    """Turn it on and show the recovery codes, this once."""
    try:
        codes = second_factor.confirm(acting_user().id, text_field("code"))
    except GuicheError as error:
        return _setup_page(error.message)
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/conta/duas-etapas/codigos")
@requires(Permission.OWN_ACCOUNT)
def renew_recovery_codes() -> Page:
    """Ten new recovery codes, shown this once; asks for the password."""
    user = acting_user()
    try:
        own_account.confirm_password(user, secret_field("present"), client_address())
        codes = second_factor.renew_codes(user.id)
    except GuicheError as error:
        return _page(factor_error=error.message), error.status
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/conta/duas-etapas/desligamento")
@requires(Permission.OWN_ACCOUNT)
def disable_second_factor() -> Page:
    """Turn it off; asks for the password."""
    user = acting_user()
    try:
        own_account.confirm_password(user, secret_field("present"), client_address())
        second_factor.disable(user.id, user)
    except GuicheError as error:
        return _page(factor_error=error.message), error.status
    flash(_("Verificação em duas etapas desligada."))
    return redirect(url_for("accounts.account"))


def _page(**errors: str) -> str:
    languages = {name: LANGUAGES.get(name, name) for name in current_settings().locales}
    return render_template(
        "accounts/account.html",
        user=acting_user(),
        languages=languages,
        codes_left=second_factor.codes_left(acting_user().id),
        **errors,
    )


def _setup_page(error: str = "") -> Page:
    user = acting_user()
    if user.totp_secret is None or user.totp_enabled_at is not None:
        return redirect(url_for("accounts.account"))
    code = segno.make(second_factor.address_for(user), error="m")
    page = render_template(
        "accounts/second_factor.html",
        qr=code.svg_data_uri(scale=5, border=2, light="white"),
        secret=user.totp_secret,
        error=error,
    )
    return page, 422 if error else 200
