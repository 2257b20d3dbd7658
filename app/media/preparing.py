"""What a worker does with one wanted file: fetch, sniff, examine, store, say what became of it."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from flask_babel import gettext as _

from app import clock
from app.extensions import current_settings
from app.media import examining, service
from app.media.downloading import FetchError, fetch
from app.media.keeping import type_of, work_folder
from app.media.sniffing import DANGEROUS, shown_as
from app.media.storage import StorageError, new_key, storage
from app.transactions import atomic

log = structlog.get_logger()

Values = dict[str, Any]


def prepare(attachment_id: int) -> None:
    """Make one wanted file ready, or write down why not. Doing it twice does no harm."""
    wanted = service.claim(attachment_id)
    if wanted is None:
        return
    try:
        with work_folder() as folder:
            values = _prepared(wanted, folder)
    except FetchError as error:
        _failed(wanted, error.reason, error.permanent)
    except StorageError as error:
        log.error("storage_failed", attachment_id=attachment_id, error=str(error))
        _failed(wanted, _("O lugar onde os arquivos ficam não respondeu. Vamos tentar de novo."))
    except OSError as error:
        log.error("no_room_to_work", attachment_id=attachment_id, error=str(error))
        _failed(wanted, _("Faltou espaço para preparar o arquivo. Vamos tentar de novo."))
    else:
        ready = {"state": "ready", "ready_at": clock.now(), "source_url": None}
        _settle(wanted, {"reason": None} | values | ready)


def _prepared(wanted: Values, folder: Path) -> Values:
    file = folder / "file"
    values: Values = {}
    if wanted["storage_key"]:
        storage().save_to(wanted["storage_key"], file)
        found = wanted["type"] or type_of(file)
    else:
        fetched = fetch(wanted["source_url"] or "", file)
        if fetched.size == 0:
            raise FetchError(_("O arquivo chegou vazio."))
        found = type_of(file)
        if found in DANGEROUS and wanted["kind"] != "document":
            raise FetchError(_("O endereço leva a uma página, não ao arquivo."), permanent=True)
        values |= {"size": fetched.size, "sha256": fetched.sha256}
    values |= {"type": found, "kind": shown_as(found, wanted["kind"])}
    if wanted["is_voice"] and wanted["storage_key"] and found != "audio/ogg":
        return values | _spoken(found, file, folder)
    values |= _examined(values["kind"], found, file, folder)
    if not wanted["storage_key"]:
        key = new_key()
        storage().put(key, file, found)
        values["storage_key"] = key
    return values


def _spoken(found: str, file: Path, folder: Path) -> Values:
    """A recording made in a browser, as WhatsApp plays it."""
    made = folder / "voice"
    heard = examining.to_voice_note(found, file, made)
    if heard.fault:
        raise FetchError(heard.fault, permanent=True)
    key = new_key()
    storage().put(key, made, "audio/ogg")
    return {
        "kind": "audio",
        "type": "audio/ogg",
        "size": made.stat().st_size,
        "sha256": hashlib.sha256(made.read_bytes()).hexdigest(),
        "storage_key": key,
        "seconds": heard.seconds,
        "waveform": heard.waveform,
    }


def _examined(kind: str, found: str, file: Path, folder: Path) -> Values:
    """What is inside. What cannot be opened stays a file to download, and says so."""
    small = folder / "small"
    if kind == "document":
        return _previewed(found, file, small)
    if not examining.can_examine(found):
        return {}
    inside = examining.examine(found, file, small)
    if inside.fault and inside.bomb:
        raise FetchError(inside.fault, permanent=True)
    if inside.fault:
        return {"kind": "document", "reason": inside.fault}
    values: Values = {"width": inside.width, "height": inside.height, "seconds": inside.seconds}
    values = {name: value for name, value in values.items() if value is not None}
    values["waveform"] = inside.waveform
    return values | _small_copy(inside, small)


def _previewed(found: str, file: Path, small: Path) -> Values:
    """How a document looks; one that cannot be opened is a document all the same."""
    if not examining.has_preview(found):
        return {}
    inside = examining.examine(found, file, small)
    if not inside.has_thumbnail:
        return {}
    values: Values = {"width": inside.width, "height": inside.height}
    if inside.pages:
        values["pages"] = inside.pages
    return values | _small_copy(inside, small)


def _small_copy(inside: examining.Findings, small: Path) -> Values:
    if not inside.has_thumbnail:
        return {}
    key = new_key()
    storage().put(key, small, "image/webp")
    return {"thumbnail_key": key}


def _failed(wanted: Values, reason: str, permanent: bool = False) -> None:
    waits = current_settings().media_retry_waits
    if permanent or wanted["attempts"] > len(waits):
        _settle(wanted, {"state": "failed", "reason": reason})
        return
    again = clock.now() + timedelta(seconds=waits[wanted["attempts"] - 1])
    _settle(wanted, {"state": "waiting", "reason": reason, "next_try_at": again})


def _settle(wanted: Values, values: Values) -> None:
    """Write what became of it, unless another worker has taken it over meanwhile."""
    with atomic():
        attachment = service.locked(wanted["id"])
        if attachment.state != "fetching" or attachment.attempts != wanted["attempts"]:
            return
        for name, value in values.items():
            setattr(attachment, name, value)
        attachment.lease_until = None
        service.changed(attachment)
