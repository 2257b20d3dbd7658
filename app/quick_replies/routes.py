"""The page where ready texts are kept, and the list that composers offer."""

from flask import Blueprint, Flask, Response, make_response, render_template, request

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import service as conversations
from app.extensions import db
from app.quick_replies import queries, service
from app.quick_replies.models import QuickReply
from app.quick_replies.service import Wording
from app.quick_replies.variables import known
from app.words import N_

blueprint = Blueprint("quick_replies", __name__, url_prefix="/respostas-rapidas")

ONE = "/<int(max=2147483647):reply_id>"

# How the audit log names what is done here.
_AUDITED = {
    "quick_reply.created": N_("Criou a resposta rápida"),
    "quick_reply.edited": N_("Editou a resposta rápida"),
    "quick_reply.deleted": N_("Excluiu a resposta rápida"),
    "quick_reply.restored": N_("Restaurou a resposta rápida"),
}
_FIELDS = {
    "title": N_("título"),
    "shortcut": N_("atalho"),
    "body": N_("texto"),
    "folder": N_("pasta"),
    "is_shared": N_("da equipe"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and count what is sent."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"quick_reply": N_("resposta rápida")})
    audit_words.FIELDS.update(_FIELDS)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        quick_reply_variables=known, may_change_quick_reply=service.may_change
    )
    if service.count_uses not in conversations.on_written:
        conversations.on_written.append(service.count_uses)
        conversations.on_taken_back.append(service.uncount_uses)


@blueprint.get("")
@requires(Permission.CONVERSATIONS_WORK)
def quick_reply_page() -> str:
    """Every ready text that this person may use."""
    return render_template("quick_replies/quick_replies.html", **_list_context())


@blueprint.get("/lista")
@requires(Permission.CONVERSATIONS_WORK)
def quick_reply_list() -> str:
    """The list alone: searched, filtered, or asked for again."""
    return render_template("quick_replies/_list.html", **_list_context())


@blueprint.get("/opcoes")
@requires(Permission.CONVERSATIONS_WORK)
def options() -> str:
    """What a composer offers, kept by the page until something changes."""
    version = db.session.scalar(queries.version(acting_user().id))
    offered = queries.offered(acting_user())
    return render_template("quick_replies/_options.html", offered=offered, version=version)


@blueprint.get("/nova")
@requires(Permission.CONVERSATIONS_WORK)
def new_form() -> str:
    """The form for a new one; `texto` may be in it already."""
    draft = QuickReply(title="", shortcut="", body=request.args.get("texto", "")[:4096], folder="")
    return _form(draft)


@blueprint.get(ONE + "/edicao")
@requires(Permission.CONVERSATIONS_WORK)
def edit_form(reply_id: int) -> str:
    """The form of one."""
    return _form(queries.find(acting_user(), reply_id))


@blueprint.post("")
@requires(Permission.CONVERSATIONS_WORK)
def create() -> Response:
    """Write a ready text."""
    return _done(service.create(acting_user(), _wording()))


@blueprint.post(ONE)
@requires(Permission.CONVERSATIONS_WORK)
def edit(reply_id: int) -> Response:
    """Word it anew."""
    return _done(service.edit(reply_id, acting_user(), _wording()))


@blueprint.post(ONE + "/copias")
@requires(Permission.CONVERSATIONS_WORK)
def duplicate(reply_id: int) -> str:
    """A copy of one's own, in its form."""
    return _form(service.duplicate(reply_id, acting_user()))


@blueprint.delete(ONE)
@requires(Permission.CONVERSATIONS_WORK)
def delete(reply_id: int) -> str:
    """Delete it; the answer offers to undo that."""
    reply = service.delete(reply_id, acting_user())
    return render_template("quick_replies/_deleted.html", reply=reply)


@blueprint.post(ONE + "/restauracao")
@requires(Permission.CONVERSATIONS_WORK)
def restore(reply_id: int) -> Response:
    """Take back a deletion."""
    service.restore(reply_id, acting_user())
    return Response(status=204)


def _wording() -> Wording:
    form = request.form
    return Wording(
        title=form.get("titulo", ""),
        shortcut=form.get("atalho", ""),
        body=form.get("texto", ""),
        folder=form.get("pasta", ""),
        is_shared=bool(form.get("equipe")),
    )


def _form(reply: QuickReply) -> str:
    folders = queries.folders(acting_user())
    return render_template("quick_replies/_form.html", reply=reply, folders=folders)


def _done(reply: QuickReply) -> Response:
    """The form goes; the list changes by the push that everyone gets."""
    answer = make_response(render_template("quick_replies/_saved.html", reply=reply))
    answer.headers["HX-Trigger"] = "quick-reply-saved"
    return answer


def _list_context() -> dict[str, object]:
    words, only = request.args.get("q", "")[:100], request.args.get("de", "")
    folder = request.args.get("pasta", "")
    return {
        "replies": queries.page(acting_user(), words, folder, only),
        "folders": queries.folders(acting_user()),
        "version": db.session.scalar(queries.page_version(acting_user().id)),
        "words": words,
        "only": only if only in {"minhas", "equipe"} else "",
        "folder": folder,
    }
