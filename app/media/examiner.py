"""Looks into one file, in a process of its own: `python -I examiner.py look|voice …`.

A hostile file may crash, hang or fill this process, but not the worker that started it. It knows
nothing of the product (no settings, no secrets, no network), limits itself before it opens
anything, and answers with one line of JSON. Files are handed to the decoders as open streams with
their format named, so that no playlist inside of one can make them open something else.
"""

import array
import itertools
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MEMORY = 1536 * MEGABYTE
CPU_SECONDS = 30
MOST_WRITTEN = 128 * MEGABYTE
MOST_PIXELS = 60_000_000
THUMBNAIL = (640, 640)
DISPLAY = (1600, 1600)  # of what no browser shows by itself
PAGE = (640, 905)  # of a document's first page: A4, sharp on a phone
BARS = 64
RATE = 8000  # samples a second are enough to see how loud it was
LONGEST_SECONDS = 3600
PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
}
DOCUMENTS = ("application/pdf",)
CONTAINERS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
}


class Refused(Exception):
    """A file that is not opened: `too_large` (a bomb) or `unreadable`."""


def main() -> None:
    """Do what the arguments ask for and print what was found."""
    what, kind, source, target = sys.argv[1:5]
    _limit()
    try:
        if what == "voice":
            found = voice(kind, Path(source), Path(target))
        elif kind in DOCUMENTS:
            found = first_page(Path(source), Path(target))
        elif kind in PICTURES:
            found = picture(kind, Path(source), Path(target))
        else:
            found = recording(kind, Path(source), Path(target))
    except Refused as refusal:
        found = {"error": str(refusal)}
    except MemoryError:
        found = {"error": "too_large"}
    except Exception as error:  # noqa: BLE001 - decoders raise anything; the caller needs one answer
        found = {"error": "unreadable", "detail": type(error).__name__}
    print(json.dumps(found))  # noqa: T201 - the answer


def _limit() -> None:
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def picture(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """Size as it is seen, and a small copy that carries nothing but the picture."""
    from PIL import Image, ImageOps

    if kind == "image/heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # judged below, before anything is decoded
    with source.open("rb") as stream, Image.open(stream, formats=[PICTURES[kind]]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise Refused("too_large")
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))  # JPEG: decode no more than needed
        shown = ImageOps.exif_transpose(image)
        _save_small(shown, target, DISPLAY if kind == "image/heic" else THUMBNAIL)
    return {"width": height if turned else width, "height": width if turned else height}


def first_page(source: Path, target: Path) -> dict[str, Any]:
    """How many pages a document has, and a picture of its first."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    page = document[0]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Refused("unreadable")
    scale = min(PAGE[0] / width, PAGE[1] / height)
    _save_small(page.render(scale=scale).to_pil(), target, PAGE)
    return {"width": round(width), "height": round(height), "pages": len(document)}


def _save_small(image: Any, target: Path, most: tuple[int, int] = THUMBNAIL) -> None:
    small = image.convert("RGBA" if image.mode in ("RGBA", "LA", "P", "PA") else "RGB")
    small.thumbnail(most)
    small.info.clear()  # where it was taken must not travel along
    small.save(target, "WEBP", quality=80, method=4)


def recording(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """Length and loudness of a sound; of a film its size and a still too."""
    import av

    with source.open("rb") as stream, av.open(stream, "r", format=CONTAINERS[kind]) as container:
        films = [s for s in container.streams.video if not _is_cover(s)]
        found = _still(container, films[0], target) if films else {}
        seconds = container.duration / 1_000_000 if container.duration else None
    with source.open("rb") as stream, av.open(stream, format=CONTAINERS[kind]) as container:
        if container.streams.audio:
            heard, waveform = _loudness(container)
            found |= {"waveform": waveform}
            if not films:
                seconds = heard
        elif not films:
            raise Refused("unreadable")
    return found | {"seconds": round(seconds, 2) if seconds else None}


def _is_cover(stream: Any) -> bool:
    """Songs carry their cover as a film of one frame."""
    return "attached_pic" in str(stream.disposition).lower() or stream.codec_context is None


def _still(container: Any, stream: Any, target: Path) -> dict[str, Any]:
    context = stream.codec_context
    if context.width * context.height > MOST_PIXELS:
        raise Refused("too_large")
    stream.thread_type = "NONE"
    if container.duration and container.duration > 2_000_000:
        container.seek(1_000_000)  # the first frame is often black
    frame = next(container.decode(stream))
    image = frame.to_image()
    turn = getattr(frame, "rotation", 0) or 0
    if turn % 360:
        image = image.rotate(turn, expand=True)
    width, height = image.size
    _save_small(image, target)
    return {"width": width, "height": height}


def _loudness(container: Any) -> tuple[float, str]:
    """Seconds, and how loud each of 64 equal stretches is (0 to 100), as hexadecimal."""
    peaks, samples = [], 0
    step = RATE // 50
    for chunk in _samples(container):
        samples += len(chunk)
        for start in range(0, len(chunk), step):
            part = chunk[start : start + step]
            peaks.append(max(max(part), -min(part)))
        if samples > RATE * LONGEST_SECONDS:
            break
    if not peaks:
        raise Refused("unreadable")
    return samples / RATE, _bars(peaks).hex()


def _samples(container: Any) -> Iterator["array.array[int]"]:
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    stream = container.streams.audio[0]
    stream.thread_type = "NONE"
    frames = container.decode(stream)
    for frame in frames:
        for small in resampler.resample(frame):
            yield _values(small)
    for small in resampler.resample(None):
        yield _values(small)


def _values(frame: Any) -> "array.array[int]":
    values = array.array("h")
    values.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
    return values


def _bars(peaks: list[int]) -> bytes:
    edges = [round(number * len(peaks) / BARS) for number in range(BARS + 1)]
    loud = [
        max(peaks[start : max(end, start + 1)] or [0]) for start, end in itertools.pairwise(edges)
    ]
    loudest = max(max(loud), 1)
    # The square root shows quiet speech beside loud one, as ears hear it.
    return bytes(round(100 * (value / loudest) ** 0.5) for value in loud)


def voice(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """Any recording as OGG/Opus, mono: what WhatsApp takes for a voice note."""
    import av

    with source.open("rb") as stream, av.open(stream, format=CONTAINERS[kind]) as container:
        if not container.streams.audio:
            raise Refused("unreadable")
        with target.open("wb") as out, av.open(out, "w", format="ogg") as made:
            encoder = made.add_stream("libopus", rate=48_000, layout="mono")
            encoder.bit_rate = 32_000
            _encode(container, made, encoder)
    return recording("audio/ogg", target, target.with_suffix(".none"))


def _encode(container: Any, made: Any, encoder: Any) -> None:
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
    stream = container.streams.audio[0]
    stream.thread_type = "NONE"
    heard = 0
    for frame in container.decode(stream):
        for small in resampler.resample(frame):
            small.pts = heard
            heard += small.samples
            made.mux(encoder.encode(small))
        if heard > 48_000 * LONGEST_SECONDS:
            break
    for small in resampler.resample(None):
        small.pts = heard
        heard += small.samples
        made.mux(encoder.encode(small))
    made.mux(encoder.encode(None))


if __name__ == "__main__":
    main()
