"""What the environment says, and what `POST /settings` may change while it runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NEVER = ("nunca", "never", "null")
DELAYS = ("delivery_ms", "echo_ms", "sent_ms", "received_ms", "read_ms")
DURATIONS = ("gap_ms", "retry_for_ms", "reorder_wait_ms")


class SettingError(ValueError):
    """A setting that cannot be used; the text is in Portuguese and names it."""


@dataclass
class Settings:
    """Delays are milliseconds after the send; `None` means that it never happens."""

    host: str = "127.0.0.1"
    port: int = 5050
    data: str = ""
    webhook_url: str = "http://127.0.0.1:5000/webhook/whatsapp"
    webhook_token: str = ""
    zapi_instance_id: str = "INST-DEMO"
    zapi_instance_token: str = "TOK-DEMO"  # noqa: S105 - an invented credential of the demo
    zapi_client_token: str = "CT-DEMO"  # noqa: S105 - an invented credential of the demo
    notify_sent_by_me: bool = True
    delivery_ms: int | None = 60
    echo_ms: int | None = 90
    sent_ms: int | None = 120
    received_ms: int | None = 350
    read_ms: int | None = 1500
    gap_ms: int = 0
    retry_for_ms: int = 30_000
    reorder_wait_ms: int = 1_000
    invalid_suffixes: list[str] = field(default_factory=lambda: ["0404"])

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `SANDBOX_*` and `ZAPI_*`; raises SettingError naming a variable that is wrong."""
        settings = cls()
        for name in ("host", "data", "webhook_url", "webhook_token"):
            setattr(settings, name, environ.get(f"SANDBOX_{name.upper()}") or getattr(cls, name))
        for name in ("zapi_instance_id", "zapi_instance_token", "zapi_client_token"):
            setattr(settings, name, environ.get(name.upper()) or getattr(cls, name))
        settings.port = _port(environ.get("SANDBOX_PORT") or str(cls.port))
        settings.change(_adjustments(environ), prefix="SANDBOX_")
        return settings

    def change(self, values: Mapping[str, Any], prefix: str = "") -> None:
        """Apply the adjustable settings named in `values`, all or none."""
        checked = {name: _checked(name, value, prefix) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def adjustable(self) -> dict[str, Any]:
        """The settings that may change at run time, as `GET /settings` shows them."""
        return {name: getattr(self, name) for name in ADJUSTABLE}


ADJUSTABLE = (*DELAYS, *DURATIONS, "notify_sent_by_me", "webhook_url", "invalid_suffixes")


def _adjustments(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ADJUSTABLE:
        text = environ.get(f"SANDBOX_{name.upper()}")
        if text is None or name == "webhook_url":
            continue
        if name == "invalid_suffixes":
            found[name] = [part.strip() for part in text.split(",") if part.strip()]
        elif name == "notify_sent_by_me":
            found[name] = text.strip().lower() not in ("0", "false", "no", "nao", "não")
        else:
            found[name] = None if text.strip().lower() in NEVER else text.strip()
    return found


def _checked(name: str, value: Any, prefix: str) -> Any:
    shown = prefix + name.upper() if prefix else name
    if name in DELAYS or name in DURATIONS:
        return _milliseconds(name, value, shown)
    if name == "notify_sent_by_me" and isinstance(value, bool):
        return value
    if name == "webhook_url" and isinstance(value, str) and value.startswith(("http://", "https")):
        return value
    if name == "invalid_suffixes" and isinstance(value, list) and all(map(_is_digits, value)):
        return list(value)
    raise SettingError(f"Ajuste inválido ou desconhecido: {shown}.")


def _milliseconds(name: str, value: Any, shown: str) -> int | None:
    if value is None and name in DELAYS:
        return None
    if _is_digits(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3_600_000:
        return value
    raise SettingError(f"{shown} deve ser um número de milissegundos, de 0 a 3600000.")


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def _port(text: str) -> int:
    if _is_digits(text) and 0 < int(text) < 65536:
        return int(text)
    raise SettingError(f"SANDBOX_PORT deve ser uma porta entre 1 e 65535, não “{text[:20]}”.")
