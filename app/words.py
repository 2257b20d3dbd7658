"""Words that are written in one place and said in another."""

from contextlib import AbstractContextManager

from flask_babel import force_locale, gettext


def N_(text: str) -> str:
    """Mark a text for translation where it is written; `gettext` says it where it is shown."""
    return text


def initials(name: str) -> str:
    """Up to two letters of somebody's name, for their face."""
    words = [word for word in name.split() if word[:1].isalpha()]
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper() or "?"


def in_language(language: str) -> AbstractContextManager[None]:
    """What is said inside is in a contact's language ("pt-BR", "es"), not in the screens'."""
    return force_locale(language.replace("-", "_"))


def said(text: str) -> str:
    """A marked or stored text in the language of whoever reads; unknown ones as they are.

    Of "what happened: the detail" each part is translated by itself.
    """
    if not text:
        return text
    known = gettext(text)
    head, colon, detail = text.partition(": ")
    return gettext(head) + colon + gettext(detail) if known == text and colon else known
