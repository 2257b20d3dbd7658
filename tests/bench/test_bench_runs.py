"""That the measurements run; what they measure is for people to read, never asserted."""

import os
import subprocess
import sys

import pytest

from tests.running import ROOT

ROWS = {
    "pages": {
        "own account (floor)",
        "board of the turn",
        "list, newest",
        "thread (pane)",
        "contact",
        "search, rare words",
    },
    "transfers": {"import", "export, CSV", "export, XLSX", "import taken back"},
    "staff": {"page", "post", "push"},
    "live": {"1", "3"},
    "intake": {"webhooks a second", "CPU of a webhook, ms"},
    "handouts": {"raw", "GET /consultor/da-vez"},
    "debts": {"three proposals", "portfolio of 300 × 20"},
}


@pytest.mark.timeout(600)  # it starts dozens of processes, beside other tests
def test_every_part_of_the_bench_yields_figures() -> None:
    own = ("DATABASE_URL", "REDIS_URL", "GUICHE_ENV", "ZAPI_BASE_URL", "ZAPI_INSTANCE_ID")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**environment, "QUICK": "1", "PART": ",".join(ROWS)},
        capture_output=True,
        text=True,
        timeout=580,
    )
    assert done.returncode == 0, done.stderr
    said = dict(part.split("\n", 1) for part in done.stdout.removeprefix("## ").split("\n## "))
    assert len(said) == len(ROWS)
    for (part, wanted), text in zip(ROWS.items(), said.values(), strict=True):
        lines = [line for line in text.splitlines() if line.startswith("| ")][2:]
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
        assert {row[0] for row in rows} >= wanted, part
        figures = [one.strip() for row in rows for cell in row[1:] for one in cell.split("/")]
        assert all(one == "–" or float(one) >= 0 for one in figures), part
        if part in {"staff", "handouts"}:
            assert "Errors: 0." in text, text


def test_a_part_that_does_not_exist_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**os.environ, "PART": "sopa"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "sopa" in done.stderr
