"""The page where managers keep the labels, and the chips for pages that fell behind."""

import unicodedata

from flask import Blueprint, Flask, Response, make_response, render_template, request
from flask_babel import gettext as _

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.labels import queries, service, sockets
from app.labels.models import COLOURS, Label

blueprint = Blueprint("labels", __name__, url_prefix="/etiquetas")

__all__ = ["blueprint", "init_app", "sockets"]  # importing the sockets is what registers them

ONE = "/<int(max=2147483647):label_id>"

# How the audit log names what is done here.
_AUDITED = {
    "label.created": "Criou a etiqueta",
    "label.edited": "Editou a etiqueta",
    "label.archived": "Arquivou a etiqueta",
    "label.restored": "Restaurou a etiqueta",
}


def init_app(app: Flask) -> None:
    """Add the page, and what templates need to show labels."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"label": "etiqueta"})
    audit_words.FIELDS.update({"colour": "cor", "archived": "arquivada"})
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(label_key=label_key, label_colours=label_colours)


def label_key(label: Label) -> str:
    """Where a label stands in its list: those on offer first, by name whatever the accents."""
    plain = unicodedata.normalize("NFD", label.name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return f"{int(label.archived)}{letters}-{label.id:010d}"


def label_colours() -> dict[str, str]:
    """The palette, each colour in words."""
    words = {
        "grey": _("cinza"),
        "red": _("vermelho"),
        "orange": _("laranja"),
        "amber": _("âmbar"),
        "green": _("verde"),
        "teal": _("turquesa"),
        "blue": _("azul"),
        "indigo": _("anil"),
        "purple": _("roxo"),
        "pink": _("rosa"),
    }
    return {colour: words[colour] for colour in COLOURS}


@blueprint.get("")
@requires(Permission.LABELS_MANAGE)
def label_page() -> str:
    """Every label, and the form for a new one."""
    return render_template("labels/labels.html", labels=_sorted())


@blueprint.get("/linhas")
@requires(Permission.LABELS_MANAGE)
def label_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("labels/_list.html", labels=_sorted())


@blueprint.get("/mudancas")
@requires(Permission.CONVERSATIONS_VIEW)
def changes() -> Response:
    """Every label's chip again, for a page that missed a change; 204 when `v` is the newest."""
    labels = queries.everything()
    total = sum(label.version for label in labels)
    if request.args.get("v", -1, int) >= total:
        return Response(status=204)
    answer = make_response(render_template("labels/_changes.html", labels=labels))
    answer.headers["X-Region-Version"] = str(total)
    return answer


@blueprint.post("")
@requires(Permission.LABELS_MANAGE)
def create_label() -> str:
    """Add a label."""
    name, colour = request.form.get("nome", ""), request.form.get("cor", "")
    return _row(service.create(acting_user(), name, colour))


@blueprint.post(ONE)
@requires(Permission.LABELS_MANAGE)
def edit_label(label_id: int) -> str:
    """Another name or colour."""
    name, colour = request.form.get("nome", ""), request.form.get("cor", "")
    return _row(service.edit(label_id, acting_user(), name, colour))


@blueprint.post(ONE + "/arquivo")
@requires(Permission.LABELS_MANAGE)
def archive_label(label_id: int) -> str:
    """Offer it no more."""
    return _row(service.archive(label_id, acting_user()))


@blueprint.delete(ONE + "/arquivo")
@requires(Permission.LABELS_MANAGE)
def restore_label(label_id: int) -> str:
    """Offer it again."""
    return _row(service.restore(label_id, acting_user()))


def _sorted() -> list[Label]:
    return sorted(queries.everything(), key=label_key)


def _row(label: Label) -> str:
    return render_template("labels/live/row_changed.html", label=label)
