"""Telephone numbers as the messenger sees them: digits, and who is the same phone."""

import hashlib
import re

LANDLINE_STARTS = "2345"


class BadNumber(ValueError):
    """A text that is no telephone number; the message is in Portuguese."""


def digits_of(text: str) -> str:
    """`text` in any form as country code + area code + number, digits only.

    Ten or eleven digits are a Brazilian number without its country code. The ninth digit is
    neither added nor removed: the number stays the WhatsApp id it was typed as.
    """
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) > 13 and digits.startswith("00"):
        digits = digits[2:]
    if len(digits) in (10, 11) and not text.strip().startswith("+"):
        digits = "55" + digits
    if not 10 <= len(digits) <= 15:
        raise BadNumber("Número de telefone inválido: use DDI, DDD e número, só dígitos.")
    return digits


def match_key(number: str) -> str:
    """The key shared by the two forms, with and without the ninth digit, of one mobile.

    A landline keeps a key of its own: (41) 3333-4444 and (41) 93333-4444 are different people.
    """
    if not number.startswith("55"):
        return number
    is_nine_digit_mobile = len(number) == 13 and number[4] == "9"
    is_eight_digit_mobile = len(number) == 12 and number[4] not in LANDLINE_STARTS
    if is_nine_digit_mobile or is_eight_digit_mobile:
        return f"m{number[:4]}{number[-8:]}"
    return number


def lid_of(key: str) -> str:
    """A private id that is always the same for the same phone."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return f"{10**14 + number % (9 * 10**14)}@lid"


def shown(number: str) -> str:
    """`number` for people: +55 (00) 90001-0001; others with a plus sign."""
    if number.startswith("55") and len(number) in (12, 13):
        return f"+55 ({number[2:4]}) {number[4:-4]}-{number[-4:]}"
    return f"+{number}" if number.isdigit() else number
