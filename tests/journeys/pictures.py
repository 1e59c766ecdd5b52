"""Files that people choose: photos, and things that only pretend to be photos."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload

MIB = 1024 * 1024


def photo(
    name: str = "street.jpg", colour: str = "#8a6f4d", size: tuple[int, int] = (1200, 900)
) -> FilePayload:
    """A small real photo."""
    return _file(name, "image/jpeg", _jpeg(colour, size))


def heavy_photo(megabytes: int) -> FilePayload:
    """A real photo with so much after its end that it weighs this."""
    body = _jpeg("#556b5d", (1600, 1200))
    return _file("heavy.jpg", "image/jpeg", body + b"\0" * (megabytes * MIB - len(body)))


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
