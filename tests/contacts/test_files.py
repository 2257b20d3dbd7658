"""A contact's files: put there, examined, seen by the desk only, removed and put back."""

import io
from datetime import timedelta

import pytest

from app import clock
from app.contacts import service
from app.contacts.files import service as files
from app.contacts.files.models import RemovedFile
from app.extensions import current_settings, db
from app.live import stale_regions
from app.media.models import Attachment
from app.seed import samples
from app.transactions import atomic
from jobs import bulk
from tests.browser_client import as_page
from tests.telling import person


@pytest.fixture
def contact(context, cast):
    with atomic():
        return service.resolve(1, "5541987654321", None, "Marina").id


@pytest.fixture
def ana(login_as, cast, contact):
    return as_page(login_as(cast.ana))


def _put(client, contact, content=None, name="contrato.jpg"):
    data = {"arquivo": (io.BytesIO(content or samples.picture(90, 60)), name)}
    url = f"/contatos/{contact}/arquivos"
    return client.post(url, data=data, content_type="multipart/form-data")


def _file():
    db.session.rollback()
    return db.session.query(Attachment).order_by(Attachment.id.desc()).first()


def test_a_file_is_put_on_a_contact_and_examined_by_a_worker(ana, contact, cast, work):
    html = _put(ana, contact).text
    assert "contrato.jpg" in html
    assert "verificando" in html
    shown = f"{_file().id}:waiting"
    assert stale_regions(cast.bruno, {f"contact-files:{contact}": shown}) == []
    work("sync")
    assert stale_regions(cast.bruno, {f"contact-files:{contact}": shown}) != []
    assert "verificando" not in ana.get(f"/contatos/{contact}/arquivos").text
    assert ana.get(f"/midia/{_file().id}").data == samples.picture(90, 60)
    assert "Anexou um arquivo" in ana.get(f"/contatos/{contact}/historico").text


def test_what_is_empty_huge_or_missing_is_refused(ana, contact, monkeypatch):
    assert ana.post(f"/contatos/{contact}/arquivos", data={}).status_code == 422
    monkeypatch.setattr(current_settings(), "media_max_bytes", 2_000_000)
    assert _put(ana, contact, b"x" * 1_500_000, "maior-que-um-webhook.txt").status_code == 200
    assert _put(ana, contact, b"x" * 2_000_001, "x.txt").status_code == 413


def test_a_removed_file_is_gone_until_it_is_put_back(ana, contact, work):
    _put(ana, contact)
    work("sync")
    file = _file().id
    html = ana.delete(f"/contatos/{contact}/arquivos/{file}").text
    assert "contrato.jpg foi removido" in html
    assert f'id="contact-file-{file}"' not in html
    assert ana.get(f"/midia/{file}").status_code == 404
    assert (
        f'id="contact-file-{file}"' in ana.post(f"/contatos/{contact}/arquivos/{file}/volta").text
    )
    assert ana.get(f"/midia/{file}").status_code == 200


def test_a_day_later_it_is_gone_for_good(ana, contact):
    _put(ana, contact)
    file = _file().id
    ana.delete(f"/contatos/{contact}/arquivos/{file}")
    bulk.forget_unused_files()
    assert _file() is not None
    clock.shift(timedelta(hours=25))
    bulk.forget_unused_files()
    assert _file() is None
    assert db.session.query(RemovedFile).count() == 0
    assert ana.post(f"/contatos/{contact}/arquivos/{file}/volta").status_code == 404


def test_files_follow_a_merge_and_its_undoing(ana, contact, cast):
    with atomic():
        other = service.resolve(1, "5541900000001", None, "Outra").id
    _put(ana, other)
    made = service.merge(contact, other, person(cast.gisele)).id
    assert "contrato.jpg" in ana.get(f"/contatos/{contact}/arquivos").text
    service.undo_merge(made, person(cast.gisele))
    assert "contrato.jpg" not in ana.get(f"/contatos/{contact}/arquivos").text
    assert _file().contact_id == other


def test_one_contact_has_a_hundred_files_at_most(ana, contact, monkeypatch):
    monkeypatch.setattr(files, "MOST", 1)
    _put(ana, contact)
    assert _put(ana, contact).status_code == 409


def test_the_outsider_sees_and_touches_none(login_as, cast, contact):
    fabio = as_page(login_as(cast.fabio))
    assert fabio.get(f"/contatos/{contact}/arquivos").status_code == 404
    assert fabio.get(f"/contatos/{contact}/arquivos-trocados").status_code == 404
    assert _put(fabio, contact).status_code == 403
