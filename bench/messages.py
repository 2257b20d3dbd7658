"""The webhooks of the load, as Z-API sends them, and the marks by which they are told apart."""

import itertools
import json
import re
from collections.abc import Iterator

MARK = b"recado-"
DIGITS = 9
_MARK = re.compile(MARK + rb"\d{%d}" % DIGITS)


def phone(person: int) -> str:
    """The number of one of the people who write."""
    return f"55119{81000000 + person:08d}"


def mark(number: int) -> str:
    """What a message carries, so that its fragment is recognised."""
    return f"{MARK.decode()}{number:0{DIGITS}d}"


def marks_in(frame: bytes) -> list[str]:
    """The marks of the messages that a frame shows: rows that changed together come together."""
    return [found.decode() for found in _MARK.findall(frame)]


def webhook(instance: str, person: int, number: int, text: str, from_me: bool = False) -> bytes:
    """What one person wrote, or we to them by phone; every number is another message."""
    return json.dumps(
        {
            "type": "ReceivedCallback",
            "instanceId": instance,
            "messageId": f"BENCH{number:012d}",
            "phone": phone(person),
            "chatLid": None,
            "connectedPhone": "5500333300001",
            "fromMe": from_me,
            "fromApi": False,
            "isGroup": False,
            "isNewsletter": False,
            "isEdit": False,
            "isStatusReply": False,
            "waitingMessage": False,
            "broadcast": False,
            "momment": 1768478460000,
            "status": "RECEIVED",
            "chatName": f"Pessoa {person}",
            "senderName": f"Pessoa {person}",
            "senderPhoto": None,
            "photo": None,
            "participantPhone": None,
            "referenceMessageId": None,
            "messageExpirationSeconds": 0,
            "forwarded": False,
            "text": {"message": text},
        }
    ).encode()


def stream(instance: str, people: int, first: int) -> Iterator[tuple[str, bytes]]:
    """Endless messages of all people in turn, numbered from `first`: their mark and webhook."""
    for number in itertools.count(first):
        text = f"{mark(number)} Bom dia, gostaria de saber do meu contrato, por favor."
        yield mark(number), webhook(instance, number % people, number, text)
