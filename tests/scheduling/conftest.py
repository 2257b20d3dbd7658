"""A conversation of Ana's, as the tests of the desk have it."""

from tests.conversations.conftest import ana, talk

__all__ = ["ana", "talk"]
