"""The four corners of a photographed paper: which points may be that, and the geometry of four.

Corners are fractions of the shown picture, 0 to 1, in the order top left, top right, bottom right,
bottom left.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.straightening.perspective import Point

Corners = tuple[Point, Point, Point, Point]

INSET = 0.05
AROUND: Corners = (
    (INSET, INSET),
    (1 - INSET, INSET),
    (1 - INSET, 1 - INSET),
    (INSET, 1 - INSET),
)
"""When no paper is found: nearly everything, to be dragged by hand."""
LEAST_AREA = 0.02
LEAST_EDGE = 0.05
"""Of the picture: a smaller paper would be a blur."""
_FLAT = 0.004
"""Twice the area of a corner so flat that it is no corner."""
_ROUNDED = 1e-6
"""What a browser's arithmetic may add."""


def checked(corners: Sequence[Sequence[float]]) -> Corners:
    """Corners that can be straightened.

    Raises Invalid: corners_unreadable for no four points, corners_outside, corners_small, or
    corners_crossed for sides that cross, a dent, three in a line, and a sheet seen from behind.
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
    """Round as a clock goes, from the corner nearest the picture's top left."""
    middle = sum(x for x, _ in quad) / len(quad), sum(y for _, y in quad) / len(quad)
    ring = sorted(quad, key=lambda at: math.atan2(at[1] - middle[1], at[0] - middle[0]))
    first = min(range(len(ring)), key=lambda at: sum(ring[at]))
    return [*ring[first:], *ring[:first]]


def turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of a triangle: positive when it goes round as a clock does, on a screen."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def area(points: Sequence[Point]) -> float:
    ring = pairwise((*points, points[0]))
    return abs(sum(x * v - u * y for (x, y), (u, v) in ring)) / 2
