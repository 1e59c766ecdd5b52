"""QR codes: as SVG for pages, on drawn sheets, and read from a camera."""

import io
from functools import lru_cache

import segno
import zxingcpp

from publicmeeting.media.intake.photo import open_picture
from publicmeeting.media.sheets.canvas import INK, WHITE, Canvas

QUIET = 4
"""Quiet zone around the code in modules, the minimum of the standard."""
_ONLY_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def qr_svg(text: str) -> str:
    """Return an <svg> element without size or style; the page's classes set both.

    Ink on pure white with its quiet zone. Raises ValueError if the text is empty or too long.
    """
    code, out = _code(text), io.BytesIO()
    code.save(
        out,
        kind="svg",
        border=QUIET,
        dark=INK,
        light=WHITE,
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return out.getvalue().decode()


def qr_width(text: str, size: float) -> int:
    """Return the width of the code without its quiet zone, if at most `size` is free.

    Modules are whole pixels, so the code is sharp.
    """
    modules = int(_code(text).symbol_size(border=0)[0])
    return modules * max(int(size // modules), 1)


def draw_qr(canvas: Canvas, at: tuple[float, float], text: str, size: float) -> None:
    """Draw the code with its top left corner at `at`; the quiet zone is outside."""
    rows = [list(row) for row in _code(text).matrix_iter(border=0)]
    width = qr_width(text, size)
    module = width // len(rows)
    left, top = round(at[0]), round(at[1])
    margin = QUIET * module
    canvas.block((left - margin, top - margin, left + width + margin, top + width + margin), WHITE)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                place = left + x * module, top + y * module
                canvas.block((*place, place[0] + module, place[1] + module), INK)


def read_qr(frame: bytes) -> str | None:
    """Return the text of a QR code in a camera picture; None if none can be read.

    Raises what `take_photo` raises for a picture that cannot be opened.
    """
    picture = open_picture(frame, side=1600).convert("L")
    found = zxingcpp.read_barcodes(picture, formats=_ONLY_QR)
    return found[0].text if found else None


@lru_cache(64)
def _code(text: str) -> segno.QRCode:
    """Cached, because a sheet needs width, position and modules of a code separately."""
    if not text:
        raise ValueError("a QR of nothing")
    return segno.make_qr(text, error="m", boost_error=True)
