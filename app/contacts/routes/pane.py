"""The context pane of the inbox, and the same card on the contact's page: a fragment, at its own
address. `vista=pagina` asks for the card of the page."""

from flask import Response, make_response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts import hooks, ids, phones, queries, service
from app.contacts.consent import service as consent
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.models import Contact, ContactMerge
from app.contacts.routes.blueprint import ONE, as_typed, blueprint, custom_given, here
from app.contacts.service import LANGUAGES, InvalidContact
from app.errors import Conflict, NotFound


@blueprint.get(ONE + "/contexto")
@requires(Permission.CONVERSATIONS_VIEW)
def context(contact_id: int) -> str:
    """The pane; `conversa` is the conversation it stands beside.

    Merges and their undoing give a conversation another contact: the pane then shows that one.
    """
    found = (contact_of(here()["conversa"] or 0) for contact_of in hooks.beside)
    shown = next(filter(None, found), contact_id)
    if here()["vista"] and service.final(shown) != shown:
        raise NotFound  # the page moves on to the contact that took this one in
    return _pane(shown)


@blueprint.get(ONE + "/edicao")
@requires(Permission.CONTACTS_EDIT)
def edit_form(contact_id: int) -> str:
    """The form of name, e-mail, language and CPF. The CPF is never filled in: it is masked."""
    contact = service.find(contact_id)
    given = {"name": contact.name, "email": contact.email or "", "language": contact.language}
    shown = custom_fields.shown(contact.fields, custom_fields.in_use())
    given |= {f"campo-{one.field.id}": one.text for one in shown}
    return _form("contacts/_edit.html", contact, given, {})


@blueprint.post(ONE)
@requires(Permission.CONTACTS_EDIT)
def edit(contact_id: int) -> str | Response:
    """Save the form; an empty CPF leaves the CPF alone, unless it is to be removed."""
    given = {
        name: _field(name) for name in ("name", "email", "language", "cpf") if name in request.form
    }
    values = {name: text for name, text in given.items() if name != "cpf" or text}
    if _field("cpf_removed") == "1":
        values["cpf"] = ""
    try:
        service.edit(contact_id, acting_user(), values, custom_given())
    except InvalidContact as error:
        given |= as_typed(custom_given())
        return _refused("contacts/_edit.html", contact_id, given, error.faults, "#contact-edit")
    return _pane(contact_id)


@blueprint.post(ONE + "/telefones")
@requires(Permission.CONTACTS_EDIT)
def add_phone(contact_id: int) -> str | Response:
    """Add a telephone."""
    given = {"phone": _field("phone")}
    try:
        service.add_phone(contact_id, acting_user(), given["phone"])
    except InvalidContact as error:
        faults = error.faults
    except Conflict as error:
        faults = {"phone": error.message}
    else:
        return _pane(contact_id)
    return _refused("contacts/_phone_form.html", contact_id, given, faults, "#contact-phone")


@blueprint.delete(ONE + "/telefones/<int(max=9223372036854775807):identity_id>")
@requires(Permission.CONTACTS_EDIT)
def remove_phone(contact_id: int, identity_id: int) -> str:
    """Take back a telephone that was typed by mistake."""
    return _pane(phones.remove_phone(contact_id, identity_id, acting_user()).id)


@blueprint.post(ONE + "/notas")
@requires(Permission.CONTACTS_EDIT)
def add_note(contact_id: int) -> str | Response:
    """Add a note about the contact."""
    given = {"body": _field("body")}
    try:
        service.add_note(contact_id, acting_user(), given["body"])
    except InvalidContact as error:
        return _refused(
            "contacts/_note_form.html", contact_id, given, error.faults, "#contact-note"
        )
    return _pane(contact_id)


@blueprint.put(ONE + "/etiquetas/<int(max=2147483647):label_id>")
@requires(Permission.CONTACTS_EDIT)
def put_label(contact_id: int, label_id: int) -> str:
    """Put a label on the contact."""
    return _pane(service.label(contact_id, acting_user(), label_id, on=True).id)


