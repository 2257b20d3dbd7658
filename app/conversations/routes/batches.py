"""Acting on one conversation or several: what to choose from, doing it, and taking it back."""

from collections import Counter
from datetime import datetime, time, timedelta

from flask import Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts import presence
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.closing_reasons import queries as reasons
from app.conversations import queries, service
from app.conversations.batches import live as told
from app.conversations.batches import service as batches
from app.conversations.batches.models import Batch
from app.conversations.models import PRIORITIES, Conversation
from app.conversations.routes.blueprint import blueprint
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.labels import queries as labels

CHOICES = ("assign", "label", "priority", "snooze", "close")


@blueprint.get("/acoes/<act>")
@requires(Permission.CONVERSATIONS_WORK)
def choose(act: str) -> str | Response:
    """What can be chosen for these conversations (`ids`), as they are now; 204 when nothing is."""
    if act not in CHOICES:
        raise NotFound
    query = select(Conversation).where(Conversation.id.in_(_seen()))
    rows = list(db.session.scalars(queries.visible_to(acting_user(), query)))
    if not rows:
        raise NotFound
    if act == "close" and service.asks_for_reason() == "off":
        return Response(status=204)
    return render_template(
        f"conversations/acts/{act}.html", rows=rows, ids=request.args["ids"], **_options(act, rows)
    )


@blueprint.post("/acoes/<act>")
@requires(Permission.CONVERSATIONS_WORK)
def act_on(act: str) -> str:
    """Do it with each of them (`ids`: id and owner's version seen); how each fared."""
    return _toast(batches.start(acting_user(), act, _arguments(act), _seen()))


@blueprint.get("/lotes/<int:batch_id>")
@requires(Permission.CONVERSATIONS_WORK)
def batch(batch_id: int) -> str | Response:
    """How far it is, for a page that fell behind."""
    found = told.told(batches.find(batch_id, acting_user().id))
    if request.args.get("v") == found.version:
        return Response(status=204)
    return render_template("conversations/acts/_toast.html", told=found)


@blueprint.delete("/lotes/<int:batch_id>")
@requires(Permission.CONVERSATIONS_WORK)
def undo_batch(batch_id: int) -> str:
    """Take it back."""
    found = told.told(batches.undo(batch_id, acting_user()))
    return render_template("conversations/acts/_toast.html", told=found)


def _toast(done: Batch) -> str:
    return render_template("conversations/acts/done.html", told=told.told(done))


def _seen() -> dict[int, int]:
    """The conversations of a request, "7:3,9:1": their ids and the owner's versions seen."""
    found = {}
    for pair in request.values.get("ids", "").split(","):
        one, _, version = pair.partition(":")
        if one.isdecimal() and version.isdecimal() and len(one) < 19 and len(version) < 10:
            found[int(one)] = int(version)
    return found


def _options(act: str, rows: list[Conversation]) -> dict[str, object]:
    if act == "assign":
        people = queries.attending(queries.active_staff())
        there = presence.state_of(person.id for person in people)
        return {"people": people, "presence": there}
    if act == "label":
        carried = Counter(one for row in rows for one in row.label_ids)
        kept = [label for label in labels.by_ids(carried) if label.archived] if carried else []
        return {"labels": labels.offered() + kept, "carried": carried}
    if act == "priority":
        return {"present": {row.priority for row in rows}}
    if act == "close":
        return {"asked": service.asks_for_reason(), "reasons": reasons.offered()}
    return {"presets": _presets()}


def _presets() -> list[tuple[str, datetime]]:
    """When to come back: later today while there is a later, tomorrow and Monday at nine."""
    now = clock.now().astimezone(clock.COMPANY_ZONE)
    at_nine = datetime.combine(now.date(), time(9), clock.COMPANY_ZONE)
    later = (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    monday = at_nine + timedelta(days=7 - now.weekday())
    found = [(_("Mais tarde hoje"), later)] if later.date() == now.date() else []
    found.append((_("Amanhã"), at_nine + timedelta(days=1)))
    if monday != at_nine + timedelta(days=1):
        found.append((_("Segunda"), monday))
    return found


def _arguments(act: str) -> dict[str, object]:
    form = request.form
    if act == "assign":
        chosen = form.get("para", "")
        if not (chosen.isdecimal() and len(chosen) < 10):
            raise GuicheError(_("Escolha com quem ficam."), status=422)
        return {"to": int(chosen)}
    if act == "label":
        return {"add": _numbers("por"), "remove": _numbers("tirar")}
    if act == "priority":
        if form.get("prioridade") not in PRIORITIES:
            raise GuicheError(_("Escolha uma das prioridades."), status=422)
        return {"to": PRIORITIES.index(form["prioridade"])}
    if act == "snooze":
        return {"until": _until()}
    chosen = form.get("motivo", "")
    return {"reason": int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None}


def _numbers(name: str) -> list[int]:
    values = request.form.getlist(name)[:200]
    return [int(one) for one in values if one.isdecimal() and len(one) < 10]


def _until() -> str | None:
    """A moment of the company's zone, or None for until the customer answers."""
    chosen = request.form.get("ate", "")
    if chosen == "resposta":
        return None
    if chosen == "escolher":
        chosen = request.form.get("quando", "")
    try:
        moment = datetime.fromisoformat(chosen)
    except ValueError:
        raise GuicheError(_("Escolha até quando adiar."), status=422) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.COMPANY_ZONE)
    return moment.isoformat()
