"""Equipe: the staff list, invitations, roles, deactivation and password resets."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select

from app.accounts import second_factor, service
from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.accounts.presence import state_of
from app.accounts.presenting import staff_key
from app.accounts.routes.blueprint import blueprint
from app.accounts.routes.fields import text_field
from app.errors import GuicheError, NotFound
from app.extensions import current_settings, db

MEMBER = "/equipe/<int(max=2147483647):user_id>"


@blueprint.get("/equipe")
@requires(Permission.STAFF_MANAGE)
def staff() -> str:
    """Everybody, with their state and roles."""
    return render_template("accounts/staff.html", **_everybody())


@blueprint.get("/equipe/linhas")
@requires(Permission.STAFF_MANAGE)
def staff_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("accounts/_staff_list.html", **_everybody())


@blueprint.get("/equipe/convite")
@requires(Permission.STAFF_MANAGE)
def invitation_form() -> str:
    """The form of an invitation."""
    return render_template("accounts/invitation.html", chosen=[])


@blueprint.post("/equipe/convite")
@requires(Permission.STAFF_MANAGE)
def invite() -> str | tuple[str, int]:
    """Invite somebody; their link is shown this once."""
    name, email, roles = text_field("name"), text_field("email"), request.form.getlist("roles")
    try:
        member, secret = service.invite(acting_user(), name, email, roles)
    except GuicheError as error:
        page = render_template(
            "accounts/invitation.html", name=name, email=email, chosen=roles, error=error.message
        )
        return page, error.status
    return render_template("accounts/invited.html", member=member, link=_link(secret))


@blueprint.get(MEMBER)
@requires(Permission.STAFF_MANAGE)
def member(user_id: int) -> str:
    """One person, and what can be done about them."""
    return render_template("accounts/member.html", member=_find(user_id))


@blueprint.get(MEMBER + "/ficha")
@requires(Permission.STAFF_MANAGE)
def member_card(user_id: int) -> str:
    """The person's card alone, for a page that fell behind."""
    return _card(_find(user_id))


@blueprint.post(MEMBER + "/papeis")
@requires(Permission.STAFF_MANAGE)
def change_roles(user_id: int) -> str:
    """Give the person exactly the roles that were ticked."""
    return _card(service.change_roles(acting_user(), user_id, request.form.getlist("roles")))


@blueprint.post(MEMBER + "/alcada")
@requires(Permission.STAFF_MANAGE)
def change_approval(user_id: int) -> str:
    """Set what the person may grant to debtors."""
    level = request.form.get("level", -1, int)
    legal = bool(request.form.get("legal"))
    return _card(service.change_approval(acting_user(), user_id, level, legal))


@blueprint.post(MEMBER + "/desativacao")
@requires(Permission.STAFF_MANAGE)
def deactivate(user_id: int) -> str:
    """End the person's access, at once."""
    return _card(service.deactivate(acting_user(), user_id))


@blueprint.post(MEMBER + "/reativacao")
@requires(Permission.STAFF_MANAGE)
def reactivate(user_id: int) -> str:
    """Let the person in again."""
    return _card(service.reactivate(acting_user(), user_id))


@blueprint.post(MEMBER + "/link")
@requires(Permission.STAFF_MANAGE)
def reset_password(user_id: int) -> str:
    """End the person's sessions and password, and show the link that sets a new one, this once."""
    person, secret = service.reset_password(acting_user(), user_id)
    return render_template("accounts/_one_time_link.html", member=person, link=_link(secret))


@blueprint.post(MEMBER + "/duas-etapas")
@requires(Permission.STAFF_MANAGE)
def remove_second_factor(user_id: int) -> str:
    """Turn the second factor off for somebody who lost it."""
    person = _find(user_id)
    second_factor.disable(person.id, acting_user())
    return _card(person)


def _everybody() -> dict[str, Any]:
    members = sorted(db.session.scalars(select(User)), key=staff_key)
    presences = state_of(member.id for member in members)
    everyone = {member.id: presences[member.id] for member in members if member.active}
    return {"members": members, "presences": presences, "everyone": everyone}


def _find(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def _card(member: User) -> str:
    return render_template("accounts/_member_card.html", member=member)


def _link(secret: str) -> str:
    path = url_for("accounts.link_page", secret=secret)
    base = current_settings().public_url or request.host_url
    return base.rstrip("/") + path
