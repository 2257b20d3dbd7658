"""Lending one file to a provider: an address that is signed, ends soon and tells nothing."""

import base64

from itsdangerous import BadData, URLSafeTimedSerializer

from app.errors import NotFound
from app.extensions import current_settings, db
from app.media.models import Attachment
from app.media.storage import storage

SALT = "guiche-file"
LASTS = 86_400  # seconds: a provider may come late for what it queued


def address(attachment: Attachment) -> str:
    """Where a provider gets the file, as MEDIA_SEND_AS says; reads it for a data: address.

    Raises StorageError.
    """
    settings = current_settings()
    if settings.media_send_as == "link" and settings.public_url:
        token = _signer().dumps(attachment.id)
        return f"{settings.public_url.rstrip('/')}/midia/emprestada/{token}"
    content = b"".join(storage().read(attachment.storage_key or "", 0, attachment.size or 0))
    return f"data:{attachment.type};base64,{base64.b64encode(content).decode()}"


def lent(token: str) -> Attachment:
    """The file of an address; raises NotFound when the address is not ours or has ended."""
    try:
        attachment_id = _signer().loads(token, max_age=LASTS)
    except BadData:
        raise NotFound from None
    found = db.session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    return found


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_settings().secret_key, salt=SALT)
