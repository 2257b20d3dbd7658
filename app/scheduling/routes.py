"""Scheduled messages: above the composer of their conversation, and on a page of their own."""

from datetime import datetime

from flask import Blueprint, Flask, Response, render_template, request
from flask_babel import gettext as _

from app import clock
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries as conversations
from app.conversations import service as desk
from app.conversations.routes.writing import extras
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.scheduling import queries, service
from app.scheduling.models import ScheduledMessage

blueprint = Blueprint("scheduling", __name__)

OF_CONVERSATION = "/conversas/<int:conversation_id>/agendadas"
ONE = "/agendadas/<int:scheduled_id>"


def init_app(app: Flask) -> None:
    """Add the pages, and cancel what a customer's answer makes needless."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(local_moment=local_moment)
    if service.cancel_answered not in desk.on_inbound_together:
        desk.on_inbound_together.append(service.cancel_answered)
        desk.still_to_come.append(queries.is_waited_for)


def local_moment(moment: datetime | None) -> str:
    """A time of the company's zone as a form's field wants it: 2026-11-27T09:00."""
    return moment.astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%dT%H:%M") if moment else ""


@blueprint.get("/agendadas")
@requires(Permission.CONVERSATIONS_WORK)
def scheduled_page() -> str:
    """Mine, or for managers everyone's: to be sent, not sent, and past."""
    return render_template("scheduling/scheduled.html", **_page())


@blueprint.get("/agendadas/lista")
@requires(Permission.CONVERSATIONS_WORK)
def scheduled_list() -> str:
    """The list alone."""
    return render_template("scheduling/_list.html", **_page())


@blueprint.get(OF_CONVERSATION)
@requires(Permission.CONVERSATIONS_VIEW)
def of_conversation(conversation_id: int) -> str:
    """The bar above the composer."""
    return _bar(conversations.find(acting_user(), conversation_id).id)


@blueprint.post(OF_CONVERSATION)
@requires(Permission.CONVERSATIONS_WORK)
def schedule(conversation_id: int) -> str:
    """Write a message for later (`quando`, in the company's zone)."""
    found = conversations.find(acting_user(), conversation_id)
    service.schedule(
        found.id,
        acting_user(),
        request.form.get("texto", ""),
        _when(),
        cancel_if_answered=bool(request.form.get("se_responder")),
        extras=extras(),
        client_key=request.form.get("chave") or None,
    )
    desk.save_draft(found.id, acting_user(), "", False)
    return _bar(found.id)


@blueprint.get(ONE + "/edicao")
@requires(Permission.CONVERSATIONS_WORK)
def edit_form(scheduled_id: int) -> str:
    """The form of one."""
    return render_template("scheduling/_form.html", scheduled=_find(scheduled_id))


@blueprint.post(ONE)
@requires(Permission.CONVERSATIONS_WORK)
def edit(scheduled_id: int) -> Response:
    """Another text or time; the form goes and the list changes by what everyone is told."""
    _find(scheduled_id)
    if_answered = bool(request.form.get("se_responder"))
    text = request.form.get("texto", "")
    service.edit(scheduled_id, acting_user(), text, _when(), if_answered)
    return Response("")


@blueprint.post(ONE + "/envio")
@requires(Permission.CONVERSATIONS_WORK)
def send_now(scheduled_id: int) -> Response:
    """Send it at once."""
    _find(scheduled_id)
    service.send_now(scheduled_id, acting_user())
    return Response(status=204)


@blueprint.delete(ONE)
@requires(Permission.CONVERSATIONS_WORK)
def cancel(scheduled_id: int) -> str:
    """Never send it; the answer offers to undo that."""
    found = _find(scheduled_id)
    service.cancel(scheduled_id, acting_user())
    return render_template("scheduling/_cancelled.html", scheduled=found)


@blueprint.post(ONE + "/restauracao")
@requires(Permission.CONVERSATIONS_WORK)
def restore(scheduled_id: int) -> Response:
    """Take back a cancellation."""
    _find(scheduled_id)
    service.restore(scheduled_id, acting_user())
    return Response(status=204)


def _find(scheduled_id: int) -> ScheduledMessage:
    return queries.find(acting_user(), scheduled_id)


def _bar(conversation_id: int) -> str:
    version = db.session.scalar(queries.version_of_conversation(acting_user(), conversation_id))
    rows = queries.of_conversation(conversation_id)
    return render_template(
        "scheduling/_bar.html", conversation_id=conversation_id, rows=rows, version=version
    )


def _when() -> datetime:
    try:
        given = datetime.fromisoformat(request.form.get("quando", "")[:16])
    except ValueError:
        raise GuicheError(_("Escolha o dia e a hora do envio."), status=422) from None
    return given.replace(tzinfo=clock.COMPANY_ZONE)


def _page() -> dict[str, object]:
    of, shown = request.args.get("de", "minhas"), request.args.get("ver", "a-enviar")
    if of not in {"minhas", "todas"} or shown not in queries.STATES:
        raise NotFound
    after = request.args.get("apos")
    rows, more = queries.page(acting_user(), of, shown, after)
    return {
        "rows": rows,
        "more": more,
        "after": after,
        "totals": queries.totals(acting_user(), of),
        "version": db.session.scalar(queries.version_of_page(acting_user(), of)),
        "of": of,
        "shown": shown,
    }
