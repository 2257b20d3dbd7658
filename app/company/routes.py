"""Configurações: what managers decide for the whole company, section by section."""

from dataclasses import dataclass

from flask import Blueprint, Flask, render_template, request
from flask_login import current_user

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.company import live, service, sockets
from app.company.fields import Section, sections
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.web import path_for
from app.words import N_, said

blueprint = Blueprint("company", __name__, url_prefix="/configuracoes")

__all__ = ["blueprint", "init_app", "pages", "sockets"]  # importing the sockets registers them


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the settings, for those with the permission."""

    endpoint: str
    name: str  # marked with N_
    permission: Permission


# Features add theirs when they are imported.
pages: list[Page] = [Page("company.settings", N_("Geral"), Permission.COMPANY_MANAGE)]


def init_app(app: Flask) -> None:
    """Add the page, and the tabs that all pages of the settings show."""
    audit_words.ACTIONS["company.changed"] = N_("Mudou a configuração da empresa")
    audit_words.ENTITIES["company"] = N_("configuração")
    audit_words.SUBJECTS["company"] = _section_name
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(settings_pages=_pages, setting=service.get)


def _section_name(key: str) -> str:
    return f"“{said(sections[key].title)}”" if key in sections else key


def _pages() -> list[tuple[str, str, str]]:
    """Endpoint, address and name of those that the person looking may open."""
    seen = (page for page in pages if current_user.can(page.permission))
    return [(page.endpoint, path_for(page.endpoint), said(page.name)) for page in seen]


@blueprint.get("")
@requires(Permission.COMPANY_MANAGE)
def settings() -> str:
    """Every section with its present values."""
    shown = [_context(section) for section in sections.values()]
    return render_template("company/settings.html", shown=shown)


@blueprint.get("/<key>")
@requires(Permission.COMPANY_MANAGE)
def section(key: str) -> str:
    """One section, for a page that fell behind."""
    found = _find(key)
    return render_template("company/_section.html", **_context(found))


@blueprint.post("/<key>")
@requires(Permission.COMPANY_MANAGE)
def save(key: str) -> str:
    """Save a section; what cannot be is said beside it and stays as it was typed."""
    found = _find(key)
    try:
        service.change(acting_user(), key, request.form)
    except GuicheError as error:
        typed = {one.key: ",".join(request.form.getlist(one.key)) for one in found.fields}
        context = _context(found) | {"fault": error.message}
        context["values"] = {**_values(found), **typed}
        return render_template("company/_section.html", **context)
    return render_template("company/_section.html", saved=True, **_context(found))


def _find(key: str) -> Section:
    found = sections.get(key)
    if found is None:
        raise NotFound
    return found


def _context(found: Section) -> dict[str, object]:
    version = db.session.scalar(live.version_of([one.key for one in found.fields]))
    return {"section": found, "values": _values(found), "version": version}


def _values(found: Section) -> dict[str, object]:
    return service.present(found)
