"""What WhatsApp takes, and as what: its kinds, its sizes, and which of them carry words."""

from flask_babel import gettext as _

from app.errors import GuicheError
from app.integrations.base import FileToSend
from app.media import sharing
from app.media.models import Attachment
from app.media.presenting import download_name, size

MEGABYTE = 1_048_576
# WhatsApp's own; what is larger, or of another type, goes as a document.
SHOWN = {
    "image": ({"image/jpeg", "image/png"}, 16 * MEGABYTE),
    "video": ({"video/mp4", "video/3gpp"}, 16 * MEGABYTE),
    "audio": (
        {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr"},
        16 * MEGABYTE,
    ),
}
LARGEST_DOCUMENT = 100 * MEGABYTE


def check(attachment: Attachment) -> None:
    """Raise GuicheError for a file that cannot be sent, saying why."""
    if attachment.state == "failed":
        raise GuicheError(attachment.reason or _("Este arquivo não pôde ser lido."), status=422)
    if (attachment.size or 0) > LARGEST_DOCUMENT:
        most = size(LARGEST_DOCUMENT)
        text = _("O WhatsApp aceita arquivos de até %(most)s. Envie um link.", most=most)
        raise GuicheError(text, status=422)


def kind_at_whatsapp(attachment: Attachment) -> str:
    """As what it is sent: image, audio, video or document."""
    types, most = SHOWN.get(attachment.kind, (set(), 0))
    if attachment.type in types and (attachment.size or 0) <= most:
        return attachment.kind
    return "document"


def takes_words(attachment: Attachment) -> bool:
    """Whether it carries a caption; a recording does not."""
    return attachment.kind != "audio"


def prepared(attachment: Attachment, caption: str) -> FileToSend:
    """The file as a provider gets it. Raises StorageError."""
    return FileToSend(
        kind=kind_at_whatsapp(attachment),
        address=sharing.address(attachment),
        name=download_name(attachment),
        type=attachment.type,
        caption=caption,
    )
