"""Which pages may open a socket: our own."""

from urllib.parse import urlsplit


def is_own(origin: str | None, host: str, public_url: str) -> bool:
    """Whether a browser's Origin is this host, or PUBLIC_URL's; what sends none is no browser."""
    if not origin:
        return True
    ours = {host.lower(), urlsplit(public_url).netloc.lower()} - {""}
    return urlsplit(origin).netloc.lower() in ours
