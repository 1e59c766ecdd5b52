"""The mayor's order on the district's letterhead.

The sheet has A-series proportions. Only a photographed paper or a very long text makes it longer:
the mayor's handwriting is neither cut nor shrunk.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageColor

from publicmeeting.media.intake.photo import open_picture
from publicmeeting.media.sheets.canvas import (
    GLAZE,
    INK2,
    PAPER,
    PAPER_INK,
    PAPER_LINE,
    PEN,
    Canvas,
    Composed,
)
from publicmeeting.media.sheets.persian_text import Face, text_width, wrap
from publicmeeting.media.sheets.qr import draw_qr, qr_width
from publicmeeting.media.sheets.signs import draw_fingerprint, draw_mark

WIDTH = 1240
"""Width in pixels: three for each pixel of a 400 px phone, and 150 dpi on A5."""
HEIGHT = round(WIDTH * 2**0.5)
MARGIN = 84
HEAD = 322
FOOT = 250
SIGNING = 270
NO_SIGNATURE = 96
"""Height above the foot for facts and signature, and the difference without a signature."""
LONGEST = HEIGHT * 6
TALLEST = WIDTH * 2
"""Maximum height of a picture on the sheet; a longer one is made narrower."""

_SIZES = (58, 51, 45, 40, 35, 31)
_BELOW = (45, 38, 31)
"""Type sizes of a text below a photograph or strokes, where the sheet grows anyway."""
_PITCH = 1.96
"""Distance of ruled lines in type sizes: space for a pen and for Vazirmatn's tall marks."""
_RULE = "#E7E1D0"
_MARK_SIZE, _FACT_SIZE, _FOOT_SIZE = 35, 37, 31
_GAP = 13
_SIGNED_BASE, _FACT_PITCH = 44, 64
"""Distance from the foot to the last fact's baseline, and between two facts."""
_QR = 178
_TILE = 29
"""Size of one tile of the fingerprint; eight are in a row."""

Pair = tuple[str, str]
"""A label and its value."""


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """Content of a sheet; every text is given by the caller, ready to read."""

    district: int
    unit: str
    """Heading: «شهرداری منطقهٔ ۶»."""
    title: str
    """Below it: «دستور ملاقات مردمی»."""
    marks: tuple[Pair, ...]
    """Date and number, opposite the heading."""
    check_url: str
    check_lines: tuple[str, ...]
    """Lines beside the QR code: what it is for."""
    foot: Pair
    """Name of the public log, and its state: length and beginning of the root."""
    text: str = ""
    paper: bytes | None = None
    """A photograph of the written order."""
    ink: bytes | None = None
    """Strokes written on the screen: a picture with transparency, as wide as the lines."""
    signature: bytes | None = None
    signer: tuple[str, ...] = ()
    """Name, then office."""
    facts: tuple[Pair, ...] = ()
    """Responsible unit and due date, opposite the signature."""


def compose_order(sheet: OrderSheet) -> Composed:
    """Draw the sheet.

    Raises what `take_photo` raises if one of its pictures cannot be opened, and ValueError for a
    text of more than six sheets.
    """
    canvas = Canvas(WIDTH, LONGEST, PAPER, begins=HEIGHT)
    _letterhead(canvas, sheet)
    y: float = HEAD
    if sheet.paper is not None:
        y = _photographed(canvas, sheet.paper, y)
    signing = SIGNING if sheet.signature is not None else SIGNING - NO_SIGNATURE
    signing = max(signing, _SIGNED_BASE + len(sheet.facts) * _FACT_PITCH)
    room = max(HEIGHT - FOOT - signing, y)
    if sheet.ink is not None:
        y = _written(canvas, sheet.ink, y, y if sheet.text else room)
    if sheet.text:
        below = sheet.paper is not None or sheet.ink is not None
        fits = y + HEIGHT if below else room
        y = _typed(canvas, sheet.text, y, room, _BELOW if below else _SIZES, fits)
    end = max(HEIGHT - FOOT, y + 24 + signing)
    _signed(canvas, sheet, end)
    _foot(canvas, sheet, end)
    return canvas.finish(end + FOOT, photographic=sheet.paper is not None)


