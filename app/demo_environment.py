"""The settings `make demo` runs with: what the environment says, and what it leaves open."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.embedded import EmbeddedError
from app.embedded_server import kept_secret

PROJECT = Path(__file__).resolve().parent.parent

# Where each vendor lives in the sandbox, for the ones the environment gives no address of.
SANDBOX_PATHS = {
    "ZAPI_BASE_URL": "",
    "OPENAI_BASE_URL": "/openai/v1",
    "SUPABASE_URL": "/supabase",
    "CHATWOOT_API_URL": "/chatwoot",
    "PIPERUN_API_URL": "/piperun/v1",
    "SIENGE_URL": "/sienge",
    "OCTADESK_URL": "/octadesk",
    "FLUIG_URL": "/fluig",
    "PIPEDRIVE_API_URL": "/pipedrive",
    "SENDGRID_BASE_URL": "/sendgrid",
    "WHATSAPP_GRAPH_URL": "/graph",
}
SANDBOX_CREDENTIALS = {
    "ZAPI_INSTANCE_ID": "INST-DEMO",
    "ZAPI_INSTANCE_TOKEN": "TOK-DEMO",
    "ZAPI_CLIENT_TOKEN": "CT-DEMO",
    "PIPEDRIVE_API_TOKEN": "PD-DEMO",
    "SIENGE_SUBDOMAIN": "exemplo",
    "SIENGE_USER": "exemplo-guiche",
    "SIENGE_PASSWORD": "SENHA-DEMO",
    "SIENGE_WEBHOOK_TOKEN": "AVISOS-DEMO",
    "OCTADESK_API_KEY": "OCTA-DEMO",
    "AUTHENTICATION_API_KEY": "CHAVE-DEMO",
    "TOKEN_SECRETO": "TOKEN-DEMO",
}


@dataclass(frozen=True)
class Demo:
    """What the launcher needs to know; `environment` is what every process of the demo gets."""

    data: Path
    port: int
    sandbox_port: int
    reset: bool
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """Where the desk answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def phone(self) -> str:
        """Where the sandbox shows a customer's phone."""
        return f"http://127.0.0.1:{self.sandbox_port}"


def read_demo(given: Mapping[str, str] = os.environ) -> Demo:
    """The demo this environment asks for; empty counts as unset. Raises EmbeddedError."""
    environment = {name: value for name, value in given.items() if value}
    demo = Demo(
        data=Path(environment.get("GUICHE_DATA", PROJECT / ".data")).absolute(),
        port=_port(environment, "PORT", 5000),
        sandbox_port=_port(environment, "SANDBOX_PORT", 5050),
        reset=environment.get("RESET", "0") not in ("0", "no", "false"),
        environment=environment,
    )
    if demo.port == demo.sandbox_port:
        raise EmbeddedError(f"PORT e SANDBOX_PORT não podem ser a mesma porta ({demo.port}).")
    if demo.reset and "DATABASE_URL" in environment:
        raise EmbeddedError(
            "RESET=1 só recomeça o banco embutido, e DATABASE_URL aponta para um banco seu. "
            "Apague-o você mesmo ou rode sem DATABASE_URL."
        )
    return demo


def complete(demo: Demo, database_url: str, redis_url: str) -> None:
    """Fill in what the environment left open; secrets are made once and kept beside the data."""
    metrics = demo.data / "metrics"
    metrics.mkdir(exist_ok=True)
    for stale in metrics.glob("*.db"):  # of processes that are gone
        stale.unlink()
    webhook_secret = kept_secret(demo.data / "webhook_secret")
    defaults = {
        "GUICHE_ENV": "development",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(demo.port),
        "SANDBOX_PORT": str(demo.sandbox_port),
        "PUBLIC_URL": demo.address,
        "SECRET_KEY": kept_secret(demo.data / "secret_key"),
        "ENCRYPTION_KEY": kept_secret(demo.data / "encryption_key", _fernet_key),
        "DEMO_PASSWORD": kept_secret(demo.data / "demo_password", _readable_password),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "MEDIA_FOLDER": str(demo.data / "media"),
        "MEDIA_PRIVATE_NETWORKS": "127.0.0.0/8",  # the sandbox serves customers' files there
        "SANDBOX_DATA": str(demo.data / "sandbox.sqlite3"),
        # The secret address: only by it may a customer prove who they are and accept something.
        "ZAPI_WEBHOOK_SECRET": webhook_secret,
        "SANDBOX_WEBHOOK_URL": f"{demo.address}/webhook/zapi/{webhook_secret}",
        "FICTITIOUS_DATA": "1",
        "SCREEN_LANGUAGES": "pt_BR,en",
        "PYTHONUNBUFFERED": "1",
        **SANDBOX_CREDENTIALS,
        **{name: demo.phone + path for name, path in SANDBOX_PATHS.items()},
    }
    for name, value in defaults.items():
        demo.environment.setdefault(name, value)


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise EmbeddedError(f"{name}={text} não é uma porta: use um número de 1 a 65535.")
    return int(text)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _readable_password() -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))
