"""A pretend hand for the demo: an order written on paper, photographed. No person writes so."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont

from publicmeeting.domain.orders.ink import LINE, WIDTH, Stroke, ink_text
from publicmeeting.media.darkroom import (
    Size,
    chance_of,
    laid_down,
    masked,
    noise,
    photographed,
    shaded,
    surface,
)
from publicmeeting.media.ink import NIB, inked
from publicmeeting.media.persian_text import Face, draw_text, has_raqm, text_width
from publicmeeting.media.perspective import Point
from publicmeeting.media.signatures import scrawl
from publicmeeting.media.tracing import traced

_HAND = Path(__file__).parent / "fonts" / "NotoNastaliqUrdu-Arabic.woff2"
_WIDTH = 1500
_MARGIN = 120
_SIZE, _PITCH, _FIRST = 104, 190, 190
"""Letter size, distance of the lines, and the first line from the top, in pixels."""
_INSIDE = _WIDTH - 2 * _MARGIN
_INK_SIZE = 62
"""Letter size on the screen's ruled lines."""
_NAME = (560, 290)
_PEN = (30, 58, 140)
_STOPS = ".:"
"""Signs the hand's font lacks; they are set as dots of the pen."""


class _Word(NamedTuple):
    picture: Image.Image
    stop: str
    gap: float
    """Room left of it."""


