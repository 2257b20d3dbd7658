"""JSON logs with one request id through web, job and outside call; secrets and people masked."""

import logging
import re
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import structlog
from flask import Flask, Response, g, request

_CPF = re.compile(r"(?<!\d)\d{3}\.?(\d{3})\.?(\d{3})-?\d{2}(?!\d)")
_PHONE = re.compile(r"(?<!\d)\+?(55)?(\d{2})(9?\d{4})(\d{4})(?!\d)")
_TOKEN_PATH = re.compile(r"(/instances/[^/\s]+/token/)[^/\s?\"']+")
_WEBHOOK_PATH = re.compile(r"(/webhook/zapi/|/convite/)[^/\s?\"']+")
_SECRET_NAMES = re.compile(r"(?i)(password|senha|secret|token|authorization|api[-_]?key|cookie)")
_UNTOUCHED = {"timestamp", "request_id", "address", "level", "event", "job_id"}


# Where none of this is, nothing is to be hidden: most of what is logged is a word or a number.
_SUSPECT = re.compile(r"\d{3}|/instances/|/webhook/|/convite/")


def redact(text: str) -> str:
    """The text without tokens in addresses, and with CPF and phones cut to their last digits."""
    if _SUSPECT.search(text) is None:
        return text
    text = _TOKEN_PATH.sub(r"\1***", text)
    text = _WEBHOOK_PATH.sub(r"\1***", text)
    text = _PHONE.sub(lambda found: f"***{found.group(4)}", text)
    return _CPF.sub(r"***.\1.\2-**", text)


def _redactor(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if name in _UNTOUCHED:
            continue
        if _is_secret(name):
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = redact(value)
    return event


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def configure() -> None:
    """Route structlog and the standard library's logging to one JSON line each on stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            _redactor,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redactor,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def request_id() -> str:
    """The id of the request or job under way; a new one where there is none."""
    bound = structlog.contextvars.get_contextvars().get("request_id")
    return str(bound) if bound else bind_request_id()


def bind_request_id(value: str | None = None) -> str:
    """Give what follows in this context an id: the caller's if it is harmless, else a new one."""
    if not value or not re.fullmatch(r"[A-Za-z0-9._-]{4,64}", value):
        value = secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(request_id=value)
    return value


@contextmanager
def on_behalf_of(caller: str) -> Iterator[None]:
    """Do what follows under the id of another request: one may do the work of several."""
    own = structlog.contextvars.get_contextvars().get("request_id")
    structlog.contextvars.bind_contextvars(request_id=caller)
    try:
        yield
    finally:
        structlog.contextvars.bind_contextvars(request_id=own)


def init_app(app: Flask) -> None:
    """Bind an id to each request and write one line for it."""
    configure()
    log = structlog.get_logger()

    @app.before_request
    def _begin() -> None:
        structlog.contextvars.clear_contextvars()
        g.request_id = bind_request_id(request.headers.get("X-Request-ID"))
        structlog.contextvars.bind_contextvars(address=request.remote_addr)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint != "static" and "entries_began" not in g:
            log.info(
                "request", method=request.method, path=request.path, status=response.status_code
            )
        return response
