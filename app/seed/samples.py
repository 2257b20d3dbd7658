"""Small real files made by code: what customers would send. No one's photograph, no one's voice."""

import array
import io
import math

import av
from PIL import Image, ImageDraw

VOICE_RATE = 48_000


def picture(width: int = 960, height: int = 720, seed: int = 1, kind: str = "JPEG") -> bytes:
    """A drawn scene, another one for each seed."""
    image = Image.new("RGB", (width, height), _tone(seed, 225))
    draw = ImageDraw.Draw(image)
    floor = height * 2 // 3
    draw.rectangle((0, floor, width, height), fill=_tone(seed + 3, 190))
    for number in range(5):
        left = width * (number * 2 + 1) // 11
        top = floor - height * (3 + (seed * 7 + number * 5) % 6) // 16
        draw.rectangle((left, top, left + width // 8, floor), fill=_tone(seed + number, 120))
        for row in range(top + 16, floor - 16, 44):
            draw.rectangle(
                (left + width // 32, row, left + width // 16, row + 22), fill=_tone(seed + 5, 240)
            )
    draw.ellipse((width * 3 // 4, 40, width * 3 // 4 + 110, 150), fill=(250, 205, 110))
    out = io.BytesIO()
    image.save(out, kind, quality=82)
    return out.getvalue()


def _tone(seed: int, light: int) -> tuple[int, int, int]:
    return (light - seed * 13 % 60, light - seed * 29 % 50, light - seed * 17 % 40)


def voice(seconds: float = 7.0, seed: int = 1) -> bytes:
    """Something with the rhythm of speech, as OGG/Opus."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as made:
        encoder = made.add_stream("libopus", rate=VOICE_RATE, layout="mono")
        encoder.bit_rate = 24_000
        for number in range(round(seconds * 50)):
            made.mux(encoder.encode(_frame(number, seed)))
        made.mux(encoder.encode(None))
    return out.getvalue()


def browser_recording(seconds: float = 3.0, seed: int = 1) -> bytes:
    """The same as Chromium records it: Opus in WebM."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as made:
        encoder = made.add_stream("libopus", rate=VOICE_RATE, layout="mono")
        for number in range(round(seconds * 50)):
            made.mux(encoder.encode(_frame(number, seed)))
        made.mux(encoder.encode(None))
    return out.getvalue()


def _frame(number: int, seed: int) -> av.AudioFrame:
    count = VOICE_RATE // 50
    at = number / 50
    word = max(0.0, math.sin(at * 5.1 + seed)) * (0.35 + 0.65 * abs(math.sin(at * 0.9 + seed)))
    pitch = 130 + 25 * math.sin(at * 2.3 + seed)
    step = 2 * math.pi * pitch / VOICE_RATE
    values = array.array(
        "h",
        (
            round(9000 * word * (math.sin(step * i) + 0.4 * math.sin(2 * step * i)) / 1.4)
            for i in range(number * count, (number + 1) * count)
        ),
    )
    frame = av.AudioFrame(format="s16", layout="mono", samples=count)
    frame.sample_rate, frame.pts = VOICE_RATE, number * count
    frame.planes[0].update(values.tobytes())
    return frame


def film(seconds: float = 3.0, seed: int = 1) -> bytes:
    """A few seconds of a moving picture, as MP4."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        encoder = made.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        encoder.width, encoder.height, encoder.pix_fmt = 480, 270, "yuv420p"
        still = Image.open(io.BytesIO(picture(480, 270, seed)))
        for number in range(round(seconds * 10)):
            image = still.copy()
            across = 20 + number * 12 % 400
            ImageDraw.Draw(image).ellipse((across, 190, across + 40, 230), fill=(40, 90, 160))
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]  # PyAV's own
            made.mux(encoder.encode(frame))
        made.mux(encoder.encode(None))
    return out.getvalue()


def sticker(seed: int = 1) -> bytes:
    """A round face on nothing, as WebP."""
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((16, 16, 240, 240), fill=(*_tone(seed, 240)[:2], 90, 255))
    draw.ellipse((84, 88, 108, 120), fill=(40, 40, 40, 255))
    draw.ellipse((148, 88, 172, 120), fill=(40, 40, 40, 255))
    draw.arc((76, 96, 180, 190), 20, 160, fill=(40, 40, 40, 255), width=9)
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True)
    return out.getvalue()


def pdf(*lines: str) -> bytes:
    """One page with these lines of text (Latin-1)."""
    said = b"BT /F1 12 Tf 60 780 Td 18 TL\n"
    for line in lines:
        safe = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        said += b"(" + safe.encode("latin-1", "replace") + b") Tj T*\n"
    said += b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(said), said),
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)
