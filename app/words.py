"""Words that are written in one place and said in another."""

from flask_babel import gettext


def N_(text: str) -> str:
    """Mark a text for translation where it is written; `gettext` says it where it is shown."""
    return text


def said(text: str) -> str:
    """A marked or stored text in the language of whoever reads; unknown ones as they are.

    Of "what happened: the detail" each part is translated by itself.
    """
    if not text:
        return text
    known = gettext(text)
    head, colon, detail = text.partition(": ")
    return gettext(head) + colon + gettext(detail) if known == text and colon else known
