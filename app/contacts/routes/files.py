"""A contact's files on its page: listed, put there, taken off and put back."""

from typing import BinaryIO, cast

from flask import render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.contacts.files import queries, service
from app.contacts.locking import final
from app.contacts.routes.blueprint import ONE, blueprint
from app.errors import GuicheError
from app.extensions import current_settings

FORM_BYTES = 64 * 1024  # the form around the file


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, values: object) -> None:
    """Only here may a body be as large as a file; set before anything reads the form."""
    if endpoint == "contacts.add_file":
        request.max_content_length = current_settings().media_max_bytes + FORM_BYTES


@blueprint.get(ONE + "/arquivos")
@requires(Permission.CONVERSATIONS_VIEW)
def contact_files(contact_id: int) -> str:
    """The files, newest first."""
    return _files(final(contact_id))


@blueprint.post(ONE + "/arquivos")
@requires(Permission.CONTACTS_EDIT)
def add_file(contact_id: int) -> str:
    """Put a file on the contact."""
    sent = request.files.get("arquivo")
    if sent is None or not sent.filename:
        raise GuicheError(_("Escolha um arquivo."), status=422)
    content = cast("BinaryIO", sent.stream)
    file = service.upload(contact_id, acting_user(), content, sent.filename, sent.mimetype)
    return _files(file.contact_id or contact_id)


@blueprint.delete(ONE + "/arquivos/<int(max=9223372036854775807):file_id>")
@requires(Permission.CONTACTS_EDIT)
def remove_file(contact_id: int, file_id: int) -> str:
    """Take it off; the answer offers to undo it."""
    file = service.remove(contact_id, file_id, acting_user())
    return _files(final(contact_id), removed={"id": file.id, "name": file.name})


@blueprint.post(ONE + "/arquivos/<int(max=9223372036854775807):file_id>/volta")
@requires(Permission.CONTACTS_EDIT)
def put_back_file(contact_id: int, file_id: int) -> str:
    """Undo the removal."""
    service.put_back(contact_id, file_id, acting_user())
    return _files(final(contact_id))


def _files(contact_id: int, removed: dict[str, object] | None = None) -> str:
    found = queries.of_contact(contact_id)
    return render_template(
        "contacts/_files.html", contact_id=contact_id, files=found, removed=removed,
        version=queries.version_of(found),
    )  # fmt: skip
