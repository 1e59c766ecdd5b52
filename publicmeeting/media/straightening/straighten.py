"""Turns a photographed paper into a scan: straight, evenly lit, ink on white."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageFilter, ImageMath

from publicmeeting.media.intake.photo import open_picture
from publicmeeting.media.straightening.perspective import Point, checked, perspective, sheet_ratio

SIDE = 1600
"""Maximum length of the longer side, in pixels."""
_READ = 2400
_LEAST = 40
_A_SERIES = math.sqrt(2)
_NEARLY = 0.07
"""Tolerance for the sides of an A-series sheet, as a share."""
_NARROWEST = 8.0
_INSIDE = 0.004
_LIGHT = 72
"""Side of the small copy that shows only the light on the paper, in pixels."""
_WHITE = 0.84
"""Share of the paper's brightness above which a pixel is paper."""
_DARKEST, _PALEST = 0.05, 0.55
"""Range in which the darkest ink is searched."""
_INK = 0.006
"""Minimum share of the sheet that is ink."""


def straightened(data: bytes, corners: Sequence[Sequence[float]]) -> bytes:
    """Return a JPEG of the sheet between these corners (see `perspective`).

    Raises what `checked` and `open_picture` raise.
    """
    four = checked(corners)
    picture = open_picture(data, side=_READ)
    seen = [(x * picture.width, y * picture.height) for x, y in four]
    sheet = _cleaned(_flattened(picture, seen))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    return out.getvalue()


def _flattened(picture: Image.Image, seen: Sequence[Point]) -> Image.Image:
    width, height = _size(seen, picture.size)
    shrink = min(SIDE / max(width, height), 1.0)
    if shrink < 1:  # a transform reads single pixels; shrinking first preserves thin strokes
        size = round(picture.width * shrink), round(picture.height * shrink)
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        seen = [(x * shrink, y * shrink) for x, y in seen]
    size = max(round(width * shrink), _LEAST), max(round(height * shrink), _LEAST)
    # Cut slightly inside the corners: the background would become a dark frame.
    out = -_INSIDE * max(size)
    right, bottom = size[0] - out, size[1] - out
    numbers = perspective([(out, out), (right, out), (right, bottom), (out, bottom)], seen)
    return picture.transform(
        size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor="white"
    )


def _size(seen: Sequence[Point], picture: tuple[int, int]) -> tuple[float, float]:
    """Return the size of the flat sheet, at the resolution of its nearer edges."""
    a, b, c, d = seen
    width = max(math.dist(a, b), math.dist(d, c))
    height = max(math.dist(a, d), math.dist(b, c))
    ratio = min(max(sheet_ratio(seen, picture), 1 / _NARROWEST), _NARROWEST)
    for series in (_A_SERIES, 1 / _A_SERIES):
        if abs(ratio / series - 1) < _NEARLY:
            ratio = series
    return max(width, height * ratio), max(height, width / ratio)


def _cleaned(sheet: Image.Image) -> Image.Image:
    """Divide each colour by the light at its place: paper becomes white, ink keeps its colour."""
    bands = [_evened(band) for band in sheet.split()]
    darkest = bands[0]
    for band in bands[1:]:
        darkest = ImageMath.lambda_eval(lambda of: of["min"](of["a"], of["b"]), a=darkest, b=band)
    ink = _ink(darkest)
    return Image.merge("RGB", [_stretched(band, ink) for band in bands])


def _evened(band: Image.Image) -> Image.Image:
    """Return the band as shares of the paper's brightness nearby, as floats."""
    scale = _LIGHT / max(band.size)
    small = band.resize(
        (max(round(band.width * scale), 3), max(round(band.height * scale), 3)),
        Image.Resampling.BOX,
    )
    # The brighter pixels of a neighbourhood are paper, unless it is fully written.
    light = small.filter(ImageFilter.RankFilter(7, 38)).filter(ImageFilter.GaussianBlur(3))
    light = light.resize(band.size, Image.Resampling.BICUBIC)
    evened: Image.Image = ImageMath.lambda_eval(
        lambda of: of["float"](of["band"]) / of["max"](of["float"](of["light"]), 16.0),
        band=band,
        light=light,
    )
    return evened


def _ink(darkest: Image.Image) -> float:
    """Return how dark the ink is; a pencil is stretched further than a pen."""
    grey = _bytes(darkest, 0.0, 1.0)
    counts, seen = grey.histogram(), 0
    enough = _INK * grey.width * grey.height
    for value, count in enumerate(counts):
        seen += count
        if seen >= enough:
            return min(max(value / 255, _DARKEST), _PALEST)
    return _PALEST


def _stretched(band: Image.Image, ink: float) -> Image.Image:
    return _bytes(band, ink * 0.8, _WHITE)


def _bytes(band: Image.Image, black: float, white: float) -> Image.Image:
    scale = 255 / (white - black)
    # Converting clips values outside.
    return band.point(lambda value: value * scale - black * scale).convert("L")
