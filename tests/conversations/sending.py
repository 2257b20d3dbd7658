"""What the vendor in the sandbox was given, for tests that let messages leave."""

import requests


def sent(sandbox: str) -> list[str]:
    """The texts that left, in order."""
    return [row["text"] for row in requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()]
