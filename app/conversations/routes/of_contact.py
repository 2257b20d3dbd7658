"""A contact's conversations: beside one of them in the inbox, and on the contact's page."""

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries
from app.conversations.routes.blueprint import beside_contacts


@beside_contacts.get("/contatos/<int:contact_id>/conversas")
@requires(Permission.CONVERSATIONS_VIEW)
def of_contact(contact_id: int) -> str:
    """The pane's: all but `conversa`; with `vista=pagina` the page's list, as many as `n`."""
    if request.args.get("vista") == "pagina":
        size = min(max(request.args.get("n", 0, int), queries.ROWS), queries.MOST_ROWS)
        page = queries.page_of_contact(acting_user(), contact_id, size)
        return render_template("conversations/_of_contact.html", page=page, contact_id=contact_id)
    except_id = request.args.get("conversa", 0, int)
    rows = queries.earlier_of(acting_user(), contact_id, except_id)
    return render_template("conversations/_earlier.html", conversations=rows, except_id=except_id)


@beside_contacts.get("/contatos/<int:contact_id>/arquivos-trocados")
@requires(Permission.CONVERSATIONS_VIEW)
def files_of_contact(contact_id: int) -> str:
    """The files of the contact's conversations, each with the way to where it was said."""
    files = queries.files_of_contact(acting_user(), contact_id)
    return render_template("conversations/_files_of_contact.html", files=files)
