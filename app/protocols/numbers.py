"""How a number is written and read: `#00001`, with the check digit of print `#00001-8`. Pure."""

import re

_WRITTEN = re.compile(r"#?\s?0*(\d{1,15})(?:-(\d))?")


def written(number: int) -> str:
    """`#00001`; longer numbers are longer."""
    return f"#{number:05d}"


def printed(number: int, with_digit: bool) -> str:
    """The number as it stands on paper, with its check digit where the company wants it."""
    return f"{written(number)}-{check_digit(number)}" if with_digit else written(number)


def check_digit(number: int) -> int:
    """By Luhn (ISO/IEC 7812-1): finds every wrong digit and nearly every swap of two."""
    total = 0
    for place, digit in enumerate(reversed(str(number))):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def read(text: str) -> int | None:
    """The number that somebody wrote in any of its forms; None when it is none, or the check digit
    shows that it was misread."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found[1])
    if number == 0 or (found[2] is not None and int(found[2]) != check_digit(number)):
        return None
    return number
