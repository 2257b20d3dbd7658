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

# First the one without windows of its own: each page costs it less than half.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
    may_install = os.geteuid() == 0 and bool(shutil.which("apt-get"))
    if may_install and not shutil.which(SHELL):
        _apt_get("install", "-y", "--no-install-recommends", SHELL)
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        yield own
    if may_install and not shutil.which("chromium"):
        _apt_get("update")
        for package in (SHELL, "chromium"):
            _apt_get("install", "-y", "--no-install-recommends", package)
            if installed := shutil.which(package):
                yield installed
    if not Path(own).exists():
        print("Baixando o Chromium do Playwright…", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if Path(own).exists():
            yield own


def _apt_get(*arguments: str) -> None:
    """Try it; whether something came of it is seen by looking for what it should bring."""
    print(f"apt-get {' '.join(arguments)}…", file=sys.stderr)
    subprocess.run(
        ["apt-get", "-qq", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


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
