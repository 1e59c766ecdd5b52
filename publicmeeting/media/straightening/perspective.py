"""Geometry of a photographed paper: its four corners, and the flat sheet between them."""

import math
from collections.abc import Sequence
from itertools import pairwise

from publicmeeting.domain.errors import Invalid

Point = tuple[float, float]
_Ray = tuple[float, float, float]

_PHONE, _WIDEST, _LONGEST = 0.75, 0.5, 3.0
"""Focal lengths, in longer sides of the picture: of a usual phone, and the plausible range."""


def perspective(seen: Sequence[Point], flat: Sequence[Point]) -> list[float]:
    """Return the eight numbers of the mapping from seen to flat points, for Pillow's PERSPECTIVE.

    Solves eight linear equations, two for each corner. Raises ZeroDivisionError if three corners
    are in a line.
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
    """Return width divided by height of the sheet whose corners are seen in a picture of this size.

    A sheet that is tilted looks shorter than it is. Its right angles give the focal length, and
    that gives the tilt (Zhang and He, Whiteboard Scanning and Image Enhancement, 2007). The picture
    must not have been cropped much. Raises ZeroDivisionError if three corners are in a line.
    """
    middle = size[0] / 2, size[1] / 2
    a, b, d, c = ((x - middle[0], y - middle[1], 1.0) for x, y in seen)
    across = _edge(a, b, _triple_product(a, d, c) / _triple_product(b, d, c))
    down = _edge(a, c, _triple_product(a, d, b) / _triple_product(c, d, b))
    lens = _lens(across, down, max(size))
    return math.sqrt(_length(across, lens) / _length(down, lens))


def _lens(across: _Ray, down: _Ray, side: int) -> float:
    """Return the squared focal length for which both edges are perpendicular."""
    depth = across[2] * down[2]
    flat = across[0] * down[0] + across[1] * down[1]
    if depth * flat >= 0:  # seen straight from above any lens would fit
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


# Corners of a photographed paper: which points are valid, and their geometry. Corners are fractions
# of the shown picture, 0 to 1, in the order top left, top right, bottom right, bottom left.

Corners = tuple[Point, Point, Point, Point]

INSET = 0.05
AROUND: Corners = (
    (INSET, INSET),
    (1 - INSET, INSET),
    (1 - INSET, 1 - INSET),
    (INSET, 1 - INSET),
)
"""Corners if no paper is found: nearly the whole picture, for dragging by hand."""
LEAST_AREA = 0.02
LEAST_EDGE = 0.05
"""Minimum size relative to the picture: a smaller paper would be blurred."""
_FLAT = 0.004
"""Twice the area of a corner that is too flat to be one."""
_ROUNDED = 1e-6
"""Tolerance for a browser's arithmetic."""


def checked(corners: Sequence[Sequence[float]]) -> Corners:
    """Return corners that can be straightened.

    Raises Invalid: corners_unreadable if they are not four points, corners_outside, corners_small,
    or corners_crossed for crossing sides, a dent, three in a line, and a sheet seen from behind.
    """
    try:
        points = [(float(x), float(y)) for x, y in corners]
    except (TypeError, ValueError, OverflowError):
        raise Invalid("corners_unreadable", field="corners") from None
    numbers = [number for point in points for number in point]
    if len(points) != len(AROUND) or not all(map(math.isfinite, numbers)):
        raise Invalid("corners_unreadable", field="corners")
    if not all(-_ROUNDED <= number <= 1 + _ROUNDED for number in numbers):
        raise Invalid("corners_outside", field="corners")
    a, b, c, d = ((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in points)
    ring = (a, b, c, d, a, b)
    edges = [math.dist(*two) for two in pairwise(ring)]
    if min(edges) < LEAST_EDGE:
        raise Invalid("corners_small", field="corners")
    if min(turn(*ring[at : at + 3]) for at in range(4)) < _FLAT * max(edges):
        raise Invalid("corners_crossed", field="corners")
    if area((a, b, c, d)) < LEAST_AREA:
        raise Invalid("corners_small", field="corners")
    return a, b, c, d


def in_order(quad: Sequence[Point]) -> list[Point]:
    """Return the corners clockwise, from the one nearest the picture's top left."""
    middle = sum(x for x, _ in quad) / len(quad), sum(y for _, y in quad) / len(quad)
    ring = sorted(quad, key=lambda at: math.atan2(at[1] - middle[1], at[0] - middle[0]))
    first = min(range(len(ring)), key=lambda at: sum(ring[at]))
    return [*ring[first:], *ring[:first]]


def turn(a: Point, b: Point, c: Point) -> float:
    """Return twice the area of a triangle; positive if it is clockwise on a screen."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def area(points: Sequence[Point]) -> float:
    ring = pairwise((*points, points[0]))
    return abs(sum(x * v - u * y for (x, y), (u, v) in ring)) / 2
