"""The one way to call an outside system: time-outs, redaction, the ledger, and what is known after.

What is known of a call decides whether it may be tried again, so the classes are strict:
a connection that was never made is NEVER_LEFT, a 4xx is REFUSED, all else that is not a readable
2xx is UNKNOWN: it may have been done.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from app import clock
from app.extensions import current_settings
from app.integrations import ledger
from app.integrations.base import IntegrationError, Outcome
from app.logs import request_id
from app.metrics import OUTSIDE_CALLS, OUTSIDE_SECONDS

MAX_BODY = 1_048_576
CONNECT_SECONDS = 5.0

# (HTTP status or None, the vendor's own words) -> a sentence for staff.
Explain = Callable[[int | None, str], str]

_session = requests.Session()
_session.trust_env = False  # no proxy, no .netrc: the addresses are those of the settings
_session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))


@dataclass(slots=True)
class _Attempt:
    """What became of one call."""

    outcome: Outcome
    status: int | None = None
    text: str = ""
    body: Any = None
    wait_seconds: float | None = None


def call(
    vendor: str,
    method: str,
    url: str,
    *,
    subject: str,
    explain: Explain,
    headers: Mapping[str, str] | None = None,
    payload: Any = None,
    query: Mapping[str, str] | None = None,
    exact: bool = False,
    most: int = MAX_BODY,
) -> Any:
    """Call and return the JSON of a 2xx answer (None for an empty one), of up to `most` bytes.

    With `exact` numbers with a point are Decimals from their text.

    Raises IntegrationError with a sentence made by `explain` and the outcome. Never call it inside
    `atomic()`: nothing may be locked while somebody else takes their time.
    """
    ledger.leave_transaction()
    at, begun = clock.now(), time.perf_counter()
    asked = {"X-Request-ID": request_id(), **(headers or {})}
    attempt = _try(method, url, asked, payload, query, exact, most)
    seconds = time.perf_counter() - begun
    OUTSIDE_CALLS.labels(vendor, attempt.outcome.value).inc()
    OUTSIDE_SECONDS.labels(vendor).observe(seconds)
    failed = attempt.outcome is not Outcome.OK
    ledger.record(
        vendor=vendor,
        method=method,
        url=url,
        at=at,
        seconds=seconds,
        outcome=attempt.outcome,
        status=attempt.status,
        error=attempt.text if failed else None,
        subject=subject,
    )
    if failed:
        sentence = explain(attempt.status, attempt.text)
        raise IntegrationError(sentence, attempt.outcome, attempt.status, attempt.wait_seconds)
    return attempt.body


def _try(
    method: str,
    url: str,
    headers: Mapping[str, str],
    payload: Any,
    query: Mapping[str, str] | None,
    exact: bool,
    most: int,
) -> _Attempt:
    limit = current_settings().outside_timeout_seconds
    try:
        with _session.request(
            method,
            url,
            headers=dict(headers),
            json=payload,
            params=query,
            timeout=(min(CONNECT_SECONDS, limit), limit),
            allow_redirects=False,
            stream=True,
        ) as response:
            return _read(response, time.monotonic() + limit, exact, most)
    except requests.RequestException as error:
        outcome = Outcome.NEVER_LEFT if _never_left(error) else Outcome.UNKNOWN
        return _Attempt(outcome, text=_cause(error))


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    if isinstance(error, ValueError):  # an unusable address: nothing was opened
        return True
    if not isinstance(error, requests.ConnectionError):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, (NewConnectionError, ConnectTimeoutError)):  # refused, DNS included
        return True
    return bool(reason and isinstance(reason.args[0], SSLCertVerificationError))


def _cause(error: requests.RequestException) -> str:
    """The kind of failure only: the texts of urllib3 quote the address, token included."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason or error).__name__


def _read(response: requests.Response, deadline: float, exact: bool, most: int) -> _Attempt:
    status = response.status_code
    try:
        raw = _capped(response, deadline, most)
    except (HTTPError, requests.RequestException, OSError) as error:
        return _Attempt(_of_status(status, readable=False), status, type(error).__name__)
    readable, body = _decoded(raw, exact)
    outcome = _of_status(status, readable)
    return _Attempt(outcome, status, _words(raw, body), body, _wait(response.headers))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until we may call again, as the usual headers say them."""
    for name in ("Retry-After", "X-RateLimit-Reset"):
        text = headers.get(name, "").strip()
        if text.isdecimal() and len(text) < 7:  # longer ones are dates
            return float(text)
    return None


def _capped(response: requests.Response, deadline: float, most: int) -> bytes:
    raw = b""
    while chunk := response.raw.read1(65_536, decode_content=True):
        raw += chunk
        if len(raw) > most:
            raise OSError("answer too long")
        if time.monotonic() > deadline:
            raise OSError("answer too slow")
    return raw


def _decoded(raw: bytes, exact: bool) -> tuple[bool, Any]:
    if not raw.strip():
        return True, None
    try:
        return True, json.loads(raw, parse_float=Decimal if exact else None)
    except (ValueError, RecursionError):
        return False, None


def _of_status(status: int, readable: bool) -> Outcome:
    if 200 <= status < 300:
        return Outcome.OK if readable else Outcome.UNKNOWN
    return Outcome.REFUSED if 400 <= status < 500 else Outcome.UNKNOWN


def _words(raw: bytes, body: Any) -> str:
    if isinstance(body, dict):
        for name in ("clientMessage", "error", "message"):
            if isinstance(body.get(name), str):
                return str(body[name])[: ledger.MAX_ERROR]
    return raw[: ledger.MAX_ERROR].decode("utf-8", "replace")
