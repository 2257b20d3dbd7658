"""Files that leave: uploaded one by one, sent in order by the rules of texts, or kept as notes."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.conversations.models import Message
from app.extensions import db
from app.media.models import Attachment
from app.seed import samples
from tests.browser_client import as_page
from tests.cast import Cast
from tests.conversations.sending import sent
from tests.telling import Login

pytestmark = [pytest.mark.usefixtures("channel")]
Work = Callable[..., int]


def upload(page: FlaskClient, talk: int, content: bytes, name: str, **fields: str) -> Any:
    data = {"arquivo": (io.BytesIO(content), name), **fields}
    return page.post(f"/conversas/{talk}/anexos", data=data)


def kept(page: FlaskClient, talk: int, content: bytes, name: str, **fields: str) -> int:
    answer = upload(page, talk, content, name, **fields)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def write(page: FlaskClient, talk: int, text: str, **fields: str) -> str:
    answer = page.post(f"/conversas/{talk}/mensagens", data={"texto": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.text


def out(app: Flask) -> list[Message]:
    with app.app_context():
        query = select(Message).where(Message.direction == "out").order_by(Message.id)
        return list(db.session.scalars(query))


PHOTO = samples.picture(300, 200)


def test_a_photo_leaves_with_its_words_and_the_provider_can_fetch_it(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, work: Work, sandbox: str
) -> None:
    app.config["SETTINGS"].public_url = "http://guiche.example"
    photo = kept(ana, talk, PHOTO, "planta.jpg")
    written = write(ana, talk, "Segue a planta", anexos=str(photo))
    assert f'id="media-{photo}"' in written
    work("sync", "outbound")
    app.config["SETTINGS"].public_url = ""

    (call,) = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    assert call["method"] == "send-image"
    body = call["body"]
    assert body["caption"] == "Segue a planta"
    lent = client.get(urlsplit(body["image"]).path)
    assert (lent.status_code, lent.data) == (200, PHOTO)
    (message,) = out(app)
    assert (message.kind, message.body, message.status) == ("image", "Segue a planta", "sent")


def test_several_files_leave_in_order_and_the_text_behind_them(
    app: Flask, ana: FlaskClient, talk: int, work: Work, sandbox: str
) -> None:
    files = [
        kept(ana, talk, PHOTO, "a.jpg"),
        kept(ana, talk, samples.pdf("Contrato"), "contrato.pdf"),
        kept(ana, talk, samples.voice(2), "", voz="1"),
    ]
    write(ana, talk, "É isso", anexos=",".join(map(str, files)), chave="uma")
    write(ana, talk, "É isso", anexos=",".join(map(str, files)), chave="uma")
    for _ in range(4):
        work("sync", "outbound")

    calls = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    assert [call["method"] for call in calls] == [
        *("send-image", "send-document/pdf", "send-audio", "send-text")
    ]
    assert calls[1]["body"]["fileName"] == "contrato.pdf"
    assert [message.kind for message in out(app)] == ["image", "document", "audio", "text"]


def test_a_recording_of_the_browser_leaves_as_a_voice_note(
    app: Flask, ana: FlaskClient, talk: int, work: Work, sandbox: str
) -> None:
    recording = kept(ana, talk, samples.browser_recording(2), "voz", voz="1")
    write(ana, talk, "", anexos=str(recording))
    work("sync", "outbound")

    (call,) = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    assert call["method"] == "send-audio"
    assert call["body"]["audio"].startswith("data:audio/ogg;base64,")  # no address of ours is known
    with app.app_context():
        attachment = db.session.get_one(Attachment, recording)
        assert (attachment.type, attachment.state) == ("audio/ogg", "ready")
        assert attachment.waveform
        assert 1.5 < (attachment.seconds or 0) < 2.6


def test_only_the_owner_sends_files_and_only_their_own(
    app: Flask, cast: Cast, login_as: Login, ana: FlaskClient, talk: int, sandbox: str
) -> None:
    bruno = as_page(login_as(cast.bruno))
    theirs = kept(bruno, talk, PHOTO, "a.jpg")
    refused = bruno.post(f"/conversas/{talk}/mensagens", data={"texto": "", "anexos": str(theirs)})
    stolen = ana.post(f"/conversas/{talk}/mensagens", data={"texto": "", "anexos": str(theirs)})

    assert (refused.status_code, stolen.status_code) == (409, 404)
    assert out(app) == []
    outsider = login_as(cast.fabio)
    assert upload(as_page(outsider), talk, PHOTO, "a.jpg").status_code in {403, 404}
    assert ana.delete(f"/conversas/{talk}/anexos/{theirs}").status_code == 404


def test_a_note_keeps_files_for_the_team_alone(
    app: Flask, cast: Cast, login_as: Login, talk: int, work: Work, sandbox: str
) -> None:
    bruno = as_page(login_as(cast.bruno))
    photo = kept(bruno, talk, PHOTO, "a.jpg")
    write(bruno, talk, "olhem isto", anexos=str(photo), nota="1")
    work("sync", "outbound")
    assert sent(sandbox) == []
    with app.app_context():
        notes = db.session.scalars(
            select(Message).where(Message.direction == "note").order_by(Message.id)
        ).all()
        assert [(note.kind, note.body) for note in notes] == [("image", ""), ("text", "olhem isto")]


def test_what_was_taken_back_can_be_sent_again(
    app: Flask, cast: Cast, ana: FlaskClient, talk: int, work: Work, sandbox: str
) -> None:
    with app.app_context():
        db.session.get_one(User, cast.ana).undo_send_seconds = 5
        db.session.commit()
    photo = kept(ana, talk, PHOTO, "a.jpg")
    write(ana, talk, "", anexos=str(photo))
    (message,) = out(app)
    back = ana.delete(f"/conversas/{talk}/mensagens/{message.id}/envio")
    assert [file["id"] for file in back.json["files"]] == [photo]
    write(ana, talk, "", anexos=str(photo))
    assert [message.kind for message in out(app)] == ["undone", "image"]


def test_a_file_that_cannot_be_read_fails_with_the_reason_and_the_rest_leaves(
    app: Flask, ana: FlaskClient, talk: int, work: Work, sandbox: str
) -> None:
    broken = kept(ana, talk, b"\x1aE\xdf\xa3" + bytes(200), "voz", voz="1")
    write(ana, talk, "ouça", anexos=str(broken))
    for _ in range(3):
        work("sync", "outbound")
    voice, text = out(app)
    assert (voice.status, text.status) == ("failed", "sent")
    assert voice.error
    assert sent(sandbox) == ["ouça"]


@pytest.mark.parametrize(
    ("content", "name", "status"), [(b"", "vazio.txt", 422), (b"x" * 3_000_000, "a.bin", 201)]
)
def test_empty_files_are_refused_and_large_ones_taken(
    ana: FlaskClient, talk: int, content: bytes, name: str, status: int
) -> None:
    assert upload(ana, talk, content, name).status_code == status


def test_a_foreign_address_lends_nothing(client: FlaskClient) -> None:
    assert client.get("/midia/emprestada/abc.def").status_code == 404
