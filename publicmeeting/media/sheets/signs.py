"""Signs for sheets: the city's mosaic, marks and fingerprints, and a few line icons."""

import math
from typing import Literal

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.media.sheets.canvas import (
    EDGE,
    GLAZE,
    GLAZE_EDGE,
    INK,
    ON_GLAZE,
    SAFFRON,
    SAFFRON_EDGE,
    SCALE,
    Box,
    Canvas,
)
from publicmeeting.media.straightening.perspective import Point

GRID = 6
"""Rows and columns of Tehran's mosaic."""


def draw_mark(
    canvas: Canvas, at: tuple[float, float], size: float, district: int | None, colour: str = GLAZE
) -> None:
    """Draw the mosaic of the 22 districts from its top left corner; this one's tile is saffron.

    West is on the left on right-to-left sheets too, because it is a map.
    """
    grout = size * 0.022
    cell = (size + grout) / GRID
    left, top = at
    for one in DISTRICTS:
        tile = one.tile
        x, y = left + (tile.column - 1) * cell, top + (tile.row - 1) * cell
        box = (x, y, x + tile.column_span * cell - grout, y + tile.row_span * cell - grout)
        canvas.rounded(box, size * 0.016, SAFFRON if one.number == district else colour)


def draw_now_tile(canvas: Canvas, box: Box, unit: float) -> None:
    """Present step: saffron in an ink frame; `unit` is one interface pixel."""
    left, top, right, bottom = box
    canvas.rounded(box, 4 * unit, INK)
    inside = (left + 2 * unit, top + 2 * unit, right - 2 * unit, bottom - 2 * unit)
    canvas.rounded(inside, 2.5 * unit, SAFFRON_EDGE)
    canvas.rounded((*inside[:3], inside[3] - 3 * unit), 2.5 * unit, SAFFRON)


def draw_done_tile(canvas: Canvas, box: Box, unit: float) -> None:
    """Past step: glazed, with a check mark."""
    left, top, right, bottom = box
    canvas.rounded(box, 3 * unit, GLAZE_EDGE)
    canvas.rounded((left, top, right, bottom - 3 * unit), 3 * unit, GLAZE)
    size = right - left
    points = [(0.27, 0.48), (0.43, 0.64), (0.74, 0.31)]
    canvas.stroke([(left + x * size, top + y * size) for x, y in points], ON_GLAZE, 2.2 * unit)


def draw_raw_tile(canvas: Canvas, box: Box, unit: float) -> None:
    """Future step: dotted."""
    canvas.dots(box, EDGE, 2 * unit, 4 * unit)


def draw_fingerprint(canvas: Canvas, at: tuple[float, float], mark: str, cell: float) -> None:
    """Draw a log root's first eight hex digits as two rows of tiles, to compare by eye.

    They are the digits after the dash of its mark; each tile shows two bits.
    """
    bits = f"{int(mark.rpartition('-')[2][:8], 16):032b}"
    shades = (SCALE[0], SCALE[1], SCALE[2], SCALE[4])
    left, top = at
    for number in range(16):
        x, y = left + number % 8 * cell, top + number // 8 * cell
        shade = shades[int(bits[number * 2 : number * 2 + 2], 2)]
        canvas.rounded((x, y, x + cell * 0.9, y + cell * 0.9), cell * 0.1, shade)


Icon = Literal["pin", "wheelchair", "hand", "people", "ear", "eye", "paper", "clock"]


def _arc(middle: Point, radius: float, start: float, end: float) -> list[Point]:
    """Return points of an arc; degrees, clockwise from three o'clock."""
    steps = max(round(abs(end - start) / 6), 2)
    turns = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(middle[0] + radius * math.cos(a), middle[1] + radius * math.sin(a)) for a in turns]


_PATHS: dict[Icon, list[list[Point]]] = {
    "pin": [
        [(12, 22), *_arc((12, 10), 7, 145, 395), (12, 22)],
        [(10.5, 8.5), (13.5, 8.5), (13.5, 11.5), (10.5, 11.5), (10.5, 8.5)],
    ],
    "wheelchair": [
        [(10, 3), (12, 3), (12, 5), (10, 5), (10, 3)],
        [(11, 8), (11, 14), (17, 14), (19, 20), (21, 20)],
        [(11, 10.5), (16, 10.5)],
        _arc((10.5, 16), 5.5, 235, 20),
    ],
    "hand": [
        [(8, 12.5), (8, 5)],
        [(11, 11), (11, 3.5)],
        [(14, 11), (14, 4.5)],
        [(17, 12), (17, 7), *_arc((11.2, 15.6), 5.8, 0, 155), (3, 13.5), (5, 12), (8, 15)],
    ],
    "people": [
        [(4, 4), (9, 4), (9, 9), (4, 9), (4, 4)],
        [(15, 4), (20, 4), (20, 9), (15, 9), (15, 4)],
        [(2.5, 20), (2.5, 12.5), (10.5, 12.5), (10.5, 20)],
        [(13.5, 20), (13.5, 12.5), (21.5, 12.5), (21.5, 20)],
    ],
    "ear": [
        [*_arc((12, 9.5), 6, 180, 360), (14.5, 16), *_arc((11.5, 18), 3, 340, 530)],
        [*_arc((12, 10), 2.5, 180, 360), (12, 15)],
    ],
    "eye": [
        [
            (2, 12),
            (7, 6.5),
            (12, 5.5),
            (17, 6.5),
            (22, 12),
            (17, 17.5),
            (12, 18.5),
            (7, 17.5),
            (2, 12),
        ],
        [*_arc((12, 12), 2.5, 0, 360)],
    ],
    "paper": [
        [(5, 3), (19, 3), (19, 21), (5, 21), (5, 3)],
        [(9, 8), (15, 8)],
        [(9, 12), (15, 12)],
        [(9, 16), (12, 16)],
    ],
    "clock": [_arc((12, 12), 9, 0, 360), [(12, 7), (12, 12), (16, 14)]],
}


def draw_icon(
    canvas: Canvas, at: tuple[float, float], icon: Icon, size: float, colour: str
) -> None:
    """Draw an icon from its top left corner."""
    scale = size / 24
    for path in _PATHS[icon]:
        canvas.stroke([(at[0] + x * scale, at[1] + y * scale) for x, y in path], colour, 2 * scale)
