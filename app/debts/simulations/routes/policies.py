"""Políticas: what the company grants, version by version, for all projects or for one."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.engine.faults import DebtFault
from app.debts.engine.policies import GUICHE
from app.debts.simulations import policies, policy_fields
from app.debts.simulations import presenting as words
from app.debts.simulations.policies import COMPANY, InForce
from app.debts.simulations.policy_fields import FIELDS, GROUPS, PolicyField
from app.debts.simulations.routes.blueprint import blueprint
from app.debts.simulations.routes.simulator import redirected
from app.errors import GuicheError, NotFound
from app.web import path_for
from app.words import said

LONGEST_PROJECT = 60
AUDITED_FIELDS = {name: one.label for name, one in FIELDS.items() if "." not in name}


@blueprint.get("/politicas")
@requires(Permission.DEBTS_VIEW)
def policy_page() -> str:
    """The versions of one scope (`empreendimento`), one of them open (`versao`)."""
    return render_template("debts/simulations/policies.html", **_page())


@blueprint.get("/politicas/conteudo")
@requires(Permission.DEBTS_VIEW)
def policy_content() -> str:
    """The same without the frame, for a page that fell behind."""
    return render_template("debts/simulations/_policies.html", **_page())


@blueprint.get("/politicas/nova")
@requires(Permission.DEBTS_POLICIES)
def policy_form() -> str:
    """The next version, with the values of the one in force."""
    project = _project()
    known = policies.versions(GUICHE.name, project)
    base = known[0] if known else policies.in_force()
    return render_template(
        "debts/simulations/policy_form.html",
        **_form(project, base, policy_fields.typed(base.policy)),
    )


@blueprint.post("/politicas")
@requires(Permission.DEBTS_POLICIES)
def save_policy() -> str | Response | tuple[str, int]:
    """Save the next version; what cannot be is said at its field."""
    project = _project()
    values, faults = policy_fields.read(request.form)
    error = ""
    if not faults:
        try:
            policies.save(
                acting_user(), values, project=project,
                note=request.form.get("nota", ""), after=request.form.get("depois_de", ""),
            )  # fmt: skip
        except DebtFault as fault:
            faults[fault.field] = fault.without_place()
        except GuicheError as refusal:
            error = refusal.message
        else:
            return redirected(path_for("simulations.policy_page", empreendimento=project or None))
    known = policies.versions(GUICHE.name, project)
    base = known[0] if known else policies.in_force()
    typed = {name: request.form.get(name, "") for name in FIELDS}
    said_so = {name: fault.said(_) for name, fault in faults.items()}
    return render_template(
        "debts/simulations/_policy_form.html",
        **_form(project, base, typed) | {"faults": said_so, "error": error},
    )


def _project() -> str:
    found = request.values.get("empreendimento", "").replace("\0", "").strip()
    if len(found) > LONGEST_PROJECT:
        raise NotFound
    return found


def _page() -> dict[str, Any]:
    project = _project()
    found = policies.versions(GUICHE.name, project)
    wanted = request.args.get("versao", "")
    shown = next((one for one in found if one.policy.version == wanted), None)
    if (wanted and shown is None) or (project and not found):
        raise NotFound
    shown = shown or found[0]
    place = found.index(shown)
    before = found[place + 1] if place + 1 < len(found) else None
    return {
        "project": project,
        "projects": policies.projects(),
        "versions": found,
        "shown": shown,
        "before": before,
        "groups": GROUPS,
        "value": _value,
        "may_edit": current_user.can(Permission.DEBTS_POLICIES),
        "version": policies.page_version(),
    }


def _value(field: PolicyField, held: InForce) -> str:
    """A value in words."""
    text = policy_fields.shown(field, held.policy)
    if field.kind == "method":
        return said(next(name for one, name in words.METHOD_NAMES.items() if str(one) == text))
    if field.kind == "mode":
        return said(next(name for one, name in words.MODE_NAMES.items() if str(one) == text))
    if field.kind == "switch":
        return _("sim") if text else _("não")
    return text


def _form(project: str, base: InForce, typed: dict[str, str]) -> dict[str, Any]:
    return {
        "project": project,
        "base": base,
        "is_new": base.project != project or (project == COMPANY and base.id is None),
        "typed": typed,
        "groups": GROUPS,
        "faults": {},
        "error": "",
    }
