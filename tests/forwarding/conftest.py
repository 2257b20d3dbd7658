"""The consultants of the tests next door."""

from tests.consultants.conftest import Hires, consultant

__all__ = ["Hires", "consultant"]
