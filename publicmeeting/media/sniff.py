"""What a file is by its own bytes; names and declared types are never believed."""

import re

PICTURES = frozenset({"jpeg", "png", "webp", "heic"})
"""The kinds a citizen may send."""

_HEAD = 1024
_START = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "document"),
    (b"\xd0\xcf\x11\xe0", "document"),
    (b"{\\rtf", "document"),
    (b"\x1aE\xdf\xa3", "video"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_MOVING_BRANDS = frozenset({b"hevc", b"hevx", b"msf1"})
_SVG = re.compile(rb"<svg[\s>]|<!doctype svg", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|\?php)[\s>]", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """Return one word for the kind: jpeg, png, webp, heic, avif, pdf, svg, gif, tiff, bmp, video,
    document, page, animation (APNG, moving WebP or HEIC), or unknown.

    The first signature decides; what else a file is `hidden` finds out.
    """
    for start, kind in _START:
        if data.startswith(start):
            return "animation" if kind == "png" and _is_moving_png(data) else kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "animation" if _is_moving_webp(data) else "webp"
    if data[4:8] == b"ftyp":
        return _kind_of_boxes(data)
    head = data[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    # UTF-16 text carries a zero beside each ASCII letter.
    letters = head.replace(b"\x00", b"")
    if _SVG.search(letters):
        return "svg"
    return "page" if _PAGE.search(letters) else "unknown"


def _kind_of_boxes(data: bytes) -> str:
    """HEIC, AVIF and films share one container; its first words say which it is."""
    brand = data[8:12]
    if brand in _AVIF_BRANDS or (brand == b"mif1" and b"avif" in data[: data[3]]):
        return "avif"
    if brand in _MOVING_BRANDS:
        return "animation"
    return "heic" if brand in _HEIF_BRANDS else "video"


def _is_moving_png(data: bytes) -> bool:
    """An APNG has its acTL chunk before the first IDAT."""
    at = 8
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name in {b"acTL", b"IDAT", b"IEND"}:
            return name == b"acTL"
        at += length + 12
    return False


def _is_moving_webp(data: bytes) -> bool:
    """The animation bit of the VP8X header, or the chunk it promises."""
    return data[12:16] == b"VP8X" and (
        bool(data[20:21] and data[20] & 0x02) or b"ANIM" in data[:64]
    )
