"""What customers send is fetched, looked into and stored by a worker, or says why not."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.media import service
from app.media.models import Attachment
from app.seed import samples
from tests.cast import Cast
from tests.integrations.provider import Provider, answer
from tests.media.test_examining import IPHONE
from tests.telling import Login, conversation, messages, tell

pytestmark = pytest.mark.usefixtures("channel")

Newest = Callable[[], Attachment]
Sends = Callable[..., None]
Work = Callable[..., int]


def test_a_photo_becomes_ready_with_its_size_and_a_small_picture(
    sends: Sends, work: Work, attachment: Newest
) -> None:
    sends("image", width=1, height=1)
    assert attachment().state == "waiting"
    work("sync")

    photo = attachment()
    assert (photo.state, photo.kind, photo.type) == ("ready", "image", "image/jpeg")
    assert (photo.width, photo.height) == (900, 600)
    assert photo.thumbnail_key
    assert photo.storage_key
    assert photo.source_url is None


def test_a_voice_note_says_how_long_it_is(
    app: Flask, sends: Sends, work: Work, attachment: Newest
) -> None:
    sends("audio", samples.voice(3), ptt=True, seconds=2)
    with app.app_context():
        assert conversation().last_message_preview == "Áudio 0:02"
    work("sync")

    voice = attachment()
    assert voice.is_voice
    assert voice.seconds == pytest.approx(3, abs=0.2)
    assert len(voice.waveform or b"") == 64
    with app.app_context():
        assert conversation().last_message_preview == "Áudio 0:03"


def test_a_film_has_a_still_and_a_length(sends: Sends, work: Work, attachment: Newest) -> None:
    sends("video", samples.film(2))
    work("sync")
    film = attachment()
    assert (film.kind, film.width, film.height) == ("video", 480, 270)
    assert film.thumbnail_key
    assert film.seconds == pytest.approx(2, abs=0.2)


def test_a_document_keeps_its_name_as_one_harmless_line(
    sends: Sends, work: Work, attachment: Newest
) -> None:
    sends("document", samples.pdf("Contrato"), fileName="../../\u202eetc/fdp.con\ntrato.pdf")
    work("sync")
    document = attachment()
    assert (document.kind, document.type) == ("document", "application/pdf")
    assert document.name == "fdp.contrato.pdf"


def test_a_document_shows_its_first_page_and_a_picture_no_browser_knows_its_copy(
    app: Flask, sends: Sends, work: Work, attachment: Newest, login_as: Login, cast: Cast
) -> None:
    ana = login_as(cast.ana)
    sends("document", samples.pdf("Contrato"), fileName="contrato.pdf")
    work("sync")
    contract = attachment()
    assert (contract.kind, contract.pages) == ("document", 1)
    sends("image", IPHONE.read_bytes())
    work("sync")
    photo = attachment()
    assert (photo.kind, photo.type, photo.reason) == ("image", "image/heic", None)
    sends("document", b"%PDF-1.7 broken", fileName="quebrado.pdf")
    work("sync")
    broken = attachment()
    assert (broken.state, broken.thumbnail_key, broken.reason) == ("ready", None, None)
    with app.app_context():
        page = ana.get(f"/conversas/{conversation().id}").text
    for shown in (contract, photo):
        assert f'src="/midia/{shown.id}/miniatura"' in page
        assert ana.get(f"/midia/{shown.id}/miniatura").content_type == "image/webp"
    assert f'href="/midia/{photo.id}/miniatura"' in page, "large, its copy is shown too"
    assert f'href="/midia/{contract.id}"' in page
    assert "1 página" in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><script>alert(1)</script></html>", "página"),
        (b"", "vazio"),
    ],
)
def test_what_is_no_file_fails_with_the_reason(
    app: Flask, sends: Sends, work: Work, attachment: Newest, content: bytes, why: str
) -> None:
    sends("image", content)
    drive(app, work)
    assert attachment().state == "failed"
    assert why in (attachment().reason or "")


def drive(app: Flask, work: Work) -> None:
    """Work until every wait before another try is over."""
    for _ in range(4):
        work("sync")
        with app.app_context():
            time.sleep(0.06)
            service.redrive()
    work("sync")


def test_what_is_gone_fails_at_once_and_can_be_tried_again(
    app: Flask, sends: Sends, work: Work, attachment: Newest, files: Provider
) -> None:
    sends("image")
    files.reply = answer(404, b"")
    work("sync")
    assert attachment().state == "failed"
    assert "não está mais disponível" in (attachment().reason or "")

    files.reply = answer(200, samples.picture(64, 64))
    with app.app_context():
        service.try_again(attachment().id)
    work("sync")
    assert attachment().state == "ready"


def test_a_server_that_fails_is_tried_again_by_itself(
    app: Flask, sends: Sends, work: Work, attachment: Newest, files: Provider
) -> None:
    sends("image")
    files.reply = answer(503, b"")
    work("sync")
    assert attachment().state == "waiting"
    files.reply = answer(200, samples.picture(64, 64))
    drive(app, work)
    assert attachment().state == "ready"


def test_what_the_provider_lost_says_so(sends: Sends, attachment: Newest, app: Flask) -> None:
    sends("image", imageUrl=None, downloadError="Media download failed")
    assert attachment().state == "failed"
    with app.app_context():
        assert messages()[0].kind == "image"


def test_the_old_system_s_audio_address_takes_voices_too(
    client: FlaskClient, files: Provider, work: Work, attachment: Newest
) -> None:
    files.reply = answer(200, samples.voice(1))
    voice = {"audioUrl": f"{files.url}/a.ogg", "mimeType": "audio/ogg; codecs=opus"}
    tell(client, {"phone": "5500900010001", "audio": voice}, "/webhook/audio")
    work("sync")
    assert (attachment().state, attachment().is_voice) == ("ready", True)
