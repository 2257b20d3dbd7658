"""The list of protocols, with one of them open beside it when its address says so."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts.checking import LANGUAGES
from app.protocols import hooks, queries, wording
from app.protocols.routes.blueprint import ONE, blueprint
from app.protocols.routes.sheet import sheet_of


@blueprint.get("")
@requires(Permission.PROTOCOLS_VIEW)
def protocol_list() -> str:
    """Everything that passes the filter, page by page; live."""
    return render_template("protocols/protocols.html", sheet=None, **_rows(), **_choices())


@blueprint.get(ONE)
@requires(Permission.PROTOCOLS_VIEW)
def protocol_page(number: int) -> str:
    """The same with one protocol open beside it."""
    sheet = sheet_of(number)
    return render_template("protocols/protocols.html", sheet=sheet, **_rows(), **_choices())


@blueprint.get("/linhas")
@requires(Permission.PROTOCOLS_VIEW)
def protocol_rows() -> str:
    """The rows again (`n` of them), or the next page of them (`depois`)."""
    rows = _rows()
    template = "protocols/_more_rows.html" if rows["after"] else "protocols/_list.html"
    return render_template(template, **rows)


@blueprint.get("/do-contato/<int:contact_id>")
@requires(Permission.PROTOCOLS_VIEW)
def of_contact(contact_id: int) -> str:
    """The protocols of one contact, for the panes that show it."""
    found = queries.of_contact(acting_user(), contact_id)
    return render_template("protocols/_of_contact.html", protocols=found, contact_id=contact_id)


def _rows() -> dict[str, Any]:
    chosen = queries.parse_filter(request.args)
    after = request.args.get("depois", "")
    last = int(after) if after.isdecimal() and len(after) < 19 else None
    shown = request.args.get("n", 0, type=int)
    size = queries.ROWS if last else min(max(shown, queries.ROWS), queries.MOST_ROWS)
    return {
        "page": queries.page(acting_user(), chosen, last, size),
        "chosen": chosen,
        "after": last,
        "consultants": hooks.consultant_names(),
        "region": urlencode(chosen.as_arguments()),
    }


def _choices() -> dict[str, Any]:
    return {"statuses": wording.STATUSES, "languages": LANGUAGES}
