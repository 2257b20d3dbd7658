"""CPF, CNPJ, phones and CEP: what is valid, how it is kept, and how it is shown. Pure."""

import re
from dataclasses import dataclass

import phonenumbers
from flask_babel import gettext as _

_AREA_ENDINGS = {  # first digit -> second digits
    "1": "123456789",
    "2": "12478",
    "3": "1234578",
    "4": "123456789",
    "5": "1345",
    "6": "123456789",
    "7": "134579",
    "8": "123456789",
    "9": "123456789",
}
AREA_CODES = frozenset(tens + unit for tens, units in _AREA_ENDINGS.items() for unit in units)
FICTITIOUS_AREA = "00"  # of the sample data: no real telephone has it

_SERVICE = re.compile(r"0[3589]00")
_NATIONWIDE = re.compile(r"[34]00\d{5}")  # 4004-1234: dialled without an area, never E.164
_PHONE_TEXT = re.compile(r"[0-9\s()+./-]*")


class InvalidPhone(ValueError):
    """What was typed is not a telephone; the text says why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone in E.164. `kind` is mobile, landline or foreign.

    `ambiguous` marks ten digits that begin with 55: area 55 without the ninth digit, or +55 without
    an area. They are read as the first; whoever typed them should see the result.
    """

    e164: str
    kind: str
    ninth_added: bool = False
    ambiguous: bool = False


def _weighted(values: list[int], first: int, last: int) -> int:
    """The sum of values times weights that go down from `first` to 2, then again from `last`."""
    total, weight = 0, first
    for value in values:
        total += value * weight
        weight = weight - 1 if weight > 2 else last
    return total


def cpf(text: str) -> str | None:
    """The 11 digits of a valid CPF, with or without its mask; None when it is not one."""
    digits = re.sub(r"[\s.-]", "", text)
    if not re.fullmatch(r"[0-9]{11}", digits) or len(set(digits)) == 1:
        return None
    values = [int(digit) for digit in digits]
    for length in (9, 10):
        if _weighted(values[:length], length + 1, 2) * 10 % 11 % 10 != values[length]:
            return None
    return digits


def mask_cpf(digits: str) -> str:
    """`***.982.247-**`: enough to recognise, too little to use."""
    return f"***.{digits[3:6]}.{digits[6:9]}-**"


def display_cpf(digits: str) -> str:
    """`529.982.247-25`."""
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def cnpj(text: str) -> str | None:
    """The 14 characters of a valid CNPJ, letters included (IN RFB 2.229/2024); None otherwise."""
    compact = re.sub(r"[\s./-]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", compact) or len(set(compact)) == 1:
        return None
    values = [ord(character) - 48 for character in compact]
    for length in (12, 13):
        rest = _weighted(values[:length], length - 7, 9) % 11
        if (0 if rest < 2 else 11 - rest) != values[length]:
            return None
    return compact


def display_cnpj(compact: str) -> str:
    """`12.ABC.345/01DE-35`."""
    return f"{compact[:2]}.{compact[2:5]}.{compact[5:8]}/{compact[8:12]}-{compact[12:]}"


def cep(text: str) -> str | None:
    """The 8 digits of a postal code; whether it exists only a look-up can tell."""
    digits = re.sub(r"[\s.-]", "", text)
    return digits if re.fullmatch(r"[0-9]{8}", digits) else None


def display_cep(digits: str) -> str:
    """`80000-123`."""
    return f"{digits[:5]}-{digits[5:]}"


def phone(text: str, default_area: str | None = None, fictitious: bool = False) -> Phone:
    """A typed telephone, strictly. Raises InvalidPhone with the reason.

    `default_area` completes local numbers; `fictitious` also admits the sample data's area 00.
    """
    if not _PHONE_TEXT.fullmatch(text):
        raise InvalidPhone(_("Use só números no telefone."))
    digits = re.sub(r"[^0-9]", "", text)
    international = text.lstrip().startswith("+")
    if fictitious and not international and _is_of_sample(digits):
        return _national(digits, fictitious=True)
    if digits.startswith("00"):
        digits, international = digits[2:], True
    if not digits:
        raise InvalidPhone(_("Informe o telefone."))
    if international and not digits.startswith("55"):
        return _foreign(digits)
    if digits.startswith("55") and (international or len(digits) in {12, 13}):
        digits = digits[2:]
        if fictitious and _is_of_sample(digits):
            return _national(digits, fictitious=True)
    return _national(_with_area(_without_trunk(digits), default_area), fictitious)


