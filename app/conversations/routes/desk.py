"""What can be done in a conversation: whose it is, and what is written."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import queries, service
from app.conversations.batches import service as batches
from app.conversations.batches.live import told
from app.conversations.models import Conversation, Message
from app.conversations.routes import uploads, writing
from app.conversations.routes.blueprint import blueprint
from app.conversations.routes.lists import staff_context
from app.conversations.service import Author
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.teams.models import Team


@blueprint.get("/<int:conversation_id>/mesa")
@requires(Permission.CONVERSATIONS_VIEW)
def desk(conversation_id: int) -> str | Response:
    """Who owns it, what may be done, and the composer of whoever may write; 204 when `v` is it."""
    found = queries.find(acting_user(), conversation_id)
    if request.args.get("v") == str(found.owner_version):
        return Response(status=204)
    return _desk(found)


@blueprint.post("/<int:conversation_id>/mensagens")
@requires(Permission.CONVERSATIONS_WORK)
def write(conversation_id: int) -> str:
    """Reply to the customer, or keep a private note (`nota`)."""
    found = queries.find(acting_user(), conversation_id)
    body, key = request.form.get("texto", ""), request.form.get("chave") or None
    is_note, files = bool(request.form.get("nota")), uploads.chosen()
    author, extras = Author(user=acting_user()), writing.extras(holds=not is_note)
    if files and is_note:
        messages = service.note_files(found.id, acting_user(), files, body, key, extras)
    elif files:
        messages = service.send_files(found.id, author, files, body, key, extras)
    elif is_note:
        messages = [service.add_note(found.id, acting_user(), body, key, extras)]
    else:
        messages = [service.reply(found.id, author, body, key, extras=extras)]
    service.save_draft(found.id, acting_user(), "", False)
    return "".join(
        render_template(
            "conversations/live/message_changed.html", conversation=found, message=message
        )
        for message in messages
    )


@blueprint.post("/<int:conversation_id>/mensagens/<int:message_id>/reenvio")
@requires(Permission.CONVERSATIONS_WORK)
def send_again(conversation_id: int, message_id: int) -> str:
    """Send again what failed or is uncertain."""
    found = queries.find(acting_user(), conversation_id)
    message = db.session.get(Message, message_id)
    if message is None or message.conversation_id != found.id:
        raise NotFound
    sent = service.resend(message_id, acting_user())
    return render_template(
        "conversations/live/message_changed.html", conversation=found, message=sent
    )


@blueprint.post("/<int:conversation_id>/posse")
@requires(Permission.CONVERSATIONS_WORK)
def take_over(conversation_id: int) -> str:
    """Make it mine; names the owner's version that the screen showed."""
    queries.find(acting_user(), conversation_id)
    return _desk(service.take_over(conversation_id, acting_user(), seen_version()))


@blueprint.post("/<int:conversation_id>/transferencia")
@requires(Permission.CONVERSATIONS_WORK)
def transfer(conversation_id: int) -> str:
    """Give it to a colleague (`para`), to a team's line, or to its own, with a note."""
    queries.find(acting_user(), conversation_id)
    to, team = _receiver(request.form.get("para", ""))
    note, version = request.form.get("nota", ""), seen_version()
    return _desk(service.transfer(conversation_id, acting_user(), to, note, version, team))


def _receiver(chosen: str) -> tuple[User | None, Team | None]:
    """A person's id, `equipe-<id>`, or `fila`: the line it is in already."""
    kind, number = chosen.rpartition("-")[::2]
    known = int(number) if number.isdecimal() and len(number) < 10 else 0
    if chosen == "fila":
        return None, None
    if kind == "equipe" and (team := db.session.get(Team, known)) is not None:
        return None, team
    if not kind and (person := db.session.get(User, known)) is not None:
        return person, None
    raise GuicheError(_("Escolha para quem transferir."), status=422)


@blueprint.post("/<int:conversation_id>/devolucao")
@requires(Permission.CONVERSATIONS_WORK)
def return_to_bot(conversation_id: int) -> str:
    """Let the bot go on."""
    queries.find(acting_user(), conversation_id)
    return _desk(service.return_to_bot(conversation_id, acting_user(), seen_version()))


@blueprint.post("/<int:conversation_id>/encerramento")
@requires(Permission.CONVERSATIONS_WORK)
def close(conversation_id: int) -> str:
    """End it, for a reason (`motivo`) where the company asks for one; what takes it back."""
    found = queries.find(acting_user(), conversation_id)
    chosen = request.form.get("motivo", "")
    reason = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    given = {"reason": reason}
    batch = batches.one(acting_user(), "close", given, conversation_id, seen_version())
    return _desk(found) + (_undo_of(batch) if batch else "")


@blueprint.post("/<int:conversation_id>/reabertura")
@requires(Permission.CONVERSATIONS_WORK)
def reopen(conversation_id: int) -> str:
    """Open it again, as mine; or for whoever had it (`para=quem-atendia`)."""
    queries.find(acting_user(), conversation_id)
    for_last = request.form.get("para") == "quem-atendia"
    return _desk(service.reopen(conversation_id, acting_user(), seen_version(), for_last))


@blueprint.put("/<int:conversation_id>/rascunho")
@requires(Permission.CONVERSATIONS_WORK)
def save_draft(conversation_id: int) -> Response:
    """Keep what is being written."""
    queries.find(acting_user(), conversation_id)
    is_note, body = bool(request.form.get("nota")), request.form.get("texto", "")
    service.save_draft(conversation_id, acting_user(), body, is_note, writing.quoted_id())
    return Response(status=204)


def _desk(found: Conversation) -> str:
    if not queries.may_see(acting_user(), found):
        return render_template("conversations/_desk_left.html", conversation=found)
    return render_template(
        "conversations/_desk.html",
        conversation=found,
        draft=queries.draft_of(acting_user(), found.id),
        **staff_context(),
    )


def _undo_of(batch_id: int) -> str:
    done = told(batches.find(batch_id, acting_user().id))
    return render_template("conversations/acts/done.html", told=done)


def seen_version() -> int:
    """The owner's version that the screen showed (`versao`)."""
    version = request.form.get("versao", "")
    if not version.isdecimal() or len(version) > 9:
        raise GuicheError("Falta a versão da posse. Recarregue a página e tente de novo.")
    return int(version)
