"""Fetching from an address that an outsider supplied, without being led into our own network.

The name is resolved once, the address found is checked and is the one connected to; each redirect
is judged anew. Size and time are capped while it streams.
"""

import hashlib
import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
import urllib3
from flask_babel import gettext as _
from urllib3.exceptions import HTTPError

from app.extensions import current_settings

MAX_REDIRECTS = 3
MAX_ADDRESS = 4096
CHUNK = 65_536
Address = IPv4Address | IPv6Address
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: IPv4 in its last 32 bits


class FetchError(Exception):
    """Not fetched. `reason` is for staff; `permanent` says that trying again by itself is vain."""

    def __init__(self, reason: str, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: how many bytes, their hash, and what the server says they are."""

    size: int
    sha256: str
    declared_type: str


def fetch(url: str, target: Path) -> Fetched:
    """Stream the file at `url` into `target`. Raises FetchError."""
    deadline = time.monotonic() + current_settings().media_fetch_seconds
    for _hop in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        address = _resolved(parts)
        with _pool(parts, address) as pool:
            answer = _asked(pool, parts)
            try:
                if answer.status in {301, 302, 303, 307, 308} and answer.headers.get("Location"):
                    url = urljoin(url, answer.headers["Location"])
                    continue
                _check_status(answer.status)
                return _streamed(answer, target, deadline)
            finally:
                answer.close()
    raise _refused()


def is_forbidden(address: Address) -> bool:
    """Whether an address is in a network that outsiders must not reach through us."""
    real = _inner(address)
    if any(real in network for network in current_settings().private_networks):
        return False
    return not real.is_global or real.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _checked(url: str) -> SplitResult:
    refused = _refused()
    if len(url) > MAX_ADDRESS or any(ord(letter) <= 32 for letter in url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise refused
    if port == 0:
        raise refused
    return parts


def _resolved(parts: SplitResult) -> Address:
    host, port = parts.hostname or "", parts.port or _default_port(parts)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _unreachable() from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    # One forbidden address among several is a trap as well.
    if not addresses or any(is_forbidden(address) for address in addresses):
        raise _refused()
    inside = not addresses[0].is_global
    if parts.scheme != "https" and not inside:
        raise _refused()  # anybody on the way could exchange it
    return addresses[0]


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _pool(parts: SplitResult, address: Address) -> urllib3.HTTPConnectionPool:
    """A connection to the address that was checked, whatever the name resolves to meanwhile."""
    timeout = urllib3.Timeout(connect=5, read=15)
    port = parts.port or _default_port(parts)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(str(address), port, timeout=timeout, retries=False)
    return urllib3.HTTPSConnectionPool(
        str(address),
        port,
        timeout=timeout,
        retries=False,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


def _asked(
    pool: urllib3.HTTPConnectionPool, parts: SplitResult
) -> urllib3.response.BaseHTTPResponse:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    headers = {"Host": host, "Accept-Encoding": "identity", "User-Agent": "Guiche"}
    try:
        return pool.urlopen(
            "GET", path, headers=headers, redirect=False, preload_content=False, retries=False
        )
    except (HTTPError, OSError, UnicodeError):
        raise _unreachable() from None


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status in {401, 403, 404, 410}:
        raise FetchError(
            _("O arquivo não está mais disponível no WhatsApp. Peça ao cliente que envie de novo."),
            permanent=True,
        )
    raise FetchError(_("O servidor do arquivo falhou (erro %(status)s).", status=status))


def _streamed(answer: urllib3.response.BaseHTTPResponse, target: Path, deadline: float) -> Fetched:
    limit = current_settings().media_max_bytes
    declared = answer.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)
    with target.open("wb") as file:
        size, digest = _copied(answer, file, limit, deadline)
    if declared.isdecimal() and size != int(declared):
        raise _unreachable()  # cut short
    claimed = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Fetched(size, digest, claimed[:100])


def _copied(
    answer: urllib3.response.BaseHTTPResponse, file: BinaryIO, limit: int, deadline: float
) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    try:
        # read1 answers with what has come: a server that drips cannot hold us beyond the deadline.
        while chunk := answer.read1(CHUNK):
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            if time.monotonic() > deadline:
                raise FetchError(_("O arquivo demorou demais para chegar."))
            digest.update(chunk)
            file.write(chunk)
    except (HTTPError, OSError):
        raise _unreachable() from None
    return size, digest.hexdigest()


def too_large(limit: int) -> FetchError:
    """The refusal of a file beyond the limit, in bytes."""
    return FetchError(too_large_text(limit), permanent=True)


def too_large_text(limit: int) -> str:
    """The sentence for a file beyond the limit, in bytes."""
    megabytes = max(1, limit // 1_048_576)
    return _("O arquivo passa do tamanho permitido (%(limit)s MB).", limit=megabytes)


def _refused() -> FetchError:
    return FetchError(_("O endereço do arquivo não é permitido."), permanent=True)


def _unreachable() -> FetchError:
    return FetchError(_("Não foi possível chegar ao arquivo."))
