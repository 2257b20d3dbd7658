"""Files over HTTP: shown, saved, asked for once more."""

from flask import Blueprint, Flask, Response, request

from app.accounts.access import acting_user, public, requires
from app.accounts.permissions import Permission
from app.media import presenting, queries, service, serving, sharing

blueprint = Blueprint("media", __name__, url_prefix="/midia")

ONE = "/<int(max=9223372036854775807):attachment_id>"


def init_app(app: Flask) -> None:
    """Add the addresses, and what templates need to show files."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(media=presenting)


@blueprint.get(ONE)
@requires(Permission.CONVERSATIONS_VIEW)
def file(attachment_id: int) -> Response:
    """The file, or a part of it."""
    return serving.answer(request, queries.find(acting_user(), attachment_id))


@blueprint.get(ONE + "/miniatura")
@requires(Permission.CONVERSATIONS_VIEW)
def thumbnail(attachment_id: int) -> Response:
    """The small picture of it."""
    return serving.thumbnail(request, queries.find(acting_user(), attachment_id))


@blueprint.get("/emprestada/<token>")
@public("the signed address lends one file to a provider for a day")
def lent(token: str) -> Response:
    """A file that leaves, for the provider that carries it."""
    return serving.answer(request, sharing.lent(token))


@blueprint.post(ONE + "/tentativas")
@requires(Permission.CONVERSATIONS_WORK)
def try_again(attachment_id: int) -> Response:
    """Fetch what failed once more; the screens hear of it by push."""
    found = queries.find(acting_user(), attachment_id)
    service.try_again(found.id)
    return Response(status=204)
