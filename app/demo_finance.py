"""Beside the running demo: have finance's sample data told, once the ERP's double is up."""

import subprocess

from app.demo_environment import PROJECT, SANDBOX_PATHS, Demo
from app.demo_supervisor import FLASK, bound_to_us

TOLD = "finance_told"  # lies in the data folder once nothing is left to tell
MOST_TRIES = 5


class Storyteller:
    """`flask seed --preset finance` in a process of its own; what is killed is started again.

    Each story is one transaction and is told once, so the next try goes on where it was left. Its
    last words are in logs/finance.log.
    """

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._process: subprocess.Popen[bytes] | None = None
        self._tries = 0
        prepared = demo.data / "prepared"
        self._wanted = prepared.read_text() if prepared.exists() else ""
        sandbox = demo.phone + SANDBOX_PATHS["SIENGE_URL"]
        # Whoever points the demo at an ERP of their own gets no invented debts.
        self._done = demo.environment.get("SIENGE_URL") != sandbox or self._is_told()

    def go_on(self) -> None:
        """Start it where it is still needed, and note its end; never waits."""
        if self._done:
            return
        if self._process is None:
            self._start()
        elif self._process.poll() is not None:
            if self._process.returncode == 0:
                (self._demo.data / TOLD).write_text(self._wanted)
                self._done = True
            self._done = self._done or self._tries >= MOST_TRIES
            self._process = None

    def stop(self) -> None:
        """End it at once: what it was telling is rolled back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _is_told(self) -> bool:
        mark = self._demo.data / TOLD
        return mark.exists() and mark.read_text() == self._wanted

    def _start(self) -> None:
        self._tries += 1
        with (self._demo.data / "logs" / "finance.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a command of our own
                bound_to_us((*FLASK, "seed", "--preset", "finance")),
                cwd=PROJECT,
                env=self._demo.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
