"""What callers send, read: numbers, texts and amounts however they write them. Pure."""

from collections.abc import Mapping
from typing import Any

from app.contacts import ids
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import MOST, from_number, to_cents, typed_by_people

LARGEST = 2**63 - 1


class Refused(Exception):
    """A request that cannot be answered: the status and the words under `erro`."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.said = said
        self.status = status


def document(given: object) -> str:
    """The compact CPF or CNPJ; numbers have lost their zeros. Raises Refused."""
    text = str(given).zfill(11) if _is_whole(given) else given
    if not isinstance(text, str):
        raise Refused("CPF inválido")
    found = ids.cpf(text) or ids.cnpj(text)
    if found is None:
        raise Refused("CPF inválido")
    return found


def number(body: Mapping[str, Any], name: str) -> int:
    """An id, as a number or its text. Raises Refused where it is missing; 0 is nobody's."""
    value = body.get(name)
    if value is None or value == "" or value == 0 or isinstance(value, bool):
        raise Refused(f"{name} é obrigatório")
    text = str(value).strip()
    known = isinstance(value, (int, str)) and text.isascii() and text.isdecimal()
    if not known or len(text) > 19 or int(text) > LARGEST:
        raise Refused(f"{name} inválido")
    return int(text)


def option(given: object) -> int:
    """The chosen line. Raises Refused."""
    text = str(given).strip() if _is_whole(given) or isinstance(given, str) else ""
    if not (text.isascii() and text.lstrip("-").isdecimal() and len(text) < 10):
        raise Refused("Opção inválida. Deve ser um número.")
    return int(text)


def monthly(given: object) -> int:
    """Cents of what the customer can pay a month: `350.5`, `"350,50"`, `"1.234,56"`.

    A number has a decimal point; in a text a dot before three final digits parts thousands.
    Raises Refused.
    """
    if given is None or (given in ("", 0) and not isinstance(given, bool)):
        raise Refused("valor_cliente é obrigatório")
    try:
        text = isinstance(given, str)
        cents = typed_by_people(str(given)) if text else to_cents(from_number(given))
    except DebtFault:
        raise Refused("valor_cliente inválido") from None
    if cents == 0:
        raise Refused("valor_cliente é obrigatório")
    if not 0 < cents <= MOST:
        raise Refused("valor_cliente inválido")
    return cents


def _is_whole(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)
