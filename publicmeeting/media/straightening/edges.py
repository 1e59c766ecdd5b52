"""Finds a paper in a photograph: guesses in a small grey picture, refined in a larger one.

A lamp from one side makes the far end of a paper darker than the near end of the desk, so no
threshold separates the two. Areas of even brightness with a sharp edge do. The best of several
guesses is used, and its edges are then measured in the photograph.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from PIL import Image, ImageChops, ImageFilter

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.photo import open_picture
from publicmeeting.media.straightening.perspective import (
    AROUND,
    Corners,
    Point,
    area,
    checked,
    in_order,
    turn,
)

_LEAST = 0.12
"""Minimum share of the picture; a smaller area is not a photographed paper."""
_FILLS = 0.88
"""Minimum share of its outline that a paper fills; a hand may cover the rest."""
_STEPS = (7, 11, 16, 24)
"""Thresholds for a change of brightness within a paper, in logarithmic greys."""
_CORNERS = 24
_WHITE = 255

Pixel = tuple[int, int]


def paper_outlines(grey: Image.Image) -> Iterator[list[Point]]:
    """Yield quadrilaterals that may be the paper, in pixels of the picture, as `in_order`."""
    room = grey.width * grey.height
    without_ink = grey.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    for even in (*_even_parts(without_ink), _bright_part(without_ink)):
        for part in _large_parts(even, _LEAST * room):
            quad = _four_sided(_hull(_rim(part)))
            if quad is not None and len(part) >= _FILLS * area(quad):
                yield in_order(quad)


def _even_parts(grey: Image.Image) -> Iterator[Image.Image]:
    """Yield masks that are white where brightness changes little between pixels."""
    soft = grey.filter(ImageFilter.MedianFilter(3))
    eyes = soft.point([round(math.log1p(value) / math.log(256) * 255) for value in range(256)])
    steps = ImageChops.subtract(
        eyes.filter(ImageFilter.MaxFilter(3)), eyes.filter(ImageFilter.MinFilter(3))
    )
    for step in _STEPS:
        yield steps.point([_WHITE] * step + [0] * (256 - step))


def _bright_part(grey: Image.Image) -> Image.Image:
    """Return a mask that is white above Otsu's threshold."""
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
    """Yield the connected white areas with at least this many pixels."""
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
    """Return the outer corners of the first and last pixel of each row."""
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
    """Return the convex hull (Andrew's chain), simplified to a few corners."""
    ordered = sorted(set(points))
    hull = _half(ordered) + _half(ordered[::-1])
    while len(hull) > _CORNERS:  # the flattest corner matters least
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
    """Return the largest quadrilateral whose corners are corners of the hull."""
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


def _far(first: Point, other: Point, points: Sequence[Point]) -> Point:
    return max(points, key=lambda point: abs(turn(first, other, point)))


_SIDE, _SMALL = 640, 140
"""Sides of the copy in which edges are measured, and of the one for guesses, in pixels."""
_REACH = 9
"""Maximum distance between guess and edge, in pixels."""
_BESIDE = 4
"""Number of pixels compared on each side of an edge."""
_ALONG = 48
_STEP = 1.12
"""Minimum ratio of brightness between paper and background."""
_SUPPORT = 0.5
"""Minimum share of each side that is such an edge."""
_SEEN = 2
"""Minimum number of sides with such edges."""
_AT_THE_BORDER = 0.012
"""Share of the picture's side: an edge closer to the border cannot be measured."""
_OFF = 1.6
"""Maximum distance of a measured point from the line through the others, in pixels."""


def suggested(data: bytes) -> Corners:
    """Return the corners of the paper in a photograph; AROUND if none is found.

    Raises what `open_picture` raises.
    """
    picture = open_picture(data, side=_SIDE)
    grey = _grey(picture)
    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL), Image.Resampling.BOX)
    scale = grey.width / small.width
    edges = _Edges(grey.filter(ImageFilter.MedianFilter(3)))
    guesses = {
        tuple((round(x) * scale, round(y) * scale) for x, y in quad)
        for quad in paper_outlines(small)
    }
    best, found = 0.0, AROUND
    for guess in sorted(guesses):
        exact = edges.exact(guess)
        worth = edges.support(exact) * math.sqrt(area(exact) / (grey.width * grey.height))
        if worth > best and (corners := _fractions(edges.exact(exact), grey.size)):
            best, found = worth, corners
    return found


def _grey(picture: Image.Image) -> Image.Image:
    """Return the darkest channel: it is bright for paper, but not for a wooden desk or a hand."""
    red, green, blue = picture.split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _fractions(quad: Sequence[Point], size: tuple[int, int]) -> Corners | None:
    inside = [(min(max(x / size[0], 0.0), 1.0), min(max(y / size[1], 0.0), 1.0)) for x, y in quad]
    try:
        return checked(in_order(inside))
    except Invalid:
        return None


