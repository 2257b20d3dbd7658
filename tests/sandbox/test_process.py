import os
import socket
import subprocess
import sys

import pytest

from tests.sandbox.outside import ROOT, Sandbox, free_port


def run(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SANDBOX_PORT": str(free_port()), **environ},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SANDBOX_HOST": "0.0.0.0"}, "só atende nesta máquina"),
        ({"GUICHE_ENV": "production"}, "não roda em produção"),
        ({"SANDBOX_PORT": "porta"}, "SANDBOX_PORT"),
        ({"SANDBOX_READ_MS": "logo"}, "SANDBOX_READ_MS"),
        ({"SANDBOX_DATA": "/dev/null/arquivo"}, "SANDBOX_DATA"),
    ],
)
def test_it_refuses_to_start_with_a_plain_sentence(environ: dict[str, str], said: str) -> None:
    ended = run(**environ)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run(SANDBOX_PORT=str(port))
    assert ended.returncode == 1
    assert f"Porta {port} em uso" in ended.stderr


def test_it_imports_nothing_of_the_product() -> None:
    script = "import sys, sandbox.app; sys.exit('app' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=10, check=False)
    assert ended.returncode == 0


def test_a_reset_brings_back_the_first_state(sandbox: Sandbox) -> None:
    sandbox.say("oi")
    sandbox.send_text("olá")
    sandbox.post("/settings", {"read_ms": None})
    sandbox.post("/faults", {"vendor": "zapi", "status": 500})
    sandbox.call("GET", "disconnect")
    assert sandbox.post("/reset").status_code == 204
    assert sandbox.messages() == []
    assert sandbox.get("/zapi/outbox") == []
    assert sandbox.get("/zapi/deliveries") == []
    assert sandbox.get("/faults") == []
    assert sandbox.get("/settings")["read_ms"] == 1500
    assert sandbox.get("/zapi/instances")[0]["connected"] is True
