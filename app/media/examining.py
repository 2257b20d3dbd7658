"""Looking into files by the examiner, a process that may die without harm."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask_babel import gettext as _

from app.media.examiner import CONTAINERS, DOCUMENTS, PICTURES

log = structlog.get_logger()

EXAMINER = Path(__file__).with_name("examiner.py")
WALL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Findings:
    """What is inside of a file. `fault` is for staff; with `bomb` it must not even be offered."""

    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    waveform: bytes | None = None
    pages: int | None = None
    has_thumbnail: bool = False
    fault: str | None = None
    bomb: bool = False


def can_examine(kind: str) -> bool:
    """Whether there is something to find in files of this type."""
    return kind in PICTURES or kind in CONTAINERS


def has_preview(kind: str) -> bool:
    """Whether a file of this type can be shown small though it stays a document."""
    return kind in PICTURES or kind in DOCUMENTS


def examine(kind: str, file: Path, thumbnail: Path) -> Findings:
    """Size, length, loudness; a small picture is written to `thumbnail` where there is one."""
    return _run("look", kind, file, thumbnail)


def to_voice_note(kind: str, file: Path, target: Path) -> Findings:
    """Write the recording to `target` as OGG/Opus, mono: what WhatsApp shows as a voice note."""
    return _run("voice", kind, file, target)


def _run(what: str, kind: str, file: Path, target: Path) -> Findings:
    command = [sys.executable, "-I", str(EXAMINER), what, kind, str(file), str(target)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; names of files are ours
            command,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"LANG": "C.UTF-8"},
            cwd=file.parent,
        )
    except subprocess.TimeoutExpired:
        log.warning("examiner_hung", kind=kind)
        return Findings(fault=_unreadable())
    try:
        answer = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        log.warning("examiner_died", kind=kind, code=done.returncode)
        return Findings(fault=_unreadable())
    if "error" in answer:
        log.info("examiner_refused", kind=kind, why=answer["error"], detail=answer.get("detail"))
        bomb = answer["error"] == "too_large"
        too_large = _("O arquivo é grande demais para abrir com segurança.")
        return Findings(fault=too_large if bomb else _unreadable(), bomb=bomb)
    return Findings(
        width=answer.get("width"),
        height=answer.get("height"),
        seconds=answer.get("seconds"),
        pages=answer.get("pages"),
        waveform=bytes.fromhex(answer["waveform"]) if answer.get("waveform") else None,
        has_thumbnail=what == "look" and target.exists() and target.stat().st_size > 0,
    )


def _unreadable() -> str:
    return _("Não foi possível abrir o arquivo aqui; baixe para ver.")