@dataclass(frozen=True, slots=True)
class _Line:
    """A point and a direction of length one."""

    x: float
    y: float
    dx: float
    dy: float

    def meets(self, other: "_Line") -> Point | None:
        cross = self.dx * other.dy - self.dy * other.dx
        if abs(cross) < math.sin(math.radians(15)):
            return None
        far = ((other.x - self.x) * other.dy - (other.y - self.y) * other.dx) / cross
        return self.x + far * self.dx, self.y + far * self.dy


class _Edges:
    """Edges of brightness in one grey picture."""

    def __init__(self, grey: Image.Image) -> None:
        self._width, self._height = grey.size
        self._greys = grey.tobytes()

    def exact(self, quad: Sequence[Point]) -> list[Point]:
        """Return the corners with each side moved to the edge beside it, if there is one."""
        lines = [self._fitted(*side) for side in pairwise((*quad, quad[0]))]
        corners = [lines[at - 1].meets(lines[at]) for at in range(len(quad))]
        return [
            guess if exact is None or math.dist(guess, exact) > 4 * _REACH else exact
            for guess, exact in zip(quad, corners, strict=True)
        ]

    def support(self, quad: Sequence[Point]) -> float:
        """Return the share of the outline that is an edge; 0 if one side is not.

        At most two sides may be at the border of the picture, because the picture itself has four.
        """
        sides = list(pairwise((*quad, quad[0])))
        shares = [self._share(*side) for side in sides if not self._is_border(*side)]
        if len(shares) < _SEEN or min(shares) < _SUPPORT:
            return 0.0
        return sum(shares) / len(sides)

    def _share(self, start: Point, end: Point) -> float:
        return sum(self._step(*point) >= _STEP for point in self._points(start, end)) / _ALONG

    def _is_border(self, start: Point, end: Point) -> bool:
        for at, most in ((0, self._width), (1, self._height)):
            near = _AT_THE_BORDER * most + 1
            if max(start[at], end[at]) < near or min(start[at], end[at]) > most - near:
                return True
        return False

    def _fitted(self, start: Point, end: Point) -> _Line:
        """Return the straight line through the edge points along a side."""
        long = math.dist(start, end) or 1.0
        dx, dy = (end[0] - start[0]) / long, (end[1] - start[1]) / long
        found: list[tuple[float, float]] = []
        for at, (x, y, inx, iny) in enumerate(self._points(start, end)):
            steps = [
                (self._step(x + off * inx, y + off * iny, inx, iny), off)
                for off in range(-_REACH, _REACH + 1)
            ]
            step, off = max(steps)
            if step >= _STEP:
                found.append((long * (at + 1) / (_ALONG + 1), off))
        start_off, slope = _straight(found)
        inx, iny = -dy, dx
        x, y = start[0] + start_off * inx, start[1] + start_off * iny
        turned = math.hypot(1.0, slope)
        return _Line(x, y, (dx + slope * inx) / turned, (dy + slope * iny) / turned)

    def _points(self, start: Point, end: Point) -> Iterator[tuple[float, float, float, float]]:
        """Yield points along a side, with the direction into the paper (to the right)."""
        long = math.dist(start, end) or 1.0
        dx, dy = (end[0] - start[0]) / long, (end[1] - start[1]) / long
        for at in range(1, _ALONG + 1):
            far = long * at / (_ALONG + 1)
            yield start[0] + far * dx, start[1] + far * dy, -dy, dx

    def _step(self, x: float, y: float, inx: float, iny: float) -> float:
        """Return how many times brighter it is inside than outside of this point."""
        inside = outside = 0
        for off in range(1, _BESIDE + 1):
            inside += self._at(x + off * inx, y + off * iny)
            outside += self._at(x - off * inx, y - off * iny)
        return (inside + _BESIDE) / (outside + _BESIDE)

    def _at(self, x: float, y: float) -> int:
        column = min(max(int(x), 0), self._width - 1)
        return self._greys[min(max(int(y), 0), self._height - 1) * self._width + column]


def _straight(found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return offset and slope of the line through most points; (0, 0) for too few points."""
    if len(found) < _ALONG // 3:
        return 0.0, 0.0
    best: list[tuple[float, float]] = []
    third = len(found) // 3
    for far, off in found[:third]:
        for farther, other in found[-third:]:
            slope = (other - off) / (farther - far)
            near = [p for p in found if abs(p[1] - off - slope * (p[0] - far)) < _OFF]
            best = max(best, near, key=len)
    if len(best) < _ALONG // 4:
        return 0.0, 0.0
    middle = sum(far for far, _ in best) / len(best), sum(off for _, off in best) / len(best)
    spread = sum((far - middle[0]) ** 2 for far, _ in best) or 1.0
    slope = sum((far - middle[0]) * (off - middle[1]) for far, off in best) / spread
    return middle[1] - slope * middle[0], slope
