"""From a picture of writing to the way a pen may have gone: its lines thinned and followed."""

from collections.abc import Iterator

from PIL import Image, ImageFilter

from publicmeeting.domain.orders.ink import Dot

Pixel = tuple[int, int]
_AROUND = ((0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1))
"""The eight neighbours, clockwise from the one above."""
_THICKEST = 6
_EVERY = 3
"""Of so many pixels on the way one becomes a dot: a hand is smoother than a grid."""
_SHORTEST = 3
"""A shorter way is a hair on another line, unless it stands alone: then it is a point."""


def traced(ink: Image.Image, width: float) -> list[list[Dot]]:
    """Strokes of a grey picture, white on black, in its own pixels; `width` is that of the line at
    full pressure, and the thickness of the writing becomes the pressure."""
    sharp = ink.point([255 * (value > 127) for value in range(256)])  # noqa: PLR2004 (half)
    thick = _thickness(sharp)
    lines = _thinned(set(thick))
    return [
        _smooth([Dot(x, y, _pressure(thick[x, y], width)) for x, y in _spaced(way)])
        for way in _followed(lines)
        if len(way) >= _SHORTEST or not any(set(_beside(one, lines)) - set(way) for one in way)
    ]


def _thickness(sharp: Image.Image) -> dict[Pixel, int]:
    """How many times a pixel outlives the writing being made thinner by one all around."""
    depth: dict[Pixel, int] = {}
    for _ in range(_THICKEST):
        box = sharp.getbbox()
        if box is None:
            break
        left, top, right, _ = box
        data = sharp.crop(box).tobytes()
        across = right - left
        for at, value in enumerate(data):
            if value:
                pixel = left + at % across, top + at // across
                depth[pixel] = depth.get(pixel, 0) + 1
        sharp = sharp.filter(ImageFilter.MinFilter(3))
    return depth


def _pressure(depth: int, width: float) -> float:
    wide = 2 * depth - 1
    return round(min(max((wide / width - 0.35) / 0.65, 0.05), 1), 2)


def _thinned(pixels: set[Pixel]) -> set[Pixel]:
    """Lines of one pixel (Zhang and Suen, 1984)."""
    edge = set(pixels)
    while edge:
        changed: set[Pixel] = set()
        for sides in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            gone = {pixel for pixel in edge if pixel in pixels and _is_spare(pixel, pixels, sides)}
            pixels -= gone
            changed |= gone
            edge = {near for pixel in edge | gone for near in _beside(pixel, pixels)} | (
                edge & pixels
            )
        edge = {near for pixel in changed for near in _beside(pixel, pixels)}
    return pixels


def _is_spare(
    pixel: Pixel, pixels: set[Pixel], sides: tuple[tuple[int, int, int], tuple[int, int, int]]
) -> bool:
    x, y = pixel
    ring = [(x + dx, y + dy) in pixels for dx, dy in _AROUND]
    turns = sum(not here and there for here, there in zip(ring, ring[1:] + ring[:1], strict=True))
    open_ = all(not all(ring[one] for one in three) for three in sides)
    return turns == 1 and 2 <= sum(ring) <= 6 and open_  # noqa: PLR2004 (of eight neighbours)


def _beside(pixel: Pixel, pixels: set[Pixel]) -> Iterator[Pixel]:
    x, y = pixel
    return (near for dx, dy in _AROUND if (near := (x + dx, y + dy)) in pixels)


def _followed(pixels: set[Pixel]) -> list[list[Pixel]]:
    """Every line from one of its ends, the rightmost first, as Persian is written."""
    left = set(pixels)
    ways = []
    ends = [one for one in pixels if sum(1 for _ in _beside(one, pixels)) == 1]
    for start in sorted(ends, reverse=True) + sorted(pixels, reverse=True):
        if start not in left:
            continue
        way = [start]
        left.discard(start)
        while near := sorted(_beside(way[-1], left), key=lambda one: _bend(way, one)):
            way.append(near[0])
            left.discard(near[0])
        ways.append(way)
    return ways


def _bend(way: list[Pixel], there: Pixel) -> float:
    """How far from straight on: where lines cross a pen goes straight."""
    back = way[-4] if len(way) > 3 else way[0]  # noqa: PLR2004 (a short way back)
    here = way[-1]
    dx, dy = here[0] - back[0], here[1] - back[1]
    return -(dx * (there[0] - here[0]) + dy * (there[1] - here[1]))


def _smooth(dots: list[Dot]) -> list[Dot]:
    """Each between its neighbours; both ends stay."""
    inner = [
        Dot(*(round((a + 2 * b + c) / 4, 2) for a, b, c in zip(*three, strict=True)))
        for three in zip(dots, dots[1:], dots[2:], strict=False)
    ]
    return [*dots[:1], *inner, *dots[1:][-1:]]


def _spaced(way: list[Pixel]) -> list[Pixel]:
    return [*way[:-1:_EVERY], way[-1]]
