"""Detects a file's type from its bytes, and whether it is another type as well.

Names and declared types are ignored. A picture that is also an archive, a document, a page or a
program is refused. Re-encoding would remove that, but the original is stored too, and such a file
is made to do harm. Additions that phones make are accepted: a second picture (MPO), a short film
(motion photo), their own notes.
"""

import re
from collections.abc import Iterator

PICTURES = frozenset({"jpeg", "png", "webp", "heic"})
"""File types that a citizen may send."""

OFFERED = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
"""What a browser offers to choose; some know HEIC by its ending alone."""

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
_PAGE_HEAD = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|\?php)[\s>]", re.IGNORECASE)


def kind_of(data: bytes) -> str:
    """Return the type in one word.

    One of jpeg, png, webp, heic, avif, pdf, svg, gif, tiff, bmp, video, document, page, animation
    (APNG, moving WebP or HEIC), unknown. The first signature decides; `has_hidden_content` finds
    other types in the file.
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
    # UTF-16 text has a zero byte beside each ASCII letter.
    letters = head.replace(b"\x00", b"")
    if _SVG.search(letters):
        return "svg"
    return "page" if _PAGE_HEAD.search(letters) else "unknown"


def _kind_of_boxes(data: bytes) -> str:
    """HEIC, AVIF and films share one container; its first bytes tell which it is."""
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
    """The animation bit of the VP8X header, or the chunk that it announces."""
    return data[12:16] == b"VP8X" and (
        bool(data[20:21] and data[20] & 0x02) or b"ANIM" in data[:64]
    )


_AT_ONCE = 1 << 20
"""Bytes searched in one call, because a call holds the interpreter lock."""
_OVERLAP = 256

# Both cases of each letter are listed, because the search is fast only with a fixed first byte.
# Printable text must follow, or compressed pixels would sometimes be taken for a page.
_PAGE = re.compile(
    rb"<(?:[sS][cC][rR][iI][pP][tT]|[hH][tT][mM][lL]|[sS][vV][gG]|[iI][fF][rR][aA][mM][eE]"
    rb"|[bB][oO][dD][yY]|![dD][oO][cC][tT][yY][pP][eE]|\?[pP][hH][pP])[\s>/][\s\x20-\x7e]{6}"
    rb"|<\?=[\s\x20-\x7e]{12}"
)
_PROGRAM = re.compile(rb"\*/\s?=[\s\x20-\x7e]{12}")
"""The end of a comment that began in a JPEG's first bytes."""
_PDF = re.compile(rb"%PDF-\d")
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557
"""An archive is read from its end: 22 bytes and the longest comment before them."""
_APPENDED = (
    b"PK",
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"<",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_BOX_HEAD = 8
_BOX = re.compile(rb"[\x20-\x7e]{4}")
_PADDING = b"\x00\r\n\t "


def has_hidden_content(data: bytes, kind: str) -> bool:
    """Whether the file contains something else; `kind` is jpeg, png, webp or heic."""
    if _ZIP_END in data[-_ZIP_TAIL:]:
        return True
    behind = data[end_of_picture(data, kind) :][:_OVERLAP].lstrip(_PADDING)
    if behind.startswith(_APPENDED):
        return True
    found = (_PAGE, _PROGRAM, _PDF)
    return any(pattern.search(part) for part in _parts(data) for pattern in found)


def end_of_picture(data: bytes, kind: str) -> int:
    """Return where the picture ends and appended data begin; of boxes, where one is cut off."""
    if kind == "webp":
        return min(8 + int.from_bytes(data[4:8], "little"), len(data))
    if kind == "png":
        return _end_of_png(data)
    if kind == "heic":
        return _end_of_boxes(data)
    scan = data.find(b"\xff\xda")
    end = data.find(b"\xff\xd9", scan) if scan >= 0 else -1
    return end + 2 if end >= 0 else len(data)


def _end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        name = data[at + 4 : at + 8]
        at += int.from_bytes(data[at : at + 4], "big") + 12
        if name == b"IEND":
            break
    return min(at, len(data))


def _end_of_boxes(data: bytes) -> int:
    """Boxes follow one another, each with a length and a name of four letters."""
    at = 0
    while at + _BOX_HEAD <= len(data) and _BOX.fullmatch(data[at + 4 : at + 8]):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:  # until the end of the file
            return len(data)
        if not _BOX_HEAD <= length <= len(data) - at:  # words that look like a box, or one cut off
            return at
        at += length
    return at


def _parts(data: bytes) -> Iterator[memoryview]:
    view = memoryview(data)
    for at in range(0, len(data), _AT_ONCE):
        yield view[max(at - _OVERLAP, 0) : at + _AT_ONCE]
