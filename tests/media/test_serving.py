"""Files over HTTP: for whom, in which parts, and what a browser may do with them."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.media import service
from app.media.models import Attachment
from app.media.preparing import prepare
from app.seed import samples
from tests.cast import Cast
from tests.counting import counted_queries
from tests.media.conftest import PHOTO
from tests.telling import Login, conversation, csrf, person

pytestmark = pytest.mark.usefixtures("channel")

Newest = Callable[[], Attachment]
Sends = Callable[..., None]
Work = Callable[..., int]


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    return login_as(cast.ana)


@pytest.fixture
def photo(sends: Sends, work: Work, attachment: Newest) -> str:
    """The address of a photograph that a customer sent."""
    sends("image", PHOTO)
    work("sync")
    return f"/midia/{attachment().id}"


def test_a_photo_is_shown_whole_and_is_kept_by_the_browser(ana: FlaskClient, photo: str) -> None:
    answer = ana.get(photo)
    assert answer.data == PHOTO
    assert answer.content_type == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"].startswith("private")
    again = ana.get(photo, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert ana.get(f"{photo}?baixar=1").headers["Content-Disposition"].startswith("attachment")


def test_only_who_sees_the_conversation_sees_its_files(
    client: FlaskClient, cast: Cast, login_as: Login, photo: str
) -> None:
    for path in (photo, f"{photo}/miniatura"):
        assert login_as(cast.fabio).get(path).status_code == 404
        assert client.get(path).status_code == 302
    assert login_as(cast.ana).get("/midia/999999").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=100-", 206, 100, len(PHOTO)),
        ("bytes=-5", 206, len(PHOTO) - 5, len(PHOTO)),
        (f"bytes=10-{len(PHOTO) * 2}", 206, 10, len(PHOTO)),
        ("bytes=0-1,5-6", 200, 0, len(PHOTO)),
        ("lines=0-1", 200, 0, len(PHOTO)),
    ],
)
def test_a_part_is_answered_with_that_part(
    ana: FlaskClient, photo: str, asked: str, status: int, start: int, end: int
) -> None:
    answer = ana.get(photo, headers={"Range": asked})
    assert answer.status_code == status
    assert answer.data == PHOTO[start:end]
    assert answer.content_length == end - start
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(PHOTO)}"


def test_a_part_beyond_the_end_is_refused_and_a_changed_file_is_sent_whole(
    ana: FlaskClient, photo: str
) -> None:
    beyond = ana.get(photo, headers={"Range": f"bytes={len(PHOTO)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(PHOTO)}")
    other = ana.get(photo, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, PHOTO)


def test_the_small_picture_carries_no_place(ana: FlaskClient, photo: str) -> None:
    answer = ana.get(f"{photo}/miniatura")
    assert answer.content_type == "image/webp"
    assert len(answer.data) < len(PHOTO)
    assert b"EXIF" not in answer.data


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pagina.html", b"<html><script>alert(document.cookie)</script></html>"),
        ("desenho.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("foto.jpg", b"MZ\x90\x00 this program"),
        ("foto.png", "<svg onload=alert(1)>".encode("utf-16")),
    ],
)
def test_what_could_run_is_only_ever_saved(
    ana: FlaskClient, sends: Sends, work: Work, attachment: Newest, name: str, content: bytes
) -> None:
    sends("document", content, fileName=name, mimeType="image/jpeg")
    work("sync")
    answer = ana.get(f"/midia/{attachment().id}")
    assert answer.status_code == 200
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_name_cannot_break_out_of_its_header(
    ana: FlaskClient, sends: Sends, work: Work, attachment: Newest
) -> None:
    sends("document", samples.pdf("a"), fileName='a"; filename="b.exe\r\nX: ção.pdf')
    work("sync")
    header = ana.get(f"/midia/{attachment().id}").headers["Content-Disposition"]
    assert header.count('"') == 2
    assert "\n" not in header
    assert header.endswith("%C3%A7%C3%A3o.pdf")


def test_the_number_of_queries_of_a_file_and_of_a_thread_full_of_them_is_fixed(
    app: Flask, ana: FlaskClient, sends: Sends, work: Work, photo: str
) -> None:
    with app.app_context():
        engine, talk = db.engine, f"/conversas/{conversation().id}"
    ana.get(photo)
    with counted_queries(engine) as seen:
        ana.get(photo)
    assert seen.total <= 2, seen.statements

    for _ in range(8):
        sends("image")
        sends("document", fileName="a.pdf")
    work("sync")
    ana.get(talk, headers={"HX-Request": "true"})
    with counted_queries(engine) as seen:
        shown = ana.get(talk, headers={"HX-Request": "true"}).text
    assert shown.count("media-picture") == 9
    assert seen.total <= 6, seen.statements


def test_what_failed_says_why_and_is_tried_again_by_who_works_there(
    app: Flask, ana: FlaskClient, sends: Sends, work: Work, attachment: Newest
) -> None:
    sends("image", b"<html>Sign in</html>")
    work("sync")
    with app.app_context():
        talk = f"/conversas/{conversation().id}"
    assert "leva a uma página" in ana.get(talk).text
    assert "Tentar de novo" in ana.get(talk).text

    again = f"/midia/{attachment().id}/tentativas"
    assert ana.post(again, headers=csrf(ana)).status_code == 204
    assert attachment().state == "waiting"


def test_an_upload_is_its_owner_s_until_it_hangs_somewhere(
    app: Flask, cast: Cast, login_as: Login, ana: FlaskClient
) -> None:
    with app.app_context():
        kept = service.keep(io.BytesIO(PHOTO), "minha.jpg", "image/jpeg", person(cast.ana))
    for client, status in ((login_as(cast.bruno), 404), (ana, 404)):
        assert client.get(f"/midia/{kept.id}").status_code == status  # not examined yet
    with app.app_context():
        prepare(kept.id)
    assert ana.get(f"/midia/{kept.id}").data == PHOTO
    assert login_as(cast.bruno).get(f"/midia/{kept.id}").status_code == 404
    with app.app_context():
        service.discard(kept.id, person(cast.ana))
    assert ana.get(f"/midia/{kept.id}").status_code == 404
