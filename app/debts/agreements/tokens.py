"""The address of a proposal's public page: signed, so that it cannot be guessed or altered.

It ends with the offer's validity; an accepted one stays, for the papers. Who has it still has to
prove who they are.
"""

from itsdangerous import BadSignature, URLSafeSerializer

from app.extensions import current_settings

_PURPOSE = "debt-offer"


def address_of(offer_id: int) -> str:
    """Where the customer sees the proposals."""
    return f"{current_settings().public_url.rstrip('/')}/proposta/{token_of(offer_id)}"


def token_of(offer_id: int) -> str:
    """The last part of that address."""
    return str(_signer().dumps(offer_id))


def offer_in(token: str) -> int | None:
    """Which offer a token is for; None for one that we did not sign."""
    if len(token) > 100:
        return None
    try:
        found = _signer().loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) and found > 0 else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt=_PURPOSE)