def _letterhead(canvas: Canvas, sheet: OrderSheet) -> None:
    right, mark = WIDTH - MARGIN, 150
    edge = right - mark - 32
    draw_mark(canvas, (right - mark, 76), mark, sheet.district)
    widest = max((_pair_width(pair) for pair in sheet.marks), default=0)
    room = edge - (MARGIN + widest) - 40
    canvas.text((edge, 142), sheet.unit, _fitting(sheet.unit, 52, 700, room), GLAZE)
    canvas.text((edge, 206), sheet.title, _fitting(sheet.title, 38, 400, room), INK2)
    for row, pair in enumerate(sheet.marks):
        _pair(canvas, (MARGIN + widest, 142 + row * 64), pair, _MARK_SIZE)
    canvas.block((MARGIN, HEAD - 62, right, HEAD - 56), GLAZE)


def _fitting(text: str, size: int, weight: int, width: float) -> Face:
    """Return the font, smaller if the text does not fit beside the date."""
    wide = text_width(text, Face(size, weight))
    return Face(size, weight) if wide <= width else Face(int(size * width / wide), weight)


def _pair(canvas: Canvas, at: tuple[float, float], pair: Pair, size: int) -> None:
    """Draw a label and, to its left, the value; `at` is the right end of the baseline."""
    name, content = pair
    edge = at[0] - canvas.text(at, f"{name}:", Face(size), INK2) - _GAP
    canvas.text((edge, at[1]), content, Face(size, 600), PAPER_INK)


def _pair_width(pair: Pair) -> float:
    name, content = pair
    label, value = Face(_MARK_SIZE), Face(_MARK_SIZE, 600)
    return text_width(f"{name}:", label) + _GAP + text_width(content, value)


def _photographed(canvas: Canvas, paper: bytes, y: float) -> float:
    """Draw the photograph from edge to edge; return where it ends."""
    photo = _as_wide(open_picture(paper, side=1600), WIDTH)
    canvas.lay(photo, ((WIDTH - photo.width) / 2, y - 8))
    end = y - 8 + photo.height
    canvas.block((0, y - 8, WIDTH, y - 6), PAPER_LINE)
    canvas.block((0, end - 2, WIDTH, end), PAPER_LINE)
    return end


def _as_wide(picture: Image.Image, width: int) -> Image.Image:
    scale = min(width / picture.width, TALLEST / picture.height)
    size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _written(canvas: Canvas, ink: bytes, y: float, room: float) -> float:
    """Draw the strokes between the margins, over ruled lines; return where they end."""
    strokes = _as_wide(open_picture(ink, side=1600, alpha=True), WIDTH - 2 * MARGIN)
    _ruled(canvas, y + 96, max(room, y + strokes.height), 96)
    canvas.lay(strokes, (WIDTH - MARGIN - strokes.width, y))
    return y + strokes.height


def _typed(
    canvas: Canvas, text: str, y: float, room: float, sizes: Sequence[int], fits: float
) -> float:
    """Draw the text in pen blue, as large as fits, on ruled lines; return where it ends."""
    right, width = WIDTH - MARGIN, WIDTH - 2 * MARGIN
    for size in sizes:
        face, pitch = Face(size, 500), round(size * _PITCH)
        lines = wrap(text, face, width)
        if y + len(lines) * pitch <= fits:
            break
    end = max(room, y + len(lines) * pitch)
    first = y + pitch
    _ruled(canvas, first, end, pitch)
    for row, line in enumerate(lines):
        canvas.text((right, first + row * pitch - round(size * 0.42)), line, face, PEN)
    return y + len(lines) * pitch


