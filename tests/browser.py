"""The Chromium the browser tests use: one installed here, else Debian's, else Playwright's own.

`python -m tests.browser` finds or installs one and starts it, or exits 1 and names what to install.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REMEMBERED = Path(sys.prefix) / "chromium-path"
PATIENCE_MS = 30_000  # how long a page may take, beside other tests on a slow machine
MISSING = """Nenhum Chromium inicia nesta máquina, e os testes de navegador precisam de um.
Instale um deles e rode outra vez:
  sudo apt-get install chromium
  sudo {python} -m playwright install --with-deps chromium"""


def launch_options(executable: str | None = None) -> dict[str, object]:
    """What Playwright's `chromium.launch` needs to start the browser that was found."""
    arguments = [
        "--disable-dev-shm-usage",
        "--use-fake-device-for-media-stream",  # a microphone that beeps
        "--use-fake-ui-for-media-stream",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own refuses to run as root
    return {"executable_path": executable or chromium(), "args": arguments}


def chromium() -> str:
    """The path of a Chromium known to start. Raises SystemExit naming what to install."""
    if REMEMBERED.exists() and os.access(remembered := REMEMBERED.read_text(), os.X_OK):
        return remembered
    for executable in _candidates():
        if fault := _fault(executable):
            print(f"{executable}: {fault}", file=sys.stderr)
        else:
            REMEMBERED.write_text(executable)
            return executable
    raise SystemExit(MISSING.format(python=sys.executable))


def _candidates() -> Iterator[str]:
    """Installed ones first; each installation is tried only when what came before didn't start."""
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        yield own
    if os.geteuid() == 0 and shutil.which("apt-get") and not shutil.which("chromium"):
        print("Instalando o chromium do sistema…", file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
        if installed := shutil.which("chromium"):
            yield installed
    if not Path(own).exists():
        print("Baixando o Chromium do Playwright…", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if Path(own).exists():
            yield own


def _fault(executable: str) -> str:
    """Why it does not start; empty when it does."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options(executable), timeout=30_000)
            browser.close()
    except Error as error:
        return str(error).splitlines()[0]
    return ""


if __name__ == "__main__":
    REMEMBERED.unlink(missing_ok=True)
    print(f"Chromium: {chromium()}")
