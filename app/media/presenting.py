"""How files are put in words and boxes, whoever looks at them."""

from flask_babel import gettext as _

from app.media.keeping import named
from app.media.models import Attachment
from app.media.service import can_retry
from app.web import path_for

# What a message carries as a file: only for these kinds is the table of files asked.
MEDIA_KINDS = frozenset({"image", "audio", "video", "document", "sticker"})
BOX = (320, 320)  # the largest picture in a bubble, in CSS pixels
SMALLEST = 96
_ICONS = (
    ("application/pdf", "file-type-pdf"),
    ("audio/", "music"),
    ("video/", "movie"),
    ("image/", "photo"),
    ("application/zip", "file-zip"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "file-spreadsheet"),
    ("text/csv", "file-spreadsheet"),
    ("text/", "file-text"),
    ("application/vnd.openxmlformats-officedocument", "file-text"),
)


# What no browser shows by itself: its copy is shown instead.
_NOT_SHOWN = frozenset({"image/heic"})
PREVIEW = (280, 160)  # of a document, in CSS pixels: its upper part


def picture_path(attachment: Attachment) -> str:
    """The address at which a picture is seen large."""
    copied = attachment.type in _NOT_SHOWN and attachment.thumbnail_key
    return path_for("media.thumbnail" if copied else "media.file", attachment_id=attachment.id)


def is_picture(attachment: Attachment) -> bool:
    """Whether a document is one, sent as a file."""
    return (attachment.type or "").startswith("image/")


def box(attachment: Attachment) -> tuple[int, int]:
    """Width and height of its place in the bubble, known before the picture is there."""
    width, height = attachment.width or 0, attachment.height or 0
    if width <= 0 or height <= 0:
        return (240, 180) if attachment.kind != "sticker" else (160, 160)
    limit = (160, 160) if attachment.kind == "sticker" else BOX
    scale = min(limit[0] / width, limit[1] / height, 1)
    return max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale))


def duration(seconds: float | None) -> str:
    """0:12, or 1:02:03."""
    whole = max(0, round(seconds or 0))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size(count: int | None) -> str:
    """340 kB, or 1,2 MB."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{round(count / 1000)} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def type_label(attachment: Attachment) -> str:
    """PDF, DOCX, …: what people call it."""
    extension = download_name(attachment).rpartition(".")[2]
    return extension.upper() if 0 < len(extension) <= 5 else _("Arquivo")


def type_icon(attachment: Attachment) -> str:
    """The drawing for its type."""
    known = attachment.type or attachment.declared_type
    return next((icon for prefix, icon in _ICONS if known.startswith(prefix)), "file")


def download_name(attachment: Attachment) -> str:
    """The name under which it is saved."""
    return named(attachment.name, attachment.kind, attachment.type, attachment.id)


def waveform_path(attachment: Attachment) -> str:
    """The loudness as an SVG path of upright bars, 64 × 4 wide and 32 high; flat when unknown."""
    levels = attachment.waveform or bytes(64)
    bars = []
    for number, level in enumerate(levels):
        tall = max(3, round(level * 0.3))
        bars.append(f"M{number * 4 + 2} {16 - tall / 2:g}v{tall}")
    return "".join(bars)


__all__ = [
    "MEDIA_KINDS",
    "box",
    "can_retry",
    "download_name",
    "duration",
    "is_picture",
    "picture_path",
    "size",
    "type_icon",
    "type_label",
    "waveform_path",
]
