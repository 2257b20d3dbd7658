"""Files on their way into the composer: each is its own request, so each shows how far it is."""

from typing import BinaryIO, cast

from flask import Response, jsonify, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries
from app.conversations.routes.blueprint import blueprint
from app.errors import GuicheError
from app.extensions import current_settings
from app.media import presenting
from app.media import service as media
from app.media.models import Attachment

FORM_BYTES = 64 * 1024  # around the file


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, values: object) -> None:
    """Only here may a body be as large as a file; set before anything reads the form."""
    if endpoint == "conversations.upload":
        request.max_content_length = current_settings().media_max_bytes + FORM_BYTES


@blueprint.post("/<int:conversation_id>/anexos")
@requires(Permission.CONVERSATIONS_WORK)
def upload(conversation_id: int) -> tuple[Response, int]:
    """Keep one file (`arquivo`, or a recording with `voz`) until it is sent or taken out."""
    queries.find(acting_user(), conversation_id)
    file = request.files.get("arquivo")
    if file is None:
        raise GuicheError(_("Escolha um arquivo."), status=422)
    is_voice = bool(request.form.get("voz"))
    kept = media.keep(
        cast("BinaryIO", file.stream),
        file.filename or "",
        file.mimetype,
        acting_user(),
        is_voice=is_voice,
    )
    return jsonify(described(kept)), 201


@blueprint.delete("/<int:conversation_id>/anexos/<int:attachment_id>")
@requires(Permission.CONVERSATIONS_WORK)
def take_out(conversation_id: int, attachment_id: int) -> Response:
    """Forget a file that was not sent."""
    queries.find(acting_user(), conversation_id)
    media.discard(attachment_id, acting_user())
    return Response(status=204)


def described(attachment: Attachment) -> dict[str, object]:
    """What the composer shows of a file."""
    return {
        "id": attachment.id,
        "kind": attachment.kind,
        "name": presenting.download_name(attachment),
        "size": presenting.size(attachment.size),
    }


def chosen() -> list[int]:
    """The files that go with a text (`anexos`), in their order."""
    parts = request.form.get("anexos", "").split(",")
    return [int(part) for part in parts[:50] if part.isdecimal() and len(part) < 19]
