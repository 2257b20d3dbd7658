"""What a channel held while it was disconnected, on the channel's page."""

from flask import Blueprint, Response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import held as held_rows
from app.conversations import service
from app.extensions import db

blueprint = Blueprint("held", __name__)
HELD = "/canais/<int(max=2147483647):channel_id>/guardadas"


@blueprint.get(HELD)
@requires(Permission.CHANNELS_VIEW)
def held(channel_id: int) -> str | Response:
    """The list, and the choice; 204 when `v` is what it would show."""
    if request.args.get("v") == (db.session.scalar(held_rows.version(channel_id)) or ""):
        return Response(status=204)
    return _list(channel_id)


@blueprint.post(HELD)
@requires(Permission.CHANNELS_VIEW)
def release(channel_id: int) -> str:
    """Send all of it."""
    service.release_held(channel_id, acting_user())
    return _list(channel_id, "sent")


@blueprint.delete(HELD)
@requires(Permission.CHANNELS_VIEW)
def discard(channel_id: int) -> str:
    """Send none of it."""
    service.discard_held(channel_id, acting_user())
    return _list(channel_id, "discarded")


def _list(channel_id: int, done: str = "") -> str:
    version = db.session.scalar(held_rows.version(channel_id)) or ""
    rows = service.held_of(channel_id)
    return render_template(
        "channels/_held.html", channel_id=channel_id, rows=rows, done=done, version=version,
        most=service.MOST_HELD_SHOWN,
    )  # fmt: skip
