"""The channels page: what is connected, what is held, and the settings of each instance."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.channels import directory, instance_routes, live, service, sockets
from app.channels.models import Channel
from app.channels.watching_words import watch_in_words
from app.contacts import hooks
from app.errors import GuicheError
from app.extensions import db
from app.integrations.base import IntegrationError
from app.teams import queries as teams
from app.words import N_

blueprint = Blueprint("channels", __name__, url_prefix="/canais")

__all__ = ["blueprint", "init_app", "sockets"]  # importing the sockets is what registers them

ONE = "/<int(max=2147483647):channel_id>"


# How the audit log names what is done here.
_AUDITED = {
    "channel.created": N_("Criou o canal"),
    "channel.edited": N_("Editou o canal"),
    "channel.activated": N_("Ativou o canal"),
    "channel.deactivated": N_("Desativou o canal"),
    "channel.address_shown": N_("Viu o endereço secreto"),
    "channel.secret_rotated": N_("Trocou o endereço secreto"),
    "channel.held_released": N_("Enviou o que estava guardado"),
    "channel.held_discarded": N_("Descartou o que estava guardado"),
    "channel.tested": N_("Enviou um teste pelo canal"),
    "channel.webhooks_pointed": N_("Cadastrou os webhooks no provedor"),
    "channel.queue_cleared": N_("Descartou o que estava parado no provedor"),
    "channel.rotation_ended": N_("Encerrou o endereço antigo"),
}
_FIELDS = {
    "team": N_("equipe"),
    "messages": N_("mensagens"),
    "instance_id": N_("instância"),
    "pace_seconds": N_("segundos entre envios"),
    "rotating": N_("troca de endereço em curso"),
    "credentials_replaced": N_("credenciais trocadas"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and the banner that every page shows to the desk."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"channel": N_("canal")})
    audit_words.FIELDS.update(_FIELDS)
    app.register_blueprint(blueprint)
    app.register_blueprint(instance_routes.blueprint)
    if directory.names not in hooks.channels:
        hooks.channels.append(directory.names)
    app.jinja_env.globals["channel_banner"] = _banner_for_page
    app.jinja_env.globals["watch_in_words"] = watch_in_words


def _banner_for_page() -> Markup:
    if not current_user.can(Permission.CONVERSATIONS_VIEW):
        return Markup()
    return Markup(render_template("channels/_banner.html", **live.banner()))  # noqa: S704 - our own


@blueprint.get("/aviso")
@requires(Permission.CONVERSATIONS_VIEW)
def banner() -> str:
    """Which channels are disconnected: for a page that fell behind."""
    return render_template("channels/_banner.html", **live.banner())


@blueprint.get("")
@requires(Permission.CHANNELS_VIEW)
def channel_list() -> str:
    """Every channel and its state."""
    return render_template("channels/channels.html", channels=_all())


@blueprint.get("/linhas")
@requires(Permission.CHANNELS_VIEW)
def channel_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("channels/_list.html", channels=_all())


@blueprint.get("/novo")
@requires(Permission.CHANNELS_MANAGE)
def channel_form() -> str:
    """The form of a new channel."""
    return render_template("channels/new.html", given={})


@blueprint.post("")
@requires(Permission.CHANNELS_MANAGE)
def create_channel() -> Response | tuple[str, int]:
    """Add an instance."""
    given = {
        name: _field(name) for name in ("name", "instance_id", "token", "client_token", "pace")
    }
    try:
        pace = _pace()
        channel = service.create(
            acting_user(),
            given["name"],
            given["instance_id"],
            given["token"],
            given["client_token"],
            pace,
        )
    except GuicheError as error:
        page = render_template("channels/new.html", given=given, error=error.message)
        return page, error.status
    flash(_("Canal criado. Cadastre agora o endereço dos webhooks no provedor."))
    return redirect(url_for("channels.channel", channel_id=channel.id))


@blueprint.get(ONE)
@requires(Permission.CHANNELS_VIEW)
def channel(channel_id: int) -> str:
    """One channel: its state for who sees channels, its settings for who manages them."""
    return _page(service.find(channel_id))


@blueprint.get(ONE + "/cartao")
@requires(Permission.CHANNELS_VIEW)
def card(channel_id: int) -> str:
    """The state of one channel, for a page that fell behind."""
    return render_template("channels/_card.html", channel=service.find(channel_id))


@blueprint.post(ONE)
@requires(Permission.CHANNELS_MANAGE)
def edit_channel(channel_id: int) -> Response | tuple[str, int]:
    """Change the name, the pace or the credentials."""
    try:
        service.edit(
            channel_id, acting_user(), _field("name"), _pace(), _field("token"),
            _field("client_token"), _team(),
        )  # fmt: skip
    except GuicheError as error:
        found = service.find(channel_id)
        page = _page(found, error.message)
        return page, error.status
    return _back(channel_id, _("Canal alterado."))


@blueprint.post(ONE + "/conexao")
@requires(Permission.CHANNELS_MANAGE)
def check_connection(channel_id: int) -> str:
    """Ask the provider now whether the number is connected."""
    try:
        connected = service.check(service.find(channel_id))
    except IntegrationError as error:
        return render_template("channels/_check.html", connected=None, reason=error.message)
    return render_template("channels/_check.html", connected=connected, reason=None)


@blueprint.post(ONE + "/endereco")
@requires(Permission.CHANNELS_MANAGE)
def reveal_address(channel_id: int) -> str:
    """The secret address for the provider's webhooks; that it was shown is recorded."""
    address = service.reveal_webhook_address(channel_id, acting_user())
    return render_template("channels/_address.html", address=address)


@blueprint.post(ONE + "/segredo")
@requires(Permission.CHANNELS_MANAGE)
def rotate_secret(channel_id: int) -> Response:
    """A new secret address; the one before works on until the rotation is ended."""
    service.rotate_secret(channel_id, acting_user())
    return _back(channel_id, _("Novo endereço criado. O anterior vale até você encerrar a troca."))


@blueprint.post(ONE + "/segredo/fim")
@requires(Permission.CHANNELS_MANAGE)
def end_rotation(channel_id: int) -> Response:
    """The secret address before the present one stops working."""
    service.end_rotation(channel_id, acting_user())
    return _back(channel_id, _("O endereço anterior não funciona mais."))


@blueprint.post(ONE + "/ativo")
@requires(Permission.CHANNELS_MANAGE)
def switch(channel_id: int) -> Response:
    """Use a channel, or stop using it."""
    if _field("active") == "1":
        service.activate(channel_id, acting_user())
        return _back(channel_id, _("Canal ativado."))
    service.deactivate(channel_id, acting_user())
    return _back(channel_id, _("Canal desativado."))


def _page(found: Channel, error: str | None = None) -> str:
    return render_template(
        "channels/channel.html", channel=found, error=error, teams=teams.in_use()
    )


def _team() -> int | None:
    chosen = _field("team_id")
    return int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None


def _all() -> list[Channel]:
    return list(db.session.scalars(select(Channel).order_by(Channel.id)))


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()


def _pace() -> float:
    try:
        return float(_field("pace").replace(",", ".") or 1)
    except ValueError:
        raise GuicheError(_("Informe o intervalo em segundos."), status=422) from None


def _back(channel_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("channels.channel", channel_id=channel_id))
