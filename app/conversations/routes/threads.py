"""One conversation: its thread, and who looks at it."""

from flask import Response, make_response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries, service, stretches, viewers
from app.conversations.routes.blueprint import blueprint
from app.conversations.routes.lists import list_context, staff_context


@blueprint.get("/<int:conversation_id>")
@requires(Permission.CONVERSATIONS_VIEW)
def conversation(conversation_id: int) -> str:
    """One conversation: the whole page, or only its panes when the list is there already."""
    context = _conversation_context(conversation_id)
    is_restored = "HX-History-Restore-Request" in request.headers  # it wants the whole page
    if request.headers.get("HX-Request") and not is_restored:
        return render_template("conversations/_conversation.html", **context)
    context |= list_context()
    return render_template("conversations/inbox.html", **context)


@blueprint.get("/<int:conversation_id>/mensagens")
@requires(Permission.CONVERSATIONS_VIEW)
def older_messages(conversation_id: int) -> str:
    """The messages before the first one shown (`antes`), or after the last one (`depois`)."""
    found = queries.find(acting_user(), conversation_id)
    if after := request.args.get("depois"):
        thread = stretches.after(found.id, after)
        return render_template("conversations/_newer.html", conversation=found, thread=thread)
    thread = queries.thread(found.id, request.args.get("antes", ""))
    return render_template("conversations/_older.html", conversation=found, thread=thread)


@blueprint.get("/<int:conversation_id>/fim")
@requires(Permission.CONVERSATIONS_VIEW)
def newest_messages(conversation_id: int) -> str:
    """The thread at its end, for a screen that shows an older stretch of it."""
    found = queries.find(acting_user(), conversation_id)
    thread = queries.thread(found.id)
    return render_template("conversations/_thread.html", conversation=found, thread=thread)


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


@blueprint.post("/<int:conversation_id>/leitura")
@requires(Permission.CONVERSATIONS_VIEW)
def mark_read(conversation_id: int) -> Response:
    """The customer's messages were seen."""
    queries.find(acting_user(), conversation_id)
    service.mark_read(conversation_id, acting_user())
    return Response(status=204)


def _conversation_context(conversation_id: int) -> dict[str, object]:
    found, draft = queries.find_with_draft(acting_user(), conversation_id)
    return {
        "conversation": found,
        "thread": _stretch(found.id),
        "draft": draft,
        "people": viewers.of(found.id),
        **staff_context(),
    }


def _stretch(conversation_id: int) -> queries.Thread:
    """The newest messages, or those around the one that the address names (`mensagem`)."""
    wanted = request.args.get("mensagem", "")
    if wanted.isdecimal() and len(wanted) < 19:
        around = stretches.around(conversation_id, int(wanted))
        if around is not None:
            return around
    return queries.thread(conversation_id)
