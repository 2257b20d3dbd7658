"""One data folder for all tests of the demo: a first start takes seconds."""

import pytest

from tests.demo.launcher import Launcher


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Launcher:
    """A data folder that has been through its first start."""
    found = Launcher(tmp_path_factory.mktemp("demo") / "data")
    with found.running(DEMO_PASSWORD="") as (process, said):
        assert said.startswith("Primeira vez")
        process.terminate()
        process.wait(30)
    return found
