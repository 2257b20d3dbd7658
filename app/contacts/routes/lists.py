"""The list of contacts, and making one by hand."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts import listing, service
from app.contacts.checking import LANGUAGES, InvalidContact
from app.contacts.creation import AlreadyThere
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.routes.blueprint import as_typed, blueprint, custom_given
from app.labels import queries as labels

_TYPED = ("name", "phone", "cpf", "email", "language")


@blueprint.get("")
@requires(Permission.CONVERSATIONS_VIEW)
def contact_list() -> str:
    """Everybody who passes the filter, page by page; live."""
    return render_template("contacts/contacts.html", fields=custom_fields.in_use(), **_rows())


@blueprint.get("/linhas")
@requires(Permission.CONVERSATIONS_VIEW)
def contact_rows() -> str:
    """The rows again (`n` of them), or the next page of them (`depois`)."""
    rows = _rows()
    template = "contacts/_more_rows.html" if rows["after"] else "contacts/_list.html"
    return render_template(template, **rows)


@blueprint.get("/novo")
@requires(Permission.CONTACTS_EDIT)
def new_contact() -> str:
    """The form of a new contact."""
    return _form({"language": "pt-BR", "phone": request.args.get("telefone", "")}, {})


@blueprint.post("")
@requires(Permission.CONTACTS_EDIT)
def create_contact() -> str | tuple[str, int] | Response:
    """Make a contact and open its page."""
    given = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TYPED}
    custom = custom_given()
    try:
        made = service.create(acting_user(), given, custom)
    except InvalidContact as error:
        return _form(given | as_typed(custom), error.faults), error.status
    except AlreadyThere as error:
        typed = given | as_typed(custom)
        return _form(typed, {error.field: error.message}, error.contact_id), error.status
    return redirect(url_for("contacts.contact_page", contact_id=made.id))


def _form(given: dict[str, str], faults: dict[str, str], holder: int | None = None) -> str:
    return render_template(
        "contacts/new.html", given=given, faults=faults, holder=holder, languages=LANGUAGES,
        fields=custom_fields.in_use(),
    )  # fmt: skip


def _rows() -> dict[str, Any]:
    chosen = listing.parse_filter(request.args)
    after = request.args.get("depois", "")
    last = int(after) if after.isdecimal() and len(after) < 19 else None
    shown = request.args.get("n", 0, type=int)
    size = listing.ROWS if last else min(max(shown, listing.ROWS), listing.MOST_ROWS)
    return {
        "page": listing.page(chosen, last, size),
        "chosen": chosen,
        "after": last,
        "labels": sorted(labels.known(), key=lambda label: label.archived),
        "region": urlencode(chosen.as_arguments()),
    }
