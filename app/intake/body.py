"""From the bytes of a webhook to a payload that the database can hold. Pure."""

import json
import math
from typing import Any, NoReturn

from app.words import N_

MAX_DEPTH = 64

NO_JSON = N_("O corpo não é JSON")


class Unreadable(ValueError):
    """Not a JSON object; the text says why, in Portuguese, for the list of receipts."""


def decode(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`; raises Unreadable.

    Well-formed text that PostgreSQL cannot store (escaped NULs, halves of surrogate pairs) is kept
    without those characters: the message matters more than they do.
    """
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
        value = _storable(value, MAX_DEPTH)
    except UnicodeDecodeError:
        raise Unreadable(N_("O corpo não está em UTF-8.")) from None
    except RecursionError:
        raise Unreadable(N_("O JSON é aninhado demais.")) from None
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"{NO_JSON}: {error}"[:200]) from None
    if not isinstance(value, dict):
        raise Unreadable(N_("O JSON não é um objeto."))
    return value


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{NO_JSON}: {name}")


def _storable(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float) and not math.isfinite(value):  # 1e999
        return None
    if not isinstance(value, (dict, list)):
        return value
    if depth == 0:
        raise Unreadable(N_("O JSON é aninhado demais."))
    if isinstance(value, list):
        return [_storable(item, depth - 1) for item in value]
    return {_clean(name): _storable(item, depth - 1) for name, item in value.items()}


def _clean(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
