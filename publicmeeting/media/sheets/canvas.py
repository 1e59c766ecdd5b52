"""Drawing surface for sheets: smooth shapes and Persian text, in pixels from the top left.

The interface's light colours, for sheets that are saved and printed.
"""

import hashlib
import io
import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from publicmeeting.media.sheets.persian_text import Direction, Face, draw_text, text_width, wrap

Box = tuple[float, float, float, float]
"""left, top, right, bottom."""

_FINE = 4
"""Shapes are drawn this many times larger and shrunk, because Pillow draws jagged curves."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished sheet: the picture, a small JPEG for lists, and the picture's SHA-256."""

    image: bytes
    thumb: bytes
    sha256: str
    width: int
    height: int
    kind: str
    """Media type of `image`: image/png or image/jpeg."""


_COLOURS = 1 << 16
_FILLING = 8
"""Number of main colours (papers, bands, inks); all others are soft edges."""


class Canvas:
    """One picture that is being drawn. Used by one thread, for one sheet."""

    def __init__(self, width: int, height: int, ground: str, *, begins: int | None = None) -> None:
        """Begin with height `begins`, and grow up to `height` with the content.

        Long sheets are possible but rare.
        """
        self._most, self._ground = height, ground
        self.image = Image.new("RGB", (width, begins or height), ground)
        self._draw = ImageDraw.Draw(self.image)

    def block(self, box: Box, fill: str) -> None:
        """A rectangle with sharp corners; right and bottom are exclusive."""
        left, top, right, bottom = (round(side) for side in box)
        self._reach(bottom)
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=fill)

    def rounded(
        self,
        box: Box,
        radius: float,
        fill: str,
        *,
        frame: str | None = None,
        frame_width: float = 0,
    ) -> None:
        """A rectangle with round corners; the frame is inside the box."""
        if frame is not None:
            self._stamp(box, radius, frame)
            left, top, right, bottom = box
            inner = (
                left + frame_width,
                top + frame_width,
                right - frame_width,
                bottom - frame_width,
            )
            self.rounded(inner, max(radius - frame_width, 0), fill)
            return
        self._stamp(box, radius, fill)

    def dots(self, box: Box, colour: str, size: float, step: float) -> None:
        """A dotted outline, the sign of a future step."""
        left, top, right, bottom = box
        across = max(round((right - left - size) / step), 1)
        down = max(round((bottom - top - size) / step), 1)
        for i in range(across + 1):
            x = left + (right - left - size) * i / across
            self.block((x, top, x + size, top + size), colour)
            self.block((x, bottom - size, x + size, bottom), colour)
        for i in range(1, down):
            y = top + (bottom - top - size) * i / down
            self.block((left, y, left + size, y + size), colour)
            self.block((right - size, y, right, y + size), colour)

    def stroke(self, points: list[tuple[float, float]], colour: str, width: float) -> None:
        """A line through the points with mitred joins and square ends, like the icons."""
        left = min(x for x, _ in points) - width * 2
        top = min(y for _, y in points) - width * 2
        box = (
            left,
            top,
            max(x for x, _ in points) + width * 2,
            max(y for _, y in points) + width * 2,
        )
        mask = Image.new("L", _size(box), 0)
        draw = ImageDraw.Draw(mask)
        fine = [((x - round(left)) * _FINE, (y - round(top)) * _FINE) for x, y in points]
        draw.line(fine, fill=255, width=round(width * _FINE), joint="curve")
        self._paste(box, _shrunk(mask), colour)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        face: Face,
        fill: str,
        *,
        anchor: str = "rs",
        direction: Direction | None = None,
    ) -> float:
        """Draw one line from the right end of its baseline; return its width."""
        self._reach(at[1] + 2 * face.size)
        draw_text(self._draw, at, text, face, fill, anchor=anchor, direction=direction)
        return text_width(text, face, direction)

    def paragraph(
        self,
        at: tuple[float, float],
        text: str,
        face: Face,
        fill: str,
        *,
        width: float,
        pitch: float,
    ) -> float:
        """Draw wrapped lines from the first baseline down; return the last baseline."""
        x, y = at
        lines = wrap(text, face, width)
        for number, line in enumerate(lines):
            self.text((x, y + number * pitch), line, face, fill)
        return y + (len(lines) - 1) * pitch

    def lay(self, picture: Image.Image, at: tuple[float, float]) -> None:
        """Paste a picture, with its transparency if it has one."""
        place = round(at[0]), round(at[1])
        self._reach(place[1] + picture.height)
        self.image.paste(picture, place, picture if picture.mode == "RGBA" else None)

    def finish(self, height: float, *, photographic: bool) -> Composed:
        """Cut the sheet at `height` and encode it: JPEG if a photograph is on it, else PNG.

        Raises ValueError if the content exceeds the maximum height.
        """
        if height > self._most:
            raise ValueError("more than fits on the sheet")
        self._reach(height)
        cut = self.image.crop((0, 0, self.image.width, round(height)))
        out = io.BytesIO()
        if photographic:
            cut.save(out, "JPEG", quality=86, optimize=True, progressive=True)
        else:
            # Flat colours and their soft edges fit a palette, at a third of the bytes. The mayor
            # waits for this: the octree is five times as fast as the median cut, and stronger
            # compression takes six times as long for one byte in twelve.
            flat = cut.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            _exact(flat, cut)
            flat.save(out, "PNG")
        width, height = cut.size
        cut.thumbnail((360, 640), Image.Resampling.LANCZOS)
        thumb = io.BytesIO()
        cut.save(thumb, "JPEG", quality=84, optimize=True)
        data = out.getvalue()
        return Composed(
            data,
            thumb.getvalue(),
            hashlib.sha256(data).hexdigest(),
            width,
            height,
            "image/jpeg" if photographic else "image/png",
        )

    def _reach(self, bottom: float) -> None:
        """Extend the sheet if content exceeds its end, in few and large steps."""
        if bottom <= self.image.height or self.image.height >= self._most:
            return
        longer = min(max(math.ceil(bottom), 2 * self.image.height), self._most)
        image = Image.new("RGB", (self.image.width, longer), self._ground)
        image.paste(self.image)
        self.image, self._draw = image, ImageDraw.Draw(image)

    def _stamp(self, box: Box, radius: float, fill: str) -> None:
        left, top, right, bottom = box
        inside = (
            left - round(left),
            top - round(top),
            right - round(left),
            bottom - round(top),
        )
        self._paste(box, _rounded(inside, _size(box), radius), fill)

    def _paste(self, box: Box, shrunk: Image.Image, colour: str) -> None:
        self._reach(round(box[1]) + shrunk.height)
        self.image.paste(colour, (round(box[0]), round(box[1])), shrunk)


