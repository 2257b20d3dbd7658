"""That the measurements run; what they measure is for people to read, never asserted."""

import os
import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.serial
def test_every_part_of_the_bench_yields_figures() -> None:
    own = ("DATABASE_URL", "REDIS_URL", "GUICHE_ENV", "ZAPI_BASE_URL", "ZAPI_INSTANCE_ID")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**environment, "QUICK": "1"},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    parts = {
        part.partition("\n")[0]: [
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in part.splitlines()
            if line.startswith("| ")
        ][2:]
        for part in done.stdout.split("## ")[1:]
    }
    assert list(parts) == ["Pages", "People at work", "Live", "Intake"]
    assert {"thread (pane)", "contact", "search, frequent word"} <= {
        row[0] for row in parts["Pages"]
    }
    assert [row[0] for row in parts["People at work"]] == ["page", "post", "push"]
    assert "Errors: 0." in done.stdout
    assert [row[0] for row in parts["Live"]] == ["1", "3"]
    figures = [cell for rows in parts.values() for row in rows for cell in row[1:]]
    assert all(float(one) >= 0 for cell in figures for one in cell.split("/"))


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
