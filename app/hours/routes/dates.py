"""Days that are not like their weekday: recesses, holidays of a city, a Saturday on duty."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app import clock
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.business_time import Day
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.hours import forms, live, queries, service
from app.hours.known import Scope
from app.hours.routes.blueprint import blueprint, fault_of

ONE_DATE = "/datas/<int(max=2147483647):date_id>"


@blueprint.get("/datas")
@requires(Permission.COMPANY_MANAGE)
def date_rows() -> str:
    """The dates alone, for a page that fell behind."""
    return _date_list()


@blueprint.post("/datas")
@requires(Permission.COMPANY_MANAGE)
def create_date() -> str:
    """A day that is not like its weekday."""
    return _date_list(
        fault_of(
            lambda: service.add_date(
                acting_user(),
                forms.date_of(request.form.get("day", "")),
                forms.name_of(request.form.get("name", "")),
                _day(),
                _named_scope(),
            )
        ),
        typed=True,
    )


@blueprint.post(ONE_DATE)
@requires(Permission.COMPANY_MANAGE)
def save_date(date_id: int) -> str:
    """Another day, name or hours."""
    return _date_list(
        fault_of(
            lambda: service.edit_date(
                acting_user(),
                date_id,
                forms.date_of(request.form.get("day", "")),
                forms.name_of(request.form.get("name", "")),
                _day(),
            )
        )
    )


@blueprint.delete(ONE_DATE)
@requires(Permission.COMPANY_MANAGE)
def remove_date(date_id: int) -> str:
    """That day is like its weekday again; the answer offers to undo it."""
    removed = service.remove_date(acting_user(), date_id)
    return _date_list(removed=removed)


@blueprint.post(ONE_DATE + "/restauracao")
@requires(Permission.COMPANY_MANAGE)
def restore_date(date_id: int) -> str:
    """Take back a removal."""
    return _date_list(fault_of(lambda: service.restore_date(acting_user(), date_id)))


def _named_scope() -> Scope:
    """`empresa-0`, `equipe-3`, `canal-1`."""
    kind, _dash, number = request.form.get("scope", "empresa-0").partition("-")
    if kind not in queries.KINDS or not number.isdecimal() or len(number) > 9:
        raise NotFound
    return (queries.KINDS[kind], int(number))


def _day() -> Day:
    if request.form.get("closed"):
        return ()
    found = forms.day_of(request.form.getlist("from"), request.form.getlist("to"), _("esta data"))
    if not found:
        raise GuicheError(_("Diga o horário desse dia, ou marque que fica fechado."), status=422)
    return found


def own_dates() -> dict[str, Any]:
    """What the list of dates shows."""
    places = queries.places()
    return {
        "dates": queries.own_dates(),
        "holidays": queries.coming_holidays(),
        "scopes": [(f"{one.kind}-{one.scope[1]}", one) for one in places],
        "names": {one.scope: one.name for one in places},
        "dates_version": db.session.scalar(live.version()),
        "today": clock.now().astimezone(clock.COMPANY_ZONE).date(),
    }


def _date_list(fault: str = "", typed: bool = False, removed: Any = None) -> str:
    given = request.form if fault and typed else {}
    return render_template(
        "hours/_dates.html", fault=fault, given=given, removed=removed, **own_dates()
    )
