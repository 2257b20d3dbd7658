"""One contact's page: the card, their conversations and what was done with them."""

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.access import requires
from app.accounts.permissions import Permission
from app.contacts import queries, service
from app.contacts.checking import LANGUAGES
from app.contacts.routes.blueprint import ONE, blueprint


@blueprint.get(ONE)
@requires(Permission.CONVERSATIONS_VIEW)
def contact_page(contact_id: int) -> str | BaseResponse:
    """The whole page; whoever was taken in is looked up at the contact that stands for them."""
    pane = queries.pane(contact_id)
    if pane.contact.id != contact_id:
        return redirect(url_for("contacts.contact_page", contact_id=pane.contact.id))
    return render_template(
        "contacts/contact.html", pane=pane, languages=LANGUAGES,
        here={"conversa": None, "vista": "pagina"}, merged=None, faults={}, given={},
    )  # fmt: skip


@blueprint.get(ONE + "/historico")
@requires(Permission.CONVERSATIONS_VIEW)
def contact_history(contact_id: int) -> str | Response:
    """What was done with the contact, newest first."""
    contact = service.find(contact_id)
    return render_template(
        "contacts/_history.html", contact=contact, history=queries.history(contact.id)
    )
