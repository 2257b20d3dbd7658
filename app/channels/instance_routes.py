"""The buttons of a channel's page that speak with its provider."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.channels import instance, service
from app.integrations.base import IntegrationError

blueprint = Blueprint("channel_instance", __name__, url_prefix="/canais")
ONE = "/<int(max=2147483647):channel_id>"


@blueprint.post(ONE + "/qr")
@requires(Permission.CHANNELS_MANAGE)
def qr_code(channel_id: int) -> str:
    """A code to scan; the page asks again by itself (`vez`) until the last try."""
    turn = request.form.get("vez", 1, int)
    try:
        image = instance.pair(service.find(channel_id))
    except IntegrationError as error:
        return _said(error.message, "warning")
    return render_template(
        "channels/_qr.html", channel_id=channel_id, image=image, turn=turn,
        seconds=instance.QR_SECONDS, tries=instance.QR_TRIES,
    )  # fmt: skip


@blueprint.post(ONE + "/celular")
@requires(Permission.CHANNELS_MANAGE)
def check_phone(channel_id: int) -> str:
    """Whether the telephone itself is reachable."""
    try:
        reached = instance.is_phone_connected(service.find(channel_id))
    except IntegrationError as error:
        return _said(error.message, "warning")
    if reached:
        return _said(_("O celular está com internet."), "success")
    return _said(
        _("O celular não responde. Ligue-o e confira a internet dele: sem isso o WhatsApp "
          "desfaz a conexão."), "danger")  # fmt: skip


@blueprint.post(ONE + "/teste")
@requires(Permission.CHANNELS_MANAGE)
def send_test(channel_id: int) -> str:
    """Send a message from the number to itself."""
    try:
        phone = instance.send_test(service.find(channel_id), acting_user())
    except IntegrationError as error:
        return _said(error.message, "danger")
    return _said(_("O provedor aceitou a mensagem para %(phone)s, o próprio número. Confira no "
                   "celular se chegou.", phone=phone), "success")  # fmt: skip


@blueprint.post(ONE + "/webhooks/conferencia")
@requires(Permission.CHANNELS_MANAGE)
def check_webhooks(channel_id: int) -> str:
    """Whether the provider still calls us."""
    try:
        elsewhere = instance.webhooks_elsewhere(service.find(channel_id))
    except IntegrationError as error:
        return _said(error.message, "warning")
    if not elsewhere:
        return _said(_("Todos os webhooks apontam para cá."), "success")
    return _said(_("Não apontam para cá: %(names)s. Cadastre de novo.",
                   names=", ".join(elsewhere)), "danger")  # fmt: skip


@blueprint.post(ONE + "/webhooks")
@requires(Permission.CHANNELS_MANAGE)
def point_webhooks(channel_id: int) -> str:
    """Register all webhooks anew."""
    try:
        instance.point_webhooks(service.find(channel_id), acting_user())
    except IntegrationError as error:
        return _said(error.message, "danger")
    return _said(_("Cadastrado: todos os webhooks vêm para cá."), "success")


@blueprint.post(ONE + "/fila")
@requires(Permission.CHANNELS_MANAGE)
def queue(channel_id: int) -> str:
    """What the provider still holds."""
    return _queue(channel_id)


@blueprint.delete(ONE + "/fila")
@requires(Permission.CHANNELS_MANAGE)
def clear_queue(channel_id: int) -> str:
    """Have the provider drop it."""
    try:
        instance.clear_queue(service.find(channel_id), acting_user())
    except IntegrationError as error:
        return _said(error.message, "danger")
    return _queue(channel_id)


def _queue(channel_id: int) -> str:
    try:
        rows, more = instance.waiting(service.find(channel_id))
    except IntegrationError as error:
        return _said(error.message, "warning")
    return render_template("channels/_queue.html", channel_id=channel_id, rows=rows, more=more)


def _said(text: str, tone: str) -> str:
    return render_template("channels/_said.html", text=text, tone=tone)
