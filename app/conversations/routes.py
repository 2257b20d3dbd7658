"""The inbox: its list, its threads, and what can be done in them."""

from flask import Blueprint, Flask, Response, make_response, render_template, request, session

from app.accounts import presence
from app.accounts import service as staff
from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import (
    counters,
    following_contacts,
    presenting,
    queries,
    service,
    sockets,
    viewers,
)
from app.conversations.models import Conversation, Message
from app.conversations.service import Author
from app.errors import GuicheError, NotFound
from app.extensions import db

blueprint = Blueprint("conversations", __name__, url_prefix="/conversas")
# Our pane on the contact's page.
beside_contacts = Blueprint("contact_conversations", __name__)

__all__ = ["blueprint", "init_app", "sockets"]  # importing the sockets is what registers them


def init_app(app: Flask) -> None:
    """Add the pages, and what templates need to place rows and messages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(beside_contacts)
    app.jinja_env.globals.update(
        row_key=queries.row_key,
        message_key=queries.message_key,
        row_tabs=presenting.row_tabs,
        author_key=presenting.author_key,
        kind_label=presenting.kind_label,
        event_text=presenting.event_text,
        status_label=presenting.status_label,
        viewers_version=viewers.version_of,
    )
    following_contacts.follow()
    if service.follow_staff not in staff.on_less_access:
        staff.on_less_access.append(service.follow_staff)


@blueprint.get("")
@requires(Permission.CONVERSATIONS_VIEW)
def inbox() -> str:
    """The three panes with no conversation open."""
    context = _list_context() | _team_context()
    return render_template("conversations/inbox.html", **context, conversation=None)


@blueprint.get("/lista")
@requires(Permission.CONVERSATIONS_VIEW)
def list_pane() -> str:
    """The list alone: a tab was chosen, or the page asks for it again."""
    return render_template("conversations/_list_pane.html", **_list_context())


@blueprint.get("/lista/linhas")
@requires(Permission.CONVERSATIONS_VIEW)
def list_rows() -> str:
    """The list's rows again (`n` of them), or the next page of them (`depois`)."""
    tab, order = _tab_and_order()
    after = request.args.get("depois", "")
    size = (
        queries.ROWS
        if after
        else min(max(request.args.get("n", 0, int), queries.ROWS), queries.MOST_ROWS)
    )
    page = queries.page(acting_user(), tab, order, after, size)
    template = "conversations/_more_rows.html" if after else "conversations/_list.html"
    return render_template(template, page=page, tab=tab, order=order)


@blueprint.get("/contagens")
@requires(Permission.CONVERSATIONS_VIEW)
def counts() -> str:
    """The tabs with their numbers."""
    tab, order = _tab_and_order()
    totals = counters.read(acting_user().id)
    return render_template("conversations/_tabs.html", tab=tab, order=order, totals=totals)


@blueprint.get("/<int:conversation_id>")
@requires(Permission.CONVERSATIONS_VIEW)
def conversation(conversation_id: int) -> str:
    """One conversation: the whole page, or only its panes when the list is there already."""
    context = _conversation_context(queries.find(acting_user(), conversation_id))
    if request.headers.get("HX-Request"):
        return render_template("conversations/_conversation.html", **context)
    context |= _list_context() | _team_context()
    return render_template("conversations/inbox.html", **context)


@blueprint.get("/<int:conversation_id>/mensagens")
@requires(Permission.CONVERSATIONS_VIEW)
def older_messages(conversation_id: int) -> str:
    """The messages before the first one shown (`antes`)."""
    found = queries.find(acting_user(), conversation_id)
    thread = queries.thread(found.id, request.args.get("antes", ""))
    return render_template("conversations/_older.html", conversation=found, thread=thread)


@blueprint.get("/<int:conversation_id>/mudancas")
@requires(Permission.CONVERSATIONS_VIEW)
def changes(conversation_id: int) -> Response:
    """What a screen that shows version `v` has missed; 204 when nothing."""
    found = queries.find(acting_user(), conversation_id)
    seen = request.args.get("v", 0, int)
    if seen >= found.version:
        return Response(status=204)
    messages = queries.changes(found.id, seen)
    answer = make_response(
        render_template(
            "conversations/_changes.html",
            conversation=found,
            messages=messages,
            people=viewers.of(found.id),
        )
    )
    more = len(messages) == queries.CHANGES
    answer.headers["X-Region-Version"] = str(messages[-1].version if more else found.version)
    if more:
        answer.headers["X-Region-More"] = "1"
    return answer


