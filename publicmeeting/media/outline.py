"""A first guess where a paper lies in a small grey picture: large, even, four-sided, brighter.

A lamp from one side makes the far end of a paper darker than the near end of the desk, so no single
grey parts both. Even areas whose rim is a step of light do, and the guess is the best of several.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from PIL import Image, ImageChops, ImageFilter

from publicmeeting.media.corners import area, in_order, turn
from publicmeeting.media.perspective import Point

_LEAST = 0.12
"""Of the picture: a smaller thing is no paper somebody photographed."""
_FILLS = 0.88
"""How much of its four-sided outline a paper fills; a hand may lie on it."""
_STEPS = (7, 11, 16, 24)
"""How sudden light may change within a paper, in logarithmic greys."""
_CORNERS = 24
_WHITE = 255

Pixel = tuple[int, int]


def paper_outlines(grey: Image.Image) -> Iterator[list[Point]]:
    """Four-sided figures that may be the paper, in pixels of the picture, as `in_order`."""
    room = grey.width * grey.height
    without_ink = grey.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    for even in (*_even_parts(without_ink), _bright_part(without_ink)):
        for part in _large_parts(even, _LEAST * room):
            quad = _four_sided(_hull(_rim(part)))
            if quad is not None and len(part) >= _FILLS * area(quad):
                yield in_order(quad)


def _even_parts(grey: Image.Image) -> Iterator[Image.Image]:
    """White where the light changes little from pixel to pixel."""
    soft = grey.filter(ImageFilter.MedianFilter(3))
    eyes = soft.point([round(math.log1p(value) / math.log(256) * 255) for value in range(256)])
    steps = ImageChops.subtract(
        eyes.filter(ImageFilter.MaxFilter(3)), eyes.filter(ImageFilter.MinFilter(3))
    )
    for step in _STEPS:
        yield steps.point([_WHITE] * step + [0] * (256 - step))


def _bright_part(grey: Image.Image) -> Image.Image:
    """White above Otsu's threshold, which parts the greys into the two most different halves."""
    counts = grey.histogram()
    total, whole = sum(counts), sum(value * count for value, count in enumerate(counts))
    best, cut, below, dark = 0.0, 127, 0, 0
    for value, count in enumerate(counts[:-1]):
        dark += count
        below += value * count
        if 0 < dark < total:
            apart = (whole * dark - below * total) ** 2 / (dark * (total - dark))
            if apart > best:
                best, cut = apart, value
    return grey.point([0] * (cut + 1) + [_WHITE] * (255 - cut))


def _large_parts(marked: Image.Image, least: float) -> Iterator[set[Pixel]]:
    """The connected white parts of at least so many pixels."""
    width = marked.width
    left = {divmod(at, width)[::-1] for at, value in enumerate(marked.tobytes()) if value}
    while len(left) >= least:
        part, todo = set[Pixel](), [left.pop()]
        while todo:
            x, y = at = todo.pop()
            part.add(at)
            for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if near in left:
                    left.remove(near)
                    todo.append(near)
        if len(part) >= least:
            yield part


def _rim(part: set[Pixel]) -> list[Point]:
    """The outer corners of the first and last pixel of each row."""
    rows: dict[int, tuple[int, int]] = {}
    for x, y in part:
        first, last = rows.get(y, (x, x))
        rows[y] = min(first, x), max(last, x)
    return [
        (float(x), float(edge))
        for y, (first, last) in rows.items()
        for x in (first, last + 1)
        for edge in (y, y + 1)
    ]


def _hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull (Andrew's chain), thinned to what four sides need."""
    ordered = sorted(set(points))
    hull = _half(ordered) + _half(ordered[::-1])
    while len(hull) > _CORNERS:  # the flattest corner says least
        count = len(hull)
        flat = min(
            range(count), key=lambda at: abs(turn(hull[at - 1], hull[at], hull[(at + 1) % count]))
        )
        del hull[flat]
    return hull


def _half(ordered: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in ordered:
        while len(chain) > 1 and turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _four_sided(hull: Sequence[Point]) -> list[Point] | None:
    """The largest four-sided figure whose corners are corners of the hull."""
    best, found = 0.0, None
    for one, other in combinations(range(len(hull)), 2):
        here, there = hull[one + 1 : other], [*hull[other + 1 :], *hull[:one]]
        if not here or not there:
            continue
        quad = [hull[one], _far(hull[one], hull[other], here)]
        quad += [hull[other], _far(hull[one], hull[other], there)]
        if (size := area(quad)) > best:
            best, found = size, quad
    return found


def _far(one: Point, other: Point, points: Sequence[Point]) -> Point:
    return max(points, key=lambda point: abs(turn(one, other, point)))
