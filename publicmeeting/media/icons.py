"""The few signs that composed sheets need, on the interface's 24 grid with its 2 px stroke."""

import math
from typing import Literal

from publicmeeting.media.canvas import Canvas
from publicmeeting.media.perspective import Point

Icon = Literal["pin", "wheelchair", "hand", "people", "paper", "clock"]


def _arc(middle: Point, radius: float, start: float, end: float) -> list[Point]:
    """Degrees, clockwise from three o'clock."""
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
    """From its top left corner."""
    scale = size / 24
    for path in _PATHS[icon]:
        canvas.stroke([(at[0] + x * scale, at[1] + y * scale) for x, y in path], colour, 2 * scale)
