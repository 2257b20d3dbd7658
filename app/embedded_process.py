"""Starting, finding and addressing the processes of the embedded servers."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from app.embedded_binaries import Account, EmbeddedError

DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")


def free_port() -> int:
    """A free port below the range of outgoing connections.

    Inside that range a client that keeps reconnecting to a stopped server may be given the
    server's own port, connect to itself and keep the server from coming back.
    """
    lowest_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(200):
        port = 10_000 + secrets.randbelow(max(lowest_outgoing - 10_000, 1))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise EmbeddedError("Não encontrei uma porta livre em 127.0.0.1.")


def spawn(
    command: list[str], folder: Path, log: IO[bytes], account: Account, death_signal: str
) -> subprocess.Popen[bytes]:
    """Start `command` inside `folder` as `account`, bound to the life of this process.

    `death_signal` is what it gets when this process ends in any way.
    """
    user = ["--user", f"{account.uid}:{account.gid}"] if account.is_other else []
    wrapper = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), "--session", *user]
    wrapper += ["--signal", death_signal, "--parent", str(os.getpid()), "--"]
    return _in_a_lasting_thread(
        lambda: subprocess.Popen(  # noqa: S603 - the commands are our own
            wrapper + command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    )


_lasting: dict[int, ThreadPoolExecutor] = {}


def _in_a_lasting_thread(
    start: Callable[[], subprocess.Popen[bytes]],
) -> subprocess.Popen[bytes]:
    """Fork from a thread that lives as long as the process: the kernel kills a child when the
    thread that forked it ends, not when the process does."""
    if threading.current_thread() is threading.main_thread():
        return start()
    executor = _lasting.setdefault(os.getpid(), ThreadPoolExecutor(1, "embedded"))
    return executor.submit(start).result()


def processes_inside(folder: Path) -> Iterator[int]:
    """Processes whose working folder is `folder`, which every server's is."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == folder.resolve():
                    yield int(entry.name)