@blueprint.get("/<int:conversation_id>/presentes")
@requires(Permission.CONVERSATIONS_VIEW)
def present(conversation_id: int) -> str:
    """Who looks at it and who is typing."""
    found = queries.find(acting_user(), conversation_id)
    return render_template(
        "conversations/_viewers.html", conversation=found, people=viewers.of(found.id)
    )


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
    if request.form.get("nota"):
        message = service.add_note(found.id, acting_user(), body, key)
    else:
        message = service.reply(found.id, Author(user=acting_user()), body, key)
    service.save_draft(found.id, acting_user(), "", False)
    return render_template(
        "conversations/live/message_changed.html", conversation=found, message=message
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
    return _desk(service.take_over(conversation_id, acting_user(), _seen_version()))


@blueprint.post("/<int:conversation_id>/transferencia")
@requires(Permission.CONVERSATIONS_WORK)
def transfer(conversation_id: int) -> str:
    """Give it to a colleague (`para`) or to the line, with a note."""
    queries.find(acting_user(), conversation_id)
    chosen = request.form.get("para", "")
    to = db.session.get(User, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if chosen != "fila" and to is None:
        raise GuicheError("Escolha para quem transferir.", status=422)
    return _desk(
        service.transfer(
            conversation_id, acting_user(), to, request.form.get("nota", ""), _seen_version()
        )
    )


@blueprint.post("/<int:conversation_id>/devolucao")
@requires(Permission.CONVERSATIONS_WORK)
def return_to_bot(conversation_id: int) -> str:
    """Let the bot go on."""
    queries.find(acting_user(), conversation_id)
    return _desk(service.return_to_bot(conversation_id, acting_user(), _seen_version()))


@blueprint.post("/<int:conversation_id>/encerramento")
@requires(Permission.CONVERSATIONS_WORK)
def close(conversation_id: int) -> str:
    """End it."""
    queries.find(acting_user(), conversation_id)
    return _desk(service.close(conversation_id, acting_user(), _seen_version()))


@blueprint.post("/<int:conversation_id>/reabertura")
@requires(Permission.CONVERSATIONS_WORK)
def reopen(conversation_id: int) -> str:
    """Open it again, as mine."""
    queries.find(acting_user(), conversation_id)
    return _desk(service.reopen(conversation_id, acting_user(), _seen_version()))


@blueprint.post("/<int:conversation_id>/leitura")
@requires(Permission.CONVERSATIONS_VIEW)
def mark_read(conversation_id: int) -> Response:
    """The customer's messages were seen."""
    queries.find(acting_user(), conversation_id)
    service.mark_read(conversation_id, acting_user())
    return Response(status=204)


@blueprint.put("/<int:conversation_id>/rascunho")
@requires(Permission.CONVERSATIONS_WORK)
def save_draft(conversation_id: int) -> Response:
    """Keep what is being written."""
    queries.find(acting_user(), conversation_id)
    is_note = bool(request.form.get("nota"))
    service.save_draft(conversation_id, acting_user(), request.form.get("texto", ""), is_note)
    return Response(status=204)


@beside_contacts.get("/contatos/<int:contact_id>/conversas")
@requires(Permission.CONVERSATIONS_VIEW)
def of_contact(contact_id: int) -> str:
    """A contact's other conversations, for the context pane of one of them (`conversa`)."""
    except_id = request.args.get("conversa", 0, int)
    rows = queries.earlier_of(acting_user(), contact_id, except_id)
    return render_template("conversations/_earlier.html", conversations=rows, except_id=except_id)


def _tab_and_order() -> tuple[str, str]:
    """The tab and order asked for, else those this person used last."""
    tab = request.args.get("aba") or session.get("inbox_tab", "all")
    order = request.args.get("ordem") or session.get("inbox_order", "newest")
    if tab not in queries.TABS or order not in queries.ORDERS:
        raise NotFound
    if tab == "closed":
        return tab, "newest"  # nobody waits there
    if (session.get("inbox_tab"), session.get("inbox_order")) != (tab, order):
        session["inbox_tab"], session["inbox_order"] = tab, order
    return tab, order


def _list_context() -> dict[str, object]:
    tab, order = _tab_and_order()
    return {
        "tab": tab,
        "order": order,
        "page": queries.page(acting_user(), tab, order),
        "totals": counters.read(acting_user().id),
    }


def _team_context() -> dict[str, object]:
    staff_there = queries.active_staff()
    return {
        "team": queries.attending(staff_there),
        "everyone": presence.state_of(person.id for person in staff_there),
    }


def _conversation_context(found: Conversation) -> dict[str, object]:
    return {
        "conversation": found,
        "thread": queries.thread(found.id),
        "draft": queries.draft_of(acting_user(), found.id),
        "people": viewers.of(found.id),
        **_colleagues_context(),
    }


def _colleagues_context() -> dict[str, object]:
    colleagues = queries.colleagues_of(acting_user())
    there = presence.state_of(person.id for person in colleagues)
    return {"colleagues": colleagues, "presence": there}


def _desk(found: Conversation) -> str:
    return render_template(
        "conversations/_desk.html",
        conversation=found,
        draft=queries.draft_of(acting_user(), found.id),
        **_colleagues_context(),
    )


def _seen_version() -> int:
    version = request.form.get("versao", "")
    if not version.isdecimal() or len(version) > 9:
        raise GuicheError("Falta a versão da posse. Recarregue a página e tente de novo.")
    return int(version)
