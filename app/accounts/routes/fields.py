"""Reading what forms send."""

from flask import request

LONGEST = 1000


def text_field(name: str) -> str:
    """A line of text without control characters and without blanks around it."""
    typed = request.form.get(name, "")[:LONGEST]
    return "".join(character for character in typed if character.isprintable()).strip()


def secret_field(name: str) -> str:
    """A password exactly as it was typed."""
    return request.form.get(name, "")


def number_field(name: str) -> int | None:
    """A small whole number; None when empty or not one."""
    typed = text_field(name)
    return int(typed) if typed.isdecimal() and len(typed) < 7 else None
