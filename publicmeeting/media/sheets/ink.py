"""Draws pen strokes, written with a stylus on the screen, as a picture."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from publicmeeting.domain.choices import InkColour
from publicmeeting.domain.orders.ink import Dot, Ink
from publicmeeting.media.sheets.canvas import PAPER_INK, PEN

NIB = 7
"""Line width at full pressure, in pixels of the sheet; the screen uses the same."""
THINNEST = 0.35
"""Share of that width without any pressure."""

_FINE = 3
_STEP = 1.2
"""Pixels between two dabs of the pen, close enough for a smooth line."""

_COLOURS = {InkColour.BLUE: PEN, InkColour.BLACK: PAPER_INK}


def draw_ink(ink: Ink, *, width: float = NIB) -> bytes:
    """Return a transparent PNG; each stroke in its colour, over the earlier ones."""
    size = ink.width * _FINE, ink.height * _FINE
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for stroke in ink.strokes:
        _draw_one(draw, stroke.dots, width * _FINE, _COLOURS[stroke.colour])
    out = io.BytesIO()
    picture.resize((ink.width, ink.height), Image.Resampling.BOX).save(out, "PNG")
    return out.getvalue()


def _draw_one(
    draw: ImageDraw.ImageDraw, stroke: Sequence[Dot], width: float, fill: int | str
) -> None:
    for dot in smoothed(stroke):
        radius = width * (THINNEST + (1 - THINNEST) * dot.pressure) / 2
        x, y = dot.x * _FINE, dot.y * _FINE
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def smoothed(stroke: Sequence[Dot]) -> list[Dot]:
    """Return a Catmull-Rom curve through all points of the stroke."""
    if not stroke:
        return []
    points = [stroke[0], *stroke, stroke[-1]]
    path = [stroke[0]]
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        # The curve is longer than the straight line, but seldom twice as long.
        steps = math.ceil(math.hypot(c.x - b.x, c.y - b.y) * 1.5 / _STEP) or 1
        path.extend(_between(a, b, c, d, step / steps) for step in range(1, steps + 1))
    return path


def _between(a: Dot, b: Dot, c: Dot, d: Dot, t: float) -> Dot:
    x, y = (
        0.5
        * (
            2 * q
            + (r - p) * t
            + (2 * p - 5 * q + 4 * r - s) * t * t
            + (3 * q - p - 3 * r + s) * t * t * t
        )
        for p, q, r, s in zip(a[:2], b[:2], c[:2], d[:2], strict=True)
    )
    return Dot(x, y, b.pressure + (c.pressure - b.pressure) * t)