@lru_cache(64)
def _rounded(inside: Box, size: tuple[int, int], radius: float) -> Image.Image:
    """Cached, because mark and fingerprint use the same few tiles on every sheet."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(_times(inside), radius * _FINE, fill=255)
    return _shrunk(mask)


def _shrunk(mask: Image.Image) -> Image.Image:
    return mask.resize((mask.width // _FINE, mask.height // _FINE), Image.Resampling.BOX)


def _size(box: Box) -> tuple[int, int]:
    left, top, right, bottom = box
    across, down = round(right) - round(left) + 1, round(bottom) - round(top) + 1
    return max(across, 1) * _FINE, max(down, 1) * _FINE


def _times(box: Box) -> Box:
    left, top, right, bottom = box
    return left * _FINE, top * _FINE, right * _FINE - 1, bottom * _FINE - 1


def _exact(flat: Image.Image, cut: Image.Image) -> None:
    """Restore the main colours exactly; the octree is off by one."""
    palette = flat.getpalette() or []
    left = {at: tuple(palette[at : at + 3]) for at in range(0, len(palette), 3)}
    # A buffer for a colour of each pixel costs more than counting; a drawn sheet has few colours.
    counted = cut.getcolors(_COLOURS) or cut.getcolors(cut.width * cut.height) or []
    for _, colour in sorted(counted, reverse=True)[:_FILLING]:
        assert isinstance(colour, tuple)
        nearest = min(left, key=lambda at: _distance(left[at], colour))
        del left[nearest]  # of two colours with the same entry, the more frequent gets it
        palette[nearest : nearest + 3] = colour
    flat.putpalette(palette)


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


PAPER = "#FFFEFA"
PAPER_LINE = "#D8D0BC"
PAPER_INK = "#1B2724"
PEN = "#23419A"

GROUND = "#F1EEE5"
SHEET = "#FFFDF8"
SUNK = "#E6E1D4"
INK = "#1B2724"
INK2 = "#4B5853"
LINE = "#D3CCBB"
EDGE = "#7C7867"

GLAZE = "#0B5E5A"
GLAZE_EDGE = "#06403D"
ON_GLAZE = "#FFFDF8"
BAND = "#073F3E"
BAND2 = "#0F5653"
ON_BAND = "#FFFDF8"
ON_BAND2 = "#BCD6CF"
TURQUOISE = "#3FA79A"
SAFFRON = "#EBA417"
SAFFRON_EDGE = "#B97A05"
WHITE = "#FFFFFF"

SCALE = ("#D5E6DF", "#9CCBC0", "#4E9F95", "#0B5E5A", "#06393A")
"""s1 to s5, from little to much."""