def _is_of_sample(digits: str) -> bool:
    """Area 00 and a number; calls abroad, which also begin with 00, are longer."""
    return digits.startswith(FICTITIOUS_AREA) and len(digits) in {10, 11}


def _without_trunk(digits: str) -> str:
    if _SERVICE.match(digits):
        raise InvalidPhone(_("Este é um número de serviço, não o telefone de um contato."))
    if not digits.startswith("0"):
        return digits
    digits = digits[1:]
    return digits[2:] if len(digits) in {12, 13} else digits  # the carrier's two digits


def _with_area(digits: str, default_area: str | None) -> str:
    if len(digits) in {10, 11}:
        return digits
    if len(digits) not in {8, 9}:
        raise InvalidPhone(_("O número de dígitos do telefone não confere."))
    if _NATIONWIDE.fullmatch(digits):
        raise InvalidPhone(_("Este é um número de serviço, não o telefone de um contato."))
    if not default_area:
        raise InvalidPhone(_("Falta o DDD."))
    return default_area + digits


def _national(digits: str, fictitious: bool) -> Phone:
    area, number = digits[:2], digits[2:]
    if area not in AREA_CODES and not (fictitious and area == FICTITIOUS_AREA):
        raise InvalidPhone(_("O DDD %(area)s não existe.", area=area))
    if len(number) == 9:
        if number[0] != "9":
            raise InvalidPhone(_("Um celular tem nove dígitos e começa com 9."))
        return Phone(f"+55{digits}", "mobile")
    if number[0] in "2345":
        return Phone(f"+55{digits}", "landline")
    if number[0] in "6789" or area == FICTITIOUS_AREA:  # invented numbers go on with any digit
        return Phone(f"+55{area}9{number}", "mobile", True, ambiguous=digits.startswith("55"))
    raise InvalidPhone(_("Um telefone fixo começa com 2, 3, 4 ou 5."))


def _foreign(digits: str) -> Phone:
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        raise InvalidPhone(_("Não reconhecemos o código do país.")) from None
    if not phonenumbers.is_possible_number(parsed):
        raise InvalidPhone(_("O número de dígitos do telefone não confere."))
    return Phone(f"+{digits}", "foreign")


def provider_phone(address: str) -> tuple[str, str]:
    """E.164 and match key of an address as a provider sends it: country code and number.

    Nothing is refused here: it is who wrote to us. Of Brazilian mobiles the ninth digit is
    completed; all else is kept as it came.
    """
    digits = re.sub(r"[^0-9]", "", address).lstrip("0")
    if _is_mobile(digits):
        digits = digits[:4] + "9" + digits[-8:]
    return f"+{digits}", match_key(digits)


def match_key(number: str) -> str:
    """What all spellings of one telephone share; `number` is E.164 or a provider's digits.

    A mobile and a landline that end alike are two people: they never share a key.
    """
    digits = re.sub(r"[^0-9]", "", number)
    if _is_mobile(digits):
        return f"m:{digits[:4]}{digits[-8:]}"
    return f"p:{digits}"


def lid_key(channel_id: int, lid: str) -> str:
    """The match key of a private id, which means something only within one instance."""
    return f"l:{channel_id}:{lid}"


def _is_mobile(digits: str) -> bool:
    if not digits.startswith("55"):
        return False
    area, number = digits[2:4], digits[4:]
    if len(number) == 8:
        # Invented numbers have any digit after the ninth; real ones begin with 6 to 9.
        return number[0] in "6789" or (area == FICTITIOUS_AREA and number[0] not in "2345")
    return len(number) == 9 and number[0] == "9"


def display_phone(e164: str) -> str:
    """`(41) 98765-4321`, or the international spelling for other countries."""
    found = re.fullmatch(r"\+55(\d{2})(\d{4,5})(\d{4})", e164)
    if found:
        return f"({found[1]}) {found[2]}-{found[3]}"
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