@blueprint.delete(ONE + "/etiquetas/<int(max=2147483647):label_id>")
@requires(Permission.CONTACTS_EDIT)
def take_label(contact_id: int, label_id: int) -> str:
    """Take a label off the contact."""
    return _pane(service.label(contact_id, acting_user(), label_id, on=False).id)


@blueprint.get(ONE + "/recusa")
@requires(Permission.CONTACTS_EDIT)
def opt_out_form(contact_id: int) -> str:
    """The form that says on which channel they want no messages, and why."""
    return render_template(
        "contacts/_opt_out_form.html", contact=service.find(contact_id), here=here(),
        channels=hooks.channel_names(),
    )  # fmt: skip


@blueprint.post(ONE + "/recusas")
@requires(Permission.CONTACTS_EDIT)
def opt_out(contact_id: int) -> str:
    """Keep that they want no messages that we begin."""
    chosen = _field("canal")
    channel = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    if chosen and channel not in hooks.channel_names():
        raise NotFound
    return _pane(consent.set_opt_out(contact_id, acting_user(), _field("motivo"), channel).id)


@blueprint.delete(ONE + "/recusas/<int(max=9223372036854775807):opt_out_id>")
@requires(Permission.CONTACTS_EDIT)
def end_opt_out(contact_id: int, opt_out_id: int) -> str:
    """They agreed to hear from us again."""
    return _pane(consent.end_opt_out(contact_id, opt_out_id, acting_user()).id)


@blueprint.post(ONE + "/cpf")
@requires(Permission.CONTACTS_EDIT)
def reveal_cpf(contact_id: int) -> str:
    """The whole CPF; who asked is recorded. Finance, which sees no contacts, has its look-ups'."""
    cpf = service.reveal_cpf(contact_id, acting_user())
    contact = service.find(contact_id)
    return render_template("contacts/_cpf.html", contact=contact, cpf=ids.display_cpf(cpf))


@blueprint.get(ONE + "/candidatos")
@requires(Permission.CONTACTS_MERGE)
def candidates(contact_id: int) -> str:
    """Whom this contact could be the same as."""
    text, after = (
        request.args.get("q", "").replace("\0", "").strip()[:100],
        request.args.get("depois", ""),
    )
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    page = queries.candidates(contact_id, text, before)
    return render_template(
        "contacts/_candidates.html", page=page, contact_id=contact_id, q=text, first=before is None,
        here=here(),
    )  # fmt: skip


@blueprint.post(ONE + "/juncoes")
@requires(Permission.CONTACTS_MERGE)
def merge(contact_id: int) -> str:
    """Let this contact take another in."""
    other = request.values.get("contato", 0, int)
    made = service.merge(contact_id, other, acting_user())
    return _pane(contact_id, made)


@blueprint.delete("/juncoes/<int(max=9223372036854775807):merge_id>")
@requires(Permission.CONTACTS_MERGE)
def undo_merge(merge_id: int) -> str:
    """Give back what a merge moved; the pane shows the contact that was kept."""
    absorbed = service.undo_merge(merge_id, acting_user())
    return _pane(request.args.get("contato", absorbed.id, int))


def _pane(contact_id: int, merged: ContactMerge | None = None) -> str:
    """The whole pane; `merged` is the merge just made, which it offers to undo."""
    return render_template(
        "contacts/_context.html", pane=queries.pane(contact_id), languages=LANGUAGES,
        here=here(), merged=merged, faults={}, given={},
    )  # fmt: skip


def _form(template: str, contact: Contact, given: dict[str, str], faults: dict[str, str]) -> str:
    return render_template(
        template, contact=contact, given=given, faults=faults, languages=LANGUAGES,
        here=here(), fields=custom_fields.in_use() if template == "contacts/_edit.html" else [],
    )  # fmt: skip


def _refused(
    template: str, contact_id: int, given: dict[str, str], faults: dict[str, str], target: str
) -> Response:
    """The form again, with what is wrong beside each field, in the form's own place."""
    page = _form(template, service.find(contact_id), given, faults)
    return make_response(page, 422, {"HX-Retarget": target, "HX-Reswap": "innerHTML"})


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()
