"""The composed sheet as one page that any printer prints: A4, white, with a margin."""

import io

from PIL import Image, ImageColor

from publicmeeting.media.intake import open_picture
from publicmeeting.media.palette import PAPER

_PAGE = 210.0, 297.0
_MARGIN = 14.0
"""Millimetres; what a home printer leaves white anyway, and room for a punch."""
_INCH = 25.4
_FINEST = 14
"""Dots to the millimetre, as fine as printers are; a very long sheet is shrunk to that."""


def printable(picture: bytes, title: str = "") -> bytes:
    """A PDF of one page; the same bytes for the same picture. Its only metadata is the title.

    Raises what `open_picture` raises.
    """
    room = [side - 2 * _MARGIN for side in _PAGE]
    sheet = _on_white(open_picture(picture, side=round(room[1] * _FINEST)))
    dots = max(sheet.width / room[0], sheet.height / room[1])  # to the millimetre
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
    """The cream of the screen's paper would cost ink and say nothing."""
    ground = ImageColor.getrgb(PAPER)[:3]
    return sheet.point([min(value * 255 // full, 255) for full in ground for value in range(256)])