def _ruled(canvas: Canvas, first: float, end: float, pitch: int) -> None:
    y = first
    while y <= end:
        canvas.block((MARGIN, y, WIDTH - MARGIN, y + 2), _RULE)
        y += pitch


def _signed(canvas: Canvas, sheet: OrderSheet, end: float) -> None:
    base = end - _SIGNED_BASE
    for row, pair in enumerate(reversed(sheet.facts)):
        _pair(canvas, (WIDTH - MARGIN, base - row * _FACT_PITCH), pair, _FACT_SIZE)
    middle = MARGIN + 210
    for row, line in enumerate(reversed(sheet.signer)):
        is_name = row == len(sheet.signer) - 1
        face, colour = (Face(38, 600), PAPER_INK) if is_name else (Face(33), INK2)
        canvas.text((middle, base - row * 56), line, face, colour, anchor="ms")
    if sheet.signature is not None:
        scrawl = _scrawl(sheet.signature)
        # Across the printed name, like a real signature.
        bottom = base - (len(sheet.signer) - 1) * 56 + 14
        canvas.lay(scrawl, (middle - scrawl.width / 2, bottom - scrawl.height))


@lru_cache(64)
def _scrawl(signature: bytes) -> Image.Image:
    """At its size on the sheet: a signature is decoded once for all sheets of a day."""
    scrawl = open_picture(signature, side=1200, alpha=True)
    scrawl.thumbnail((430, 230), Image.Resampling.LANCZOS)
    return scrawl


def _foot(canvas: Canvas, sheet: OrderSheet, top: float) -> None:
    right = WIDTH - MARGIN
    canvas.block((MARGIN, top, right, top + 2), PAPER_LINE)
    edge = right - qr_width(sheet.check_url, _QR)
    draw_qr(canvas, (edge, top + 38), sheet.check_url, _QR)
    for row, line in enumerate(sheet.check_lines):
        canvas.text((edge - 40, top + 96 + row * 56), line, Face(_FOOT_SIZE), INK2)
    name, mark = sheet.foot
    # On a line of its own, because it becomes longer as the log grows.
    canvas.text((MARGIN, top + 64), f"{name}:", Face(_FOOT_SIZE), INK2, anchor="ls")
    face = Face(_FOOT_SIZE, 600)
    canvas.text((MARGIN, top + 110), mark, face, PAPER_INK, anchor="ls", direction="ltr")
    draw_fingerprint(canvas, (MARGIN, top + 136), mark, _TILE)


_PAGE = 210.0, 297.0
_MARGIN = 14.0
"""Millimetres: the margin that a home printer cannot print, and space for a hole punch."""
_INCH = 25.4
_FINEST = 14
"""Dots per millimetre, the resolution of printers; a very long sheet is shrunk to that."""


def printable(picture: bytes, title: str = "") -> bytes:
    """Return a PDF of one page; the same bytes for the same picture. Its metadata: the title.

    Raises what `open_picture` raises.
    """
    room = [side - 2 * _MARGIN for side in _PAGE]
    sheet = _on_white(open_picture(picture, side=round(room[1] * _FINEST)))
    dots = max(sheet.width / room[0], sheet.height / room[1])  # per millimetre
    page = Image.new("RGB", (round(_PAGE[0] * dots), round(_PAGE[1] * dots)), "white")
    page.paste(sheet, ((page.width - sheet.width) // 2, round(_MARGIN * dots)))
    out = io.BytesIO()
    page.save(
        out,
        "PDF",
        resolution=dots * _INCH,
        quality=90,
        subsampling=0,
        optimize=True,
        title=title or None,
        creationDate=None,
        modDate=None,
    )
    return out.getvalue()


def _on_white(sheet: Image.Image) -> Image.Image:
    """Replace the paper colour of the screen by white, which costs no ink."""
    ground = ImageColor.getrgb(PAPER)[:3]
    return sheet.point([min(value * 255 // full, 255) for full in ground for value in range(256)])
