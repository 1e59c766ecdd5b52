"""Files that people choose: photos, and files that only look like photos."""

import random
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload

MIB = 1024 * 1024
HEIC = Path(__file__).parents[1] / "media/heic/turned.heic"
"""A photo that is red on the left and blue on the right."""


def photo(
    name: str = "street.jpg", colour: str = "#8a6f4d", size: tuple[int, int] = (1200, 900)
) -> FilePayload:
    """Return a small real photo."""
    return _file(name, "image/jpeg", _jpeg(colour, size))


def phone_photo() -> FilePayload:
    """Return a photo of 48 megapixels and more than 12 MB of noise, red on the left.

    It was taken upright, so its file lies on its side.
    """
    part = (8064 // 8, 6048 // 8)
    scene = Image.frombytes("RGB", part, random.Random(48).randbytes(part[0] * part[1] * 3))
    scene = scene.resize((8064, 6048), Image.Resampling.BILINEAR)
    scene.paste(
        "#d02020", (0, 3024, 8064, 6048)
    )  # at the bottom of the file, on the left of the photo as shown
    notes, made = Image.Exif(), BytesIO()
    notes[0x0112] = 6
    notes[0x010F] = "SecretCamera"
    scene.save(made, "JPEG", quality=97, exif=notes, subsampling=0)
    return _file("pothole.jpg", "image/jpeg", made.getvalue())


def broken_photo(megabytes: int) -> FilePayload:
    """Return this many megabytes of a photo that no program can open."""
    return _file("heavy.jpg", "image/jpeg", b"\xff\xd8\xff" + bytes(megabytes * MIB))


def on_disk(file: FilePayload, folder: Path) -> Path:
    """Write a file to the disk: a browser needs seconds for a large one passed as bytes."""
    path = folder / file["name"]
    path.write_bytes(file["buffer"])
    return path


def heic_photo() -> FilePayload:
    """Return a photo as an iPhone sends it; the server can open it, Chromium cannot."""
    return _file("IMG_0042.HEIC", "image/heic", HEIC.read_bytes())


PRETENDERS = {
    "a PDF named .jpg": ("letter.jpg", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"),
    "an SVG": (
        "drawing.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ),
    "an SVG named .png": ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "nothing at all": ("empty.jpg", b""),
    "half a photo": ("half.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
}


def pretender(what: str) -> FilePayload:
    name, body = PRETENDERS[what]
    return _file(name, "image/jpeg", body)


def _jpeg(colour: str, size: tuple[int, int]) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return made.getvalue()


def _file(name: str, kind: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": body}
