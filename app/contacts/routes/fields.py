"""Campos de contatos: the page where admins define custom fields."""

from typing import Any

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts.custom_fields import queries, service
from app.contacts.custom_fields.models import ContactField
from app.contacts.routes.blueprint import blueprint

FIELD = "/campos/<int(max=2147483647):field_id>"


@blueprint.get("/campos")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def field_page() -> str:
    """Every field in its order, and the form for a new one."""
    return render_template("contacts/fields.html", fields=queries.everything())


@blueprint.get("/campos/linhas")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def field_rows() -> str:
    """The list alone."""
    return _list()


@blueprint.post("/campos")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def create_field() -> str:
    """Add a field."""
    service.create(
        acting_user(), _text("nome"), _text("tipo"), _options(), _is_on("obrigatorio"),
        _is_on("no_painel"),
    )  # fmt: skip
    return _list()


@blueprint.post(FIELD)
@requires(Permission.CONTACT_FIELDS_MANAGE)
def edit_field(field_id: int) -> str:
    """Change all but its type."""
    known = service.find(field_id)
    renamed = {one["id"]: _text(f"opcao-{one['id']}") for one in _with_inputs(known)}
    dropped = [
        one["id"]
        for one in known.choices
        if (one["archived"] and not _is_on(f"volta-{one['id']}")) or _is_on(f"fora-{one['id']}")
    ]
    service.edit(
        field_id, acting_user(), _text("nome"), renamed, dropped, _options(),
        _is_on("obrigatorio"), _is_on("no_painel"),
    )  # fmt: skip
    return _list()


@blueprint.post(FIELD + "/posicao")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def move_field(field_id: int) -> str:
    """One place up, or down (`para`)."""
    service.move(field_id, acting_user(), down=request.values.get("para") == "baixo")
    return _list()


@blueprint.post(FIELD + "/arquivo")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def archive_field(field_id: int) -> str:
    """Show it no more; its values stay."""
    service.archive(field_id, acting_user(), archived=True)
    return _list()


@blueprint.delete(FIELD + "/arquivo")
@requires(Permission.CONTACT_FIELDS_MANAGE)
def restore_field(field_id: int) -> str:
    """Show it again."""
    service.archive(field_id, acting_user(), archived=False)
    return _list()


def _list() -> str:
    return render_template("contacts/_field_list.html", fields=queries.everything())


def _with_inputs(field: ContactField) -> list[dict[str, Any]]:
    """The options that the form offered for renaming."""
    return [one for one in field.choices if f"opcao-{one['id']}" in request.form]


def _options() -> list[str]:
    """New options, one a line."""
    return [line.strip() for line in _text("opcoes").splitlines() if line.strip()]


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()


def _is_on(name: str) -> bool:
    return request.form.get(name) == "1"