def demo_paper(lines: Sequence[str], seed: int) -> bytes:
    """A JPEG: a sheet with these lines in a fountain pen's hand and a signature, photographed.

    A line too long for the sheet goes on in the next; the sheet is as long as it must be.
    """
    rng = chance_of(seed, "paper")
    rows = _rows(rng, lines)
    size = _WIDTH, max(_FIRST + len(rows) * _PITCH + _NAME[1] - 60, _WIDTH * 3 // 4)
    ink = Image.new("L", size, 0)
    for number, row in enumerate(rows):
        start = _WIDTH - _MARGIN - rng.uniform(0, 24), float(_FIRST + number * _PITCH)
        _write(rng, ink, row, start)
    ink = _wavering(rng, ink)
    sheet = _blank_sheet(rng, size)
    # A pen that runs a little dry here and there.
    flow = noise(rng, size, 24).point([min(170 + v // 2, 255) for v in range(256)])
    sheet.paste(Image.new("RGB", size, _PEN), mask=ImageChops.multiply(ink, flow))
    name = inked(scrawl(seed, *_NAME), _NAME, width=8, colour="#1E3A8C")
    sheet.paste(name, (round(rng.uniform(110, 200)), size[1] - _NAME[1] - 30), name)
    return photographed(rng, _on_the_desk(rng, sheet), sharp=0.6)


def demo_ink(lines: Sequence[str], seed: int) -> str:
    """The same hand with a pen on the screen: strokes as `domain.orders.ink` reads them."""
    rng = chance_of(seed, "ink")
    strokes: list[Stroke] = []
    for number, row in enumerate(_rows(rng, lines, _INK_SIZE, WIDTH)):
        picture = Image.new("L", (WIDTH, 3 * LINE), 0)
        _write(rng, picture, row, (WIDTH - 20.0, 1.55 * LINE), _INK_SIZE)
        down = (number - 0.6) * LINE
        for dots in traced(picture, NIB):
            moved = [dot._replace(y=round(dot.y + down, 1)) for dot in dots]
            if all(0 <= dot.x <= WIDTH and dot.y >= 0 for dot in moved):
                strokes.append(Stroke(tuple(moved)))
    return ink_text(strokes)


def _rows(
    rng: random.Random, lines: Sequence[str], size: int = _SIZE, width: float = _INSIDE
) -> list[list[_Word]]:
    """The words as pictures, broken into rows as a hand would."""
    hands, rows = _hands(size), list[list[_Word]]()
    for line in lines:
        row: list[_Word] = []
        room = width - 24.0
        for word in line.split():
            stop = word[-1] if word[-1] in _STOPS else ""
            picture = _word(rng, word.rstrip(_STOPS), rng.choice(hands), size)
            done = _Word(picture, stop, size * rng.uniform(0.12, 0.24) + (16 if stop else 0))
            if row and room < picture.width:
                rows.append(row)
                row, room = [], width - 24.0
            row.append(done)
            room -= picture.width + done.gap
        rows.append(row)
    return rows


def _write(
    rng: random.Random, ink: Image.Image, row: Sequence[_Word], at: Point, size: int = _SIZE
) -> None:
    """Word after word from the right, not quite level."""
    x, y = at
    slope = rng.gauss(0.012, 0.006)
    for word in row:
        x -= word.picture.width
        base = y + (at[0] - x) * slope + rng.gauss(0, size * 0.03)
        place = round(x), round(base - word.picture.height / 2)
        right, bottom = place[0] + word.picture.width, place[1] + word.picture.height
        # Two words that touch must not look printed over each other: the darker ink wins.
        under = ink.crop((*place, right, bottom))
        ink.paste(ImageChops.lighter(under, word.picture), place)
        if word.stop:
            dot, middle = size * 0.055, base + size * 0.42
            draw = ImageDraw.Draw(ink)
            for high in (middle,) if word.stop == "." else (middle, middle - size * 0.3):
                draw.ellipse((x - dot - 6, high - dot, x + dot - 6, high + dot), fill=245)
        x -= word.gap


def _word(
    rng: random.Random, word: str, hand: ImageFont.FreeTypeFont | None, size: int
) -> Image.Image:
    """One word in grey on black, its baseline at a fixed height of the picture."""
    if hand is None:
        width = text_width(word, Face(size, 500))
        picture = Image.new("L", (round(width) + 8, size * 3), 0)
        at = picture.width - 4, size * 1.8
        draw_text(ImageDraw.Draw(picture), at, word, Face(size, 500), "white")
        return picture
    left, top, right, bottom = hand.getbbox(word, anchor="ls", direction="rtl", language="fa")
    half = max(-top, bottom) + size // 2
    picture = Image.new("L", (round(right - left) + 8, round(half * 2)), 0)
    ImageDraw.Draw(picture).text(
        (4 - left, half + size * 0.3),
        word,
        font=hand,
        fill=250,
        anchor="ls",
        direction="rtl",
        language="fa",
    )
    return picture.rotate(rng.gauss(0.6, 1.1), Image.Resampling.BICUBIC)


def _hands(size: int) -> list[ImageFont.FreeTypeFont | None]:
    """The hand in three sizes, opened anew for each page: fonts are not shared between threads.

    It needs the system's layout library; without it Vazirmatn stands in (None).
    """
    if not has_raqm():
        return [None]
    return [
        ImageFont.truetype(str(_HAND), round(size * scale), layout_engine=ImageFont.Layout.RAQM)
        for scale in (0.95, 1.0, 1.05)
    ]


def _wavering(rng: random.Random, ink: Image.Image) -> Image.Image:
    """Bend the whole page a little, so that no letter is written twice alike."""
    step = 60
    across, down = ink.width // step, ink.height // step
    shift = [
        [(rng.gauss(0, 2.6), rng.gauss(0, 2.6)) for _ in range(across + 2)] for _ in range(down + 2)
    ]
    mesh = []
    for row in range(down + 1):
        for column in range(across + 1):
            x, y = column * step, row * step
            quad: list[float] = []
            for a, b in ((0, 0), (0, 1), (1, 1), (1, 0)):
                move = shift[row + b][column + a]
                quad += [x + a * step + move[0], y + b * step + move[1]]
            mesh.append(((x, y, x + step, y + step), tuple(quad)))
    return ink.transform(ink.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _blank_sheet(rng: random.Random, size: Size) -> Image.Image:
    """Office paper with faint rules and a fold down the middle."""
    sheet = surface(rng, size, (234, 231, 223), (250, 248, 243), cell=700, grit=0.55)
    draw = ImageDraw.Draw(sheet)
    for y in range(_FIRST + 74, size[1] - 60, _PITCH):
        draw.line((80, y, _WIDTH - 80, y), fill=(208, 208, 208), width=2)
    fold = rng.uniform(0.46, 0.54) * _WIDTH
    crease = [(fold, 0.0), (fold + 5, size[1]), (fold + 30, size[1]), (fold + 25, 0.0)]
    return shaded(sheet, masked(size, crease, soft=9), 0.1)


def _on_the_desk(rng: random.Random, sheet: Image.Image) -> Image.Image:
    """Held slightly askew over a desk, with the writer's shadow from one side."""
    width, height = seen_size = round(sheet.width * 0.86), round(sheet.height * 0.86)
    dark, light = rng.choice((((86, 60, 40), (140, 102, 70)), ((70, 74, 78), (120, 124, 128))))
    desk = surface(rng, seen_size, dark, light, cell=340, grit=0.3)
    corners = [
        (rng.uniform(8, 40), rng.uniform(8, 34)),
        (width - rng.uniform(8, 40), rng.uniform(8, 34)),
        (width + rng.uniform(-14, 20), height - rng.uniform(-40, 20)),
        (-rng.uniform(-14, 20), height - rng.uniform(-40, 20)),
    ]
    seen = laid_down(sheet, corners, seen_size)
    desk.paste(seen, mask=seen.getchannel("A"))
    side = rng.choice((0, width))
    top, foot = abs(side - width * 0.3), abs(side - width * 0.62)
    shade = [(side, 0.0), (top, 0.0), (foot, height), (side, height)]
    return shaded(desk, masked(seen_size, shade, soft=120), 0.16)
