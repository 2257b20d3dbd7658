"""Small real files made by code, for customers who send one without choosing it."""

import array
import io
import math
from functools import cache

import av
from PIL import Image, ImageDraw

RATE = 48_000
SECONDS = 7
NAMES = {
    "image": ("foto.jpg", "image/jpeg"),
    "audio": ("voz.ogg", "audio/ogg; codecs=opus"),
    "video": ("video.mp4", "video/mp4"),
    "document": ("comprovante.pdf", "application/pdf"),
    "sticker": ("figurinha.webp", "image/webp"),
}


@cache
def sample(kind: str) -> bytes:
    """The bytes of a sample of this kind; made once."""
    makers = {
        "image": _photo,
        "audio": _voice,
        "video": _film,
        "document": _receipt,
        "sticker": _sticker,
    }
    return makers[kind]()


def _photo() -> bytes:
    """A landscape as a telephone takes it: lying on its side, with where it was taken inside."""
    image = _landscape(1080, 810).rotate(90, expand=True)
    exif = image.getexif()
    exif[0x0112] = 6  # turn it when showing
    exif.get_ifd(0x8825).update({1: "S", 2: (15.0, 47.0, 38.0), 3: "W", 4: (47.0, 52.0, 58.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def _landscape(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for row in range(height):
        light = row / height
        draw.line(
            (0, row, width, row), fill=(round(150 + 80 * light), round(190 + 30 * light), 225)
        )
    draw.ellipse((width * 0.7, height * 0.1, width * 0.82, height * 0.26), fill=(255, 236, 170))
    for number, colour in enumerate(((120, 150, 140), (84, 122, 104), (52, 92, 74))):
        base = height * (0.55 + number * 0.13)
        hills = [
            (x, base + math.sin(x / (90 + 40 * number) + number) * 40)
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, height), *hills, (width, height)], fill=colour)
    return image


def _voice() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as made:
        encoder = made.add_stream("libopus", rate=RATE, layout="mono")
        count = RATE // 50
        for number in range(SECONDS * 50):
            loud = max(0.0, math.sin(number / 9)) * (0.4 + 0.6 * abs(math.sin(number / 47)))
            step = 2 * math.pi * (140 + 30 * math.sin(number / 21)) / RATE
            values = array.array(
                "h",
                (round(9000 * loud * math.sin(step * (number * count + i))) for i in range(count)),
            )
            frame = av.AudioFrame(format="s16", layout="mono", samples=count)
            frame.sample_rate, frame.pts = RATE, number * count
            frame.planes[0].update(values.tobytes())
            made.mux(encoder.encode(frame))
        made.mux(encoder.encode(None))
    return out.getvalue()


def _film() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        encoder = made.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        encoder.width, encoder.height, encoder.pix_fmt = 640, 360, "yuv420p"
        ground = _landscape(640, 360)
        for number in range(40):
            image = ground.copy()
            ImageDraw.Draw(image).ellipse(
                (number * 12, 240, number * 12 + 50, 290), fill=(190, 60, 50)
            )
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]  # PyAV's own
            made.mux(encoder.encode(frame))
        made.mux(encoder.encode(None))
    return out.getvalue()


def _sticker() -> bytes:
    image = Image.new("RGBA", (320, 320), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 300, 300), fill=(250, 210, 80, 255))
    for left in (105, 185):
        draw.ellipse((left, 110, left + 30, 150), fill=(60, 45, 20, 255))
    draw.arc((90, 120, 230, 240), 15, 165, fill=(60, 45, 20, 255), width=12)
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True)
    return out.getvalue()


def _receipt() -> bytes:
    """A page that a reader of PDFs opens."""
    said = (
        b"BT /F1 16 Tf 60 770 Td 22 TL (Comprovante de pagamento) Tj T*"
        b" /F1 11 Tf (Dados ficticios) Tj T* (Valor: R$ 842,17) Tj ET"
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(said), said),
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    return (
        body + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )
