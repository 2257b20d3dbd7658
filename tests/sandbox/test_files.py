"""Customers send real files, which the sandbox serves for a while and spoils on request."""

import base64
import io

import pytest
import requests
from PIL import Image

from tests.sandbox.outside import Product, Sandbox

FILES = {
    "image": ("imageUrl", b"\xff\xd8\xff"),
    "audio": ("audioUrl", b"OggS"),
    "document": ("documentUrl", b"%PDF"),
    "sticker": ("stickerUrl", b"RIFF"),
}


def url_of(product: Product, kind: str) -> str:
    return str(product.wait_for("ReceivedCallback")[-1][kind][f"{kind}Url"])


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_brings_a_real_file(sandbox: Sandbox, product: Product, kind: str) -> None:
    sandbox.say("", kind=kind)
    answer = requests.get(url_of(product, kind), timeout=5)
    assert answer.ok
    assert answer.content.startswith(FILES[kind][1])


def test_a_photo_lies_on_its_side_and_says_where_it_was_taken(
    sandbox: Sandbox, product: Product
) -> None:
    sandbox.say("", kind="image")
    content = requests.get(url_of(product, "image"), timeout=5).content
    exif = Image.open(io.BytesIO(content)).getexif()
    assert exif[0x0112] == 6
    assert exif.get_ifd(0x8825)


def test_a_file_of_one_s_own_is_sent_as_it_is(sandbox: Sandbox, product: Product) -> None:
    own = {"name": "nota.txt", "type": "text/plain", "base64": base64.b64encode(b"oi").decode()}
    sandbox.say("", kind="document", file=own)
    [said] = product.wait_for("ReceivedCallback")
    assert said["document"]["fileName"] == "nota.txt"
    assert requests.get(said["document"]["documentUrl"], timeout=5).content == b"oi"


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"media_fault": "missing"}, 404),
        ({"media_fault": "failing"}, 503),
        ({"media_fault": "private"}, 302),
        ({"expires_in": 0}, 404),
    ],
)
def test_a_file_can_go_wrong(
    sandbox: Sandbox, product: Product, wish: dict[str, object], status: int
) -> None:
    sandbox.say("", kind="image", **wish)
    answer = requests.get(url_of(product, "image"), timeout=5, allow_redirects=False)
    assert answer.status_code == status


def test_a_customer_votes_takes_back_and_corrects(sandbox: Sandbox, product: Product) -> None:
    poll = sandbox.say("Qual?", kind="poll", options=["A", "B"])
    sandbox.say("", kind="vote", referenceMessageId=poll["id"], options=["B"])
    text = sandbox.say("otubro")
    sandbox.say("outubro", edits=text["id"])
    sandbox.say("", kind="revoke", referenceMessageId=text["id"])

    said = product.wait_for("ReceivedCallback", 5)
    assert said[1]["pollVote"] == {"pollMessageId": poll["id"], "options": [{"name": "B"}]}
    assert (said[3]["messageId"], said[3]["isEdit"]) == (text["id"], True)
    assert (said[4]["notification"], said[4]["referenceMessageId"]) == ("REVOKE", text["id"])
    shown = {m["id"]: m for m in sandbox.messages()}
    assert shown[poll["id"]]["voted"] == ["B"]
    assert (shown[text["id"]]["text"], shown[text["id"]]["deleted"]) == ("outubro", True)
