"""Acordos: the list, one of them with its payments and papers, and what staff do with it."""

from datetime import date, timedelta

from flask import Response, render_template, request
from flask_babel import gettext as _

from app import clock
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.agreements import accepting, acting, calendar_file, queries, wording_of_pages
from app.debts.agreements.lifecycle import STATE_NAMES
from app.debts.agreements.models import Agreement
from app.debts.agreements.routes.blueprint import blueprint
from app.debts.engine.writing import brl
from app.errors import GuicheError
from app.extensions import current_settings

ONE = "/acordos/<int:agreement_id>"


@blueprint.get("/acordos")
@requires(Permission.DEBTS_VIEW)
def agreement_list() -> str:
    """All of them, by state."""
    return render_template("debts/agreements/agreements.html", **_list())


@blueprint.get("/acordos/linhas")
@requires(Permission.DEBTS_VIEW)
def agreement_rows() -> str:
    """The list alone, for a page that fell behind, or its next page."""
    return render_template("debts/agreements/_list.html", **_list())


def _list() -> dict[str, object]:
    state = request.args.get("situacao", "")
    if state not in {"", "active", *STATE_NAMES}:
        state = ""
    return {
        "page": queries.agreements(state, request.args.get("antes", 0, int)),
        "states": {str(one): name for one, name in STATE_NAMES.items()},
        "base": request.args.get("antes", 0, int),
    }


@blueprint.get(ONE)
@requires(Permission.DEBTS_VIEW)
def agreement_page(agreement_id: int) -> str:
    """One agreement."""
    return render_template("debts/agreements/agreement.html", **_one(agreement_id))


@blueprint.get(ONE + "/folha")
@requires(Permission.DEBTS_VIEW)
def agreement_sheet(agreement_id: int) -> str:
    """The same alone, for a page that fell behind."""
    return render_template("debts/agreements/_agreement.html", **_one(agreement_id))


def _one(agreement_id: int) -> dict[str, object]:
    shown = queries.one(agreement_id)
    figures, option = accepting.figures(shown.agreement)
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    return {"shown": shown, "agreement": shown.agreement, "figures": figures, "option": option,
            "today": today}  # fmt: skip


@blueprint.post(ONE + "/pagamentos/<int:number>")
@requires(Permission.DEBTS_SIMULATE)
def record_payment(agreement_id: int, number: int) -> str:
    """Somebody saw a payment that the ERP does not show yet."""
    acting.record_payment(
        agreement_id, number, _day("pago_em"), request.form.get("valor", ""), acting_user()
    )
    return agreement_sheet(agreement_id)


@blueprint.post(ONE + "/documentos")
@requires(Permission.DEBTS_SIMULATE)
def attach(agreement_id: int) -> str:
    """A boleto or Pix for one payment."""
    file = request.files.get("arquivo")
    acting.attach(
        agreement_id,
        request.form.get("parcela", 0, int),
        file.filename or "" if file else "",
        file.read(acting.LARGEST_PAPER + 1) if file else b"",
        request.form.get("linha", ""),
        acting_user(),
        bool(request.form.get("avisar")),
    )
    return agreement_sheet(agreement_id)


@blueprint.post(ONE + "/cancelamento")
@requires(Permission.DEBTS_SIMULATE)
def cancel(agreement_id: int) -> str:
    """Undo it, saying why."""
    acting.cancel(agreement_id, request.form.get("motivo", ""), acting_user())
    return agreement_sheet(agreement_id)


@blueprint.post(ONE + "/conferencia")
@requires(Permission.DEBTS_SIMULATE)
def check_again(agreement_id: int) -> str:
    """Read the ERP now rather than later."""
    accepting.wake_check(agreement_id)
    return agreement_sheet(agreement_id)


@blueprint.get(ONE + "/documentos/<int:document_id>")
@requires(Permission.DEBTS_VIEW)
def agreement_document(agreement_id: int, document_id: int) -> Response:
    """One of its papers."""
    return paper(queries.document(agreement_id, document_id))


def paper(found: object) -> Response:
    """A PDF that opens beside the page."""
    name = getattr(found, "name", "documento.pdf")
    safe = "".join(c if (c.isalnum() and c.isascii()) or c in "-_." else "-" for c in name)
    headers = {"Content-Disposition": f'inline; filename="{safe}"'}
    return Response(getattr(found, "content", b""), mimetype="application/pdf", headers=headers)


@blueprint.get(ONE + "/calendario.ics")
@requires(Permission.DEBTS_VIEW)
def agreement_calendar(agreement_id: int) -> Response:
    """Its due dates."""
    shown = queries.one(agreement_id).agreement
    return as_calendar(_("Acordo %(number)s", number=shown.number), [shown])


@blueprint.get("/acordos/calendario.ics")
@requires(Permission.DEBTS_VIEW)
def all_calendars() -> Response:
    """Every due date of agreements in life within the next year."""
    return as_calendar(_("Acordos em andamento"), queries.in_life(timedelta(days=366)))


def as_calendar(name: str, agreements: list[Agreement], names_who: bool = True) -> Response:
    """Due dates as a file that calendars read."""
    host = current_settings().public_url.partition("://")[2].partition("/")[0] or "guiche"
    entries = []
    for one in agreements:
        for payment in one.payments:
            what = wording_of_pages.payment_name(payment.number)
            title = f"{what} · R$ {brl(payment.amount)} · {one.number}"
            entries.append(
                calendar_file.Entry(
                    f"acordo-{one.id}-{payment.number}@{host}", payment.due, title,
                    one.about if names_who else "", payment.paid_on is not None,
                )
            )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=acordos.ics"}
    text = calendar_file.written(name, entries, clock.now())
    return Response(text, mimetype="text/calendar", headers=headers)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise GuicheError(_("Escolha o dia."), 422) from None
