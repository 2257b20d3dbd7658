"""The board's pages: the whole of it, its short form beside the inbox, and one consultant."""

from flask import Blueprint, Flask, Response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.board import picture
from app.consultants import queries as roster
from app.consultants import service

blueprint = Blueprint("board", __name__, url_prefix="/fila")
ONE = "/consultor/<int(max=2147483647):consultant_id>"


def init_app(app: Flask) -> None:
    """Add the board."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        most_faces=picture.MOST_FACES,
        most_away=picture.MOST_AWAY,
        most_waiting=picture.MOST_WAITING,
    )


@blueprint.get("")
@requires(Permission.CONSULTANTS_VIEW)
def board() -> str:
    """Whose turn it is, who is there and who waits; `modo=parede` for a screen on the wall."""
    on_wall = request.args.get("modo") == "parede"
    return render_template("board/board.html", board=picture.read(), on_wall=on_wall)


@blueprint.get("/quadro")
@requires(Permission.CONSULTANTS_VIEW)
def whole() -> str:
    """The board alone, for a page that fell behind."""
    return render_template("board/_board.html", board=picture.read())


@blueprint.get("/resumo")
@requires(Permission.CONSULTANTS_VIEW)
def summary() -> str:
    """The short form: a line a language."""
    return render_template("board/_summary.html", board=picture.read())


@blueprint.get(ONE)
@requires(Permission.CONSULTANTS_MANAGE)
def consultant(consultant_id: int) -> str:
    """What can be done with one of them, for the dialog of the board."""
    found = roster.find(consultant_id)
    return render_template("board/_consultant.html", person=found)


@blueprint.get("/acoes")
@requires(Permission.CONSULTANTS_MANAGE)
def queue_acts() -> str:
    """Pausing, going on and undoing the last hand-out, for the same dialog."""
    last, queue = roster.last_hand_out(), roster.queue()
    return render_template("board/_queue.html", last=last, queue=queue)


@blueprint.post(ONE + "/sequencia")
@requires(Permission.CONSULTANTS_MANAGE)
def set_in_sequence(consultant_id: int) -> Response:
    """In or out of the sequence (`dentro`); the screens follow by what they are told."""
    inside = request.form.get("dentro") == "1"
    service.edit(acting_user(), consultant_id, {"in_sequence": inside})
    return Response(status=204)
