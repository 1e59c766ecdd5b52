"""Four corners seen askew, and the flat sheet they are of: the linear algebra between both."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
_Ray = tuple[float, float, float]

_PHONE, _WIDEST, _LONGEST = 0.75, 0.5, 3.0
"""Focal lengths in longer sides of the picture: a phone's usual one, and what is believable."""


def perspective(seen: Sequence[Point], flat: Sequence[Point]) -> list[float]:
    """The eight numbers that lead from a seen point to the flat one, as Pillow's PERSPECTIVE wants.

    Eight linear equations, two of each corner; ZeroDivisionError when three corners are in a line.
    """
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for row in range(count):
            if row != column:
                times = rows[row][column]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]


def sheet_ratio(seen: Sequence[Point], size: tuple[int, int]) -> float:
    """Width by height of the sheet whose corners are seen in a picture of this size.

    A sheet that leans back looks shorter than it is. That its corners are right angles tells the
    lens, and the lens how far it leans (Zhang and He, Whiteboard Scanning and Image Enhancement,
    2007); the picture must not have been cut much. ZeroDivisionError when three corners are in a
    line.
    """
    middle = size[0] / 2, size[1] / 2
    a, b, d, c = ((x - middle[0], y - middle[1], 1.0) for x, y in seen)
    across = _edge(a, b, _triple_product(a, d, c) / _triple_product(b, d, c))
    down = _edge(a, c, _triple_product(a, d, b) / _triple_product(c, d, b))
    lens = _lens(across, down, max(size))
    return math.sqrt(_length(across, lens) / _length(down, lens))


def _lens(across: _Ray, down: _Ray, side: int) -> float:
    """The focal length for which both edges are at right angles, squared."""
    depth = across[2] * down[2]
    flat = across[0] * down[0] + across[1] * down[1]
    if depth * flat >= 0:  # seen straight from above any lens would do
        return (_PHONE * side) ** 2
    return min(max(-flat / depth, (_WIDEST * side) ** 2), (_LONGEST * side) ** 2)


def _length(edge: _Ray, lens: float) -> float:
    return (edge[0] ** 2 + edge[1] ** 2) / lens + edge[2] ** 2


def _edge(start: _Ray, end: _Ray, times: float) -> _Ray:
    return times * end[0] - start[0], times * end[1] - start[1], times * end[2] - start[2]


def _triple_product(a: _Ray, b: _Ray, c: _Ray) -> float:
    """(a x b) . c"""
    return (
        (a[1] * b[2] - a[2] * b[1]) * c[0]
        + (a[2] * b[0] - a[0] * b[2]) * c[1]
        + (a[0] * b[1] - a[1] * b[0]) * c[2]
    )
