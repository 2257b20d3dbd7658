"""One protocol: what it says, what happened to it, and what can be done with it."""

from typing import Any

from flask import Response, make_response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.errors import GuicheError
from app.protocols import hooks, printing, queries, service, wording
from app.protocols.models import CHOSEN
from app.protocols.routes.blueprint import ONE, blueprint

_FIELDS = ("status", "priority", "description")


def sheet_of(number: int) -> dict[str, Any]:
    """What the sheet of one protocol shows."""
    protocol = queries.find(acting_user(), number)
    return {
        "protocol": protocol,
        "story": queries.story(protocol.id),
        "consultants": hooks.consultant_names(),
        "panes": hooks.shown_panes(acting_user(), protocol),
        "statuses": {key: wording.STATUSES[key] for key in CHOSEN},
        "priorities": wording.PRIORITIES,
    }


@blueprint.get(ONE + "/folha")
@requires(Permission.PROTOCOLS_VIEW)
def sheet(number: int) -> str:
    """The sheet alone, for a page that fell behind."""
    return render_template("protocols/_sheet.html", **sheet_of(number))


@blueprint.post(ONE)
@requires(Permission.PROTOCOLS_EDIT)
def change(number: int) -> str:
    """Save what the form sends of state, priority and description."""
    protocol = queries.find(acting_user(), number)
    given = {name: request.form[name] for name in _FIELDS if name in request.form}
    service.change(protocol.id, acting_user(), given)
    return sheet(number)


@blueprint.post(ONE + "/anotacoes")
@requires(Permission.PROTOCOLS_EDIT)
def add_note(number: int) -> str | Response:
    """Write into the timeline."""
    protocol = queries.find(acting_user(), number)
    body = request.form.get("texto", "")
    try:
        service.note(protocol.id, acting_user(), body)
    except GuicheError as error:
        if error.status != 422:
            raise
        form = render_template(
            "protocols/_note_form.html", protocol=protocol, fault=error.message, typed=body
        )
        head = {"HX-Retarget": "#protocol-note", "HX-Reswap": "innerHTML"}
        return make_response(form, 422, head)
    return sheet(number)


@blueprint.post(ONE + "/envio")
@requires(Permission.PROTOCOLS_EDIT)
def tell(number: int) -> str:
    """Send the customer the number."""
    service.tell(queries.find(acting_user(), number).id, acting_user())
    return sheet(number)


@blueprint.get(ONE + "/protocolo.pdf")
@requires(Permission.PROTOCOLS_VIEW)
def pdf(number: int) -> Response:
    """The protocol on paper, with a hash of what it says."""
    protocol = queries.find(acting_user(), number)
    document = printing.document(acting_user(), protocol)
    name = f"protocolo-{protocol.number:05d}.pdf"
    head = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(document, mimetype="application/pdf", headers=head)
