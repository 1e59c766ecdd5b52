"""The city's tiles on a canvas: the mark, strips, the lit tile, fingerprints."""

from publicmeeting.domain.districts import DISTRICTS
from publicmeeting.media.canvas import Box, Canvas
from publicmeeting.media.palette import (
    EDGE,
    GLAZE,
    GLAZE_EDGE,
    INK,
    ON_GLAZE,
    SAFFRON,
    SAFFRON_EDGE,
    SCALE,
)

GRID = 6
"""The mosaic of Tehran has six rows and six columns."""


def draw_mark(
    canvas: Canvas, at: tuple[float, float], size: float, district: int | None, colour: str = GLAZE
) -> None:
    """The mosaic of the 22 districts from its top left corner, this one's tile lit in saffron.

    West stays left on right-to-left sheets too: it is a map.
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
    """Saffron in an ink frame with a thick lower edge; `unit` is one interface pixel."""
    left, top, right, bottom = box
    canvas.rounded(box, 4 * unit, INK)
    inside = (left + 2 * unit, top + 2 * unit, right - 2 * unit, bottom - 2 * unit)
    canvas.rounded(inside, 2.5 * unit, SAFFRON_EDGE)
    canvas.rounded((*inside[:3], inside[3] - 3 * unit), 2.5 * unit, SAFFRON)


def draw_done_tile(canvas: Canvas, box: Box, unit: float) -> None:
    """Glazed and checked: it happened."""
    left, top, right, bottom = box
    canvas.rounded(box, 3 * unit, GLAZE_EDGE)
    canvas.rounded((left, top, right, bottom - 3 * unit), 3 * unit, GLAZE)
    size = right - left
    points = [(0.27, 0.48), (0.43, 0.64), (0.74, 0.31)]
    canvas.stroke([(left + x * size, top + y * size) for x, y in points], ON_GLAZE, 2.2 * unit)


def draw_raw_tile(canvas: Canvas, box: Box, unit: float) -> None:
    """Dotted: still ahead."""
    canvas.dots(box, EDGE, 2 * unit, 4 * unit)


def draw_fingerprint(
    canvas: Canvas, at: tuple[float, float], hexadecimal: str, cell: float
) -> None:
    """The first eight characters as two rows of tiles, two bits each, to compare by eye."""
    bits = f"{int(hexadecimal[:8], 16):032b}"
    shades = (SCALE[0], SCALE[1], SCALE[2], SCALE[4])
    left, top = at
    for number in range(16):
        x, y = left + number % 8 * cell, top + number // 8 * cell
        shade = shades[int(bits[number * 2 : number * 2 + 2], 2)]
        canvas.rounded((x, y, x + cell * 0.9, y + cell * 0.9), cell * 0.1, shade)
