"""What admins do with custom fields, and checking what is typed into them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import audit
from app.accounts.models import User
from app.contacts.custom_fields import live, queries, values
from app.contacts.custom_fields.models import KINDS, ContactField
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

LONGEST_NAME = 60
MOST_FIELDS = 60
MOST_CHOICES = 100

Checked = dict[str, values.Value | None]


def find(field_id: int) -> ContactField:
    """One field, archived or not; raises NotFound."""
    field = db.session.get(ContactField, field_id)
    if field is None:
        raise NotFound
    return field


def create(
    by: User, name: str, kind: str, options: Sequence[str], required: bool, in_pane: bool
) -> ContactField:
    """Add a field behind the others. `options` are the names of a choice's. Raises GuicheError."""
    if kind not in KINDS:
        raise GuicheError("Escolha o tipo do campo.", status=422)
    choices = _with_options([], options) if kind == "choice" else []
    field = ContactField(
        name=_name(name), kind=kind, choices=choices, required=required, in_pane=in_pane,
        archived=False, version=1,
    )  # fmt: skip
    with atomic():
        last, count = db.session.execute(
            select(func.coalesce(func.max(ContactField.position), 0), func.count())
        ).one()
        if count >= MOST_FIELDS:
            raise Conflict("Já há 60 campos, o máximo. Arquivados também contam: reaproveite um.")
        field.position = last + 1
        _save(field)
        audit.record(by, "contact_field.created", "contact_field", field.id, None, _said(field))
        on_commit(live.fields_changed, once="contact fields")
    return field


def edit(
    field_id: int,
    by: User,
    name: str,
    renamed: Mapping[int, str],
    dropped: Iterable[int],
    options: Sequence[str],
    required: bool,
    in_pane: bool,
) -> ContactField:
    """Change all but the type. Of a choice's options some are `renamed` by id, some `dropped` (kept
    where they were chosen, offered no more), and `options` are added. Raises GuicheError.
    """
    wanted, gone = _name(name), set(dropped)

    def change(field: ContactField) -> None:
        if field.kind == "choice":
            kept = [
                one
                | {
                    "name": _option(renamed.get(one["id"], one["name"])),
                    "archived": one["id"] in gone,
                }
                for one in field.choices
            ]
            field.choices = _with_options(kept, options)
        field.name, field.required, field.in_pane = wanted, required, in_pane

    return _change(field_id, by, "contact_field.edited", change)


def archive(field_id: int, by: User, archived: bool) -> ContactField:
    """Show it no more, or again; its values stay."""
    action = "contact_field.archived" if archived else "contact_field.restored"
    return _change(field_id, by, action, lambda field: setattr(field, "archived", archived))


def move(field_id: int, by: User, down: bool) -> ContactField:
    """Change places with the neighbour before it, or behind it."""
    with atomic():
        fields = [
            field
            for field in db.session.scalars(
                select(ContactField)
                .order_by(ContactField.position, ContactField.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
            if not field.archived
        ]
        at = next((place for place, field in enumerate(fields) if field.id == field_id), None)
        if at is None:
            raise NotFound
        to = at + (1 if down else -1)
        if 0 <= to < len(fields):
            fields[at], fields[to] = fields[to], fields[at]
            for place, field in enumerate(fields, start=1):
                if field.position != place:
                    field.position = place
                    field.version += 1
            audit.record(by, "contact_field.moved", "contact_field", field_id)
            on_commit(live.fields_changed, once="contact fields")
        return next(field for field in fields if field.id == field_id)


def checked(
    given: Mapping[int, str], fields: Iterable[ContactField], complete: bool = False
) -> tuple[Checked, dict[str, str]]:
    """What to keep of typed texts by field id, and the faults by "campo-<id>".

    With `complete` a required field that was left empty is a fault too.
    """
    kept: Checked = {}
    faults: dict[str, str] = {}
    for field in fields:
        if field.id not in given:
            continue
        try:
            value = values.parse(field.kind, given[field.id], field.choices)
        except ValueError as fault:
            faults[f"campo-{field.id}"] = str(fault)
            continue
        if value is None and complete and field.required:
            faults[f"campo-{field.id}"] = _("Preencha “%(name)s”.", name=field.name)
        kept[str(field.id)] = value
    return kept, faults


def in_words(kept: Mapping[str, Any], fields: Iterable[ContactField]) -> dict[str, str]:
    """Values by the fields' names, for the audit log."""
    return {field.name: queries.text_of(kept, field) for field in fields if str(field.id) in kept}


def _change(
    field_id: int, by: User, action: str, change: Callable[[ContactField], object]
) -> ContactField:
    with atomic():
        field = db.session.get(ContactField, field_id, with_for_update=True, populate_existing=True)
        if field is None:
            raise NotFound
        before = _said(field)
        change(field)
        after = _said(field)
        if before != after:
            field.version += 1
            _save(field)
            audit.record(by, action, "contact_field", field.id, before, after)
            on_commit(live.fields_changed, once="contact fields")
        return field


def _save(field: ContactField) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(field)
    except IntegrityError:
        taken = _("Já existe um campo chamado “%(name)s”.", name=field.name)
        raise Conflict(taken) from None


def _said(field: ContactField) -> dict[str, Any]:
    names = [one["name"] for one in field.choices if not one.get("archived")]
    return {
        "name": field.name, "kind": field.kind, "choices": names, "required": field.required,
        "in_pane": field.in_pane, "archived": field.archived,
    }  # fmt: skip


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise GuicheError("Dê ao campo um nome de até 60 letras.", status=422)
    return name


def _option(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise GuicheError("Cada opção precisa de um nome de até 60 letras.", status=422)
    return name


def _with_options(kept: list[dict[str, Any]], added: Sequence[str]) -> list[dict[str, Any]]:
    """The options with the new ones behind them; a known name that was archived comes back."""
    choices = list(kept)
    for text in added:
        name = _option(text)
        known = next(
            (one for one in choices if values.fold(one["name"]) == values.fold(name)), None
        )
        if known is not None:
            known["archived"] = False
            continue
        number = max((one["id"] for one in choices), default=0) + 1
        choices.append({"id": number, "name": name, "archived": False})
    names = [values.fold(one["name"]) for one in choices]
    if len(set(names)) < len(names):
        raise GuicheError("Duas opções têm o mesmo nome.", status=422)
    if not any(not one["archived"] for one in choices):
        raise GuicheError("Uma lista precisa de ao menos uma opção.", status=422)
    if len(choices) > MOST_CHOICES:
        raise GuicheError("Use até 100 opções.", status=422)
    return choices
