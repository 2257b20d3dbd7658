"""Where a telephone is from, by its area code: the state, and the clock that goes there. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.clock import COMPANY_ZONE

_AREAS = {
    "SP": "11 12 13 14 15 16 17 18 19", "RJ": "21 22 24", "ES": "27 28",
    "MG": "31 32 33 34 35 37 38", "PR": "41 42 43 44 45 46", "SC": "47 48 49",
    "RS": "51 53 54 55", "DF": "61", "GO": "62 64", "TO": "63", "MT": "65 66", "MS": "67",
    "AC": "68", "RO": "69", "BA": "71 73 74 75 77", "SE": "79", "PE": "81 87", "AL": "82",
    "PB": "83", "RN": "84", "CE": "85 88", "PI": "86 89", "PA": "91 93 94", "AM": "92 97",
    "RR": "95", "AP": "96", "MA": "98 99",
}  # fmt: skip
STATE_OF = {area: state for state, areas in _AREAS.items() for area in areas.split()}
_ZONES = {
    "AM": "America/Manaus", "RO": "America/Porto_Velho", "RR": "America/Boa_Vista",
    "MT": "America/Cuiaba", "MS": "America/Campo_Grande", "AC": "America/Rio_Branco",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A state ("" when nobody knows) and its clock."""

    state: str
    zone: ZoneInfo


UNKNOWN = Place("", COMPANY_ZONE)


def of_phone(e164: str | None) -> Place:
    """Where a Brazilian number is from; the company's own clock where that is not known."""
    digits = "".join(c for c in e164 or "" if c.isdecimal())
    state = STATE_OF.get(digits[2:4], "") if digits.startswith("55") else ""
    if not state:
        return UNKNOWN
    name = _ZONES.get(state)
    return Place(state, ZoneInfo(name) if name else COMPANY_ZONE)
