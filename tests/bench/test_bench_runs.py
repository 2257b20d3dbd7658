"""That the measurements run; what they measure is for people to read, never asserted."""

import os
import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.serial
def test_the_bench_yields_figures_for_the_floor_and_the_product() -> None:
    own = ("DATABASE_URL", "REDIS_URL", "GUICHE_ENV", "ZAPI_BASE_URL", "ZAPI_INSTANCE_ID")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env={**environment, "QUICK": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in done.stdout.splitlines()
        if line.startswith("| ") and line[2].isdigit()
    ]
    *live, intake = rows
    assert [row[0] for row in live] == ["1", "3"]
    assert all(float(figure) > 0 for row in live for cell in row[1:3] for figure in cell.split("/"))
    assert all(float(figure) > 0 for figure in intake)
