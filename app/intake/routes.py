"""Recebimentos: every webhook that reached us, its body, and doing it once more."""

import json

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import audit, audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.errors import NotFound
from app.extensions import limiter
from app.intake import erp_api, presenting, queries, service, sockets
from app.intake.api import webhooks
from app.intake.live import MOST_SHOWN
from app.intake.models import Receipt
from app.intake.queries import ReceiptFilter
from app.integrations import models  # noqa: F401 - the ledger's table
from app.transactions import atomic
from app.words import N_

blueprint = Blueprint("intake", __name__, url_prefix="/recebimentos")

__all__ = ["blueprint", "erp_api", "init_app", "sockets"]  # importing them is what registers them

ONE = "/<int(max=9223372036854775807):receipt_id>"


# How the audit log names what is done here.
_AUDITED = {
    "receipt.viewed": N_("Abriu um recebimento"),
    "receipt.replayed": N_("Processou de novo um recebimento"),
}


def init_app(app: Flask) -> None:
    """Add this feature's pages and the providers' addresses."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"receipt": N_("recebimento")})
    app.register_blueprint(blueprint)
    app.register_blueprint(webhooks)
    # A provider is never told to slow down.
    limiter.request_filter(lambda: request.blueprint == webhooks.name)
    audit_words.FIELDS["state"] = N_("estado")
    audit_words.VALUES.update(presenting.STATES)
    app.jinja_env.globals.update(
        receipt_state=presenting.state_label,
        receipt_type=presenting.type_label,
        receipt_proof=presenting.proof_label,
    )


@blueprint.get("")
@requires(Permission.RECEIPTS_VIEW)
def receipts() -> str:
    """One page of what the filter lets through; the newest, unfiltered one is live."""
    chosen = queries.parse_filter(request.args)
    before = _before()
    rows = queries.page(chosen, before, queries.PAGE + 1)
    return render_template(
        "intake/receipts.html",
        receipts=rows[: queries.PAGE],
        more=len(rows) > queries.PAGE,
        chosen=chosen,
        states=queries.STATES,
        proofs=tuple(presenting.PROOFS),
        live=chosen.is_empty and before is None,
    )


@blueprint.get("/linhas")
@requires(Permission.RECEIPTS_VIEW)
def receipt_rows() -> str:
    """The newest receipts, as many as the page shows, for one that fell behind."""
    size = min(max(request.args.get("n", 0, int), queries.PAGE), MOST_SHOWN)
    rows = queries.page(ReceiptFilter(), size=size + 1)
    return render_template(
        "intake/_list.html", receipts=rows[:size], more=len(rows) > size, live=True
    )


@blueprint.get(ONE)
@requires(Permission.RECEIPTS_VIEW)
def receipt(receipt_id: int) -> str:
    """One receipt with its body: customers' words and numbers, so looking is recorded."""
    found = _find(receipt_id)
    with atomic():
        audit.record(acting_user(), "receipt.viewed", "receipt", found.id)
    return render_template("intake/receipt.html", receipt=found, body=_pretty(found.body))


@blueprint.post(ONE + "/repeticoes")
@requires(Permission.RECEIPTS_REPLAY)
def replay(receipt_id: int) -> Response:
    """Do what the receipt asks for once more; what was done is not doubled."""
    done = service.replay(receipt_id, acting_user())
    if done.state == "failed":
        flash(_("Tentamos de novo e falhou: %(reason)s", reason=done.note or ""), "error")
    else:
        flash(_("Feito de novo. Agora está: %(state)s.", state=presenting.state_label(done.state)))
    return redirect(url_for("intake.receipt", receipt_id=receipt_id))


def _find(receipt_id: int) -> Receipt:
    found = queries.find(receipt_id)
    if found is None:
        raise NotFound
    return found


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _before() -> int | None:
    text = request.args.get("antes", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None
