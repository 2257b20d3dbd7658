"""What a file is, by its content: what its sender says of it is only a claim. Pure."""

import re

import puremagic

HEAD_BYTES = 4096

# How each type is shown; what is not here is a document, whatever it claims to be.
_KINDS = {
    "image/jpeg": "image",
    "image/png": "image",
    "image/gif": "image",
    "image/webp": "image",
    "image/avif": "image",
    "image/heic": "image",
    "audio/ogg": "audio",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/wav": "audio",
    "audio/flac": "audio",
    "video/mp4": "video",
    "video/3gpp": "video",
    "video/webm": "video",
    "video/quicktime": "video",
}
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "text/plain": "txt",
    "text/csv": "csv",
}
_SENT_AS_FILES = {"image/avif", "image/heic"}
# What a browser runs or what an operating system does: kept for download, never shown in the page.
DANGEROUS = {
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "application/x-executable",
    "text/x-script",
}
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_EXECUTABLE = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"dex\n",
)
_MARKUP = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|meta|title|a\s|img|div)", re.I
)
_SVG = re.compile(rb"<svg[\s>:/]", re.I)


def sniff(head: bytes) -> str:
    """The type of a file that begins with `head`; application/octet-stream when unknown."""
    if not head:
        return "application/octet-stream"
    if head.startswith(_EXECUTABLE):
        return "application/x-executable"
    if head.startswith(b"#!") and not head.startswith(b"#!AMR"):
        return "text/x-script"
    return _media(head) or _markup(head) or _document(head) or _by_magic(head) or _text(head)


def shown_as(found: str, claimed: str) -> str:
    """The kind under which a file is shown: never more than its content allows."""
    kind = _KINDS.get(found, "document")
    if claimed == "document":
        return "document"  # it was sent as a file: so it is shown
    if claimed == "sticker" and kind == "image":
        return "sticker"
    # A voice note in a film's container (WhatsApp's .mp4, browsers' .webm) is still a voice note.
    if claimed == "audio" and found in {"video/mp4", "video/webm", "video/3gpp"}:
        return "audio"
    return kind


def kind_of_upload(found: str) -> str:
    """The kind of a file that somebody chose; WhatsApp takes these pictures as files alone."""
    return "document" if found in _SENT_AS_FILES else _KINDS.get(found, "document")


def _media(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio/mpeg"
    if head.startswith((b"\xff\xf1", b"\xff\xf9")):
        return "audio/aac"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm"
    return _iso_media(head)


def _iso_media(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand.startswith((b"M4A", b"M4B")):
        return "audio/mp4"
    if brand in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}:
        return "image/avif" if b"avi" in head[8:48] else "image/heic"
    if brand.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _markup(head: bytes) -> str | None:
    begun = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    # UTF-16 hides tags from a plain search; browsers read it all the same.
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        begun = head.decode("utf-16", "ignore").encode().lstrip(b"\xef\xbb\xbf \t\r\n")
    if _SVG.search(begun) and begun.startswith(b"<"):
        return "image/svg+xml"
    if begun.startswith(b"<?xml"):
        return "application/xhtml+xml" if _MARKUP.search(begun) else "text/xml"
    return "text/html" if begun.startswith(b"<") and _MARKUP.search(begun) else None


def _document(head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _OFFICE.items() if part in head), "application/zip")
    return None


def _by_magic(head: bytes) -> str | None:
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError, IndexError):
        return None
    for guess in guesses:
        known = str(guess.mime_type or "")
        # Short signatures guess wildly, and nothing that a browser runs is believed from a guess.
        if guess.confidence >= 0.4 and "/" in known and known not in DANGEROUS:
            return known if not known.startswith(("image/", "audio/", "video/", "text/")) else None
    return None


def _text(head: bytes) -> str:
    if b"\0" in head:
        return "application/octet-stream"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not merely cut in the middle of a letter
            return "application/octet-stream"
    return "text/plain"
