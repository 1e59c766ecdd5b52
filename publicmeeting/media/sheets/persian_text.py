"""Persian text on images: shaping, direction and line breaks, only here.

Pillow's Raqm layout does it, but loads the system's libfribidi at first use. Without that library,
arabic-reshaper and python-bidi join and order the text, and it is drawn letter by letter; the full
Vazirmatn has a glyph for each joined form.
"""

import functools
import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

import arabic_reshaper
from bidi import get_display
from bidi.mirror import MIRRORED
from PIL import ImageDraw, ImageFont, features

FONT = Path(__file__).parents[1] / "fonts" / "Vazirmatn-Variable.ttf"

Direction = Literal["rtl", "ltr"]
Colour = str | tuple[int, int, int]

_RTL = frozenset({"R", "AL"})
_OPENING = frozenset("([{«‹<")
_BREAKS = re.compile(r"[^\S\u00a0]+")
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
_RESHAPER = arabic_reshaper.ArabicReshaper({"delete_harakat": False})
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff"), None)
_UNSEEN |= dict.fromkeys(range(0x202A, 0x202F), None) | dict.fromkeys(range(0x2066, 0x206A), None)
# Vazirmatn has the joined form of ۀ as a presentation glyph, the single one only as a letter.
_MISSING_FORMS = {0xFBA4: 0x06C0}


@dataclass(frozen=True, slots=True)
class Face:
    """Vazirmatn at a size in pixels and a weight of 400, 500, 600 or 700."""

    size: int
    weight: int = 400


class _Layout(TypedDict, total=False):
    direction: Direction
    language: str


class _Fonts(threading.local):
    """Open fonts of one thread: FreeType faces must not be shared between threads."""

    def __init__(self) -> None:
        self.faces: dict[Face, ImageFont.FreeTypeFont] = {}


_fonts = _Fonts()


@functools.cache
def has_raqm() -> bool:
    """Whether this machine can shape Persian by itself (Raqm with libfribidi)."""
    return bool(features.check("raqm"))


def direction_of(text: str) -> Direction:
    """Return rtl if one letter is right-to-left, else ltr: codes, phone numbers and hashes."""
    return "rtl" if any(unicodedata.bidirectional(c) in _RTL for c in text) else "ltr"


def draw_text(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: Face,
    fill: Colour,
    *,
    anchor: str = "rs",
    direction: Direction | None = None,
) -> None:
    """Draw one line; `at` is the right end of its baseline, or as Pillow's anchor says."""
    ready, layout = _laid_out(text, direction)
    draw.text(at, ready, font=_font(face), fill=fill, anchor=anchor, **layout)


def text_width(text: str, face: Face, direction: Direction | None = None) -> float:
    """Return the advance width, in pixels, of the line as `draw_text` draws it."""
    ready, layout = _laid_out(text, direction)
    return _font(face).getlength(ready, **layout)


def breakable(text: str) -> list[str]:
    """Return the parts between which a line may end: not at a no-break space."""
    return [part for part in _BREAKS.split(text) if part]


def wrap(text: str, face: Face, width: float) -> list[str]:
    """Break text into lines no wider than `width`; its own line ends are preserved.

    A word that is too long (a web address) is cut between whole letters.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in breakable(paragraph):
            longer = f"{line} {word}".lstrip()
            if text_width(longer, face) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _cut(word, face, width)
            lines.extend(full)
        lines.append(line)
    return lines


def _cut(word: str, face: Face, width: float) -> list[str]:
    pieces, start, last = [], 0, len(word)
    while text_width(word[start:], face) > width:
        end = last
        while end > start + 1 and text_width(word[start:end], face) > width:
            end -= 1
        while end > start + 1 and end < last and unicodedata.combining(word[end]):
            end -= 1
        pieces.append(word[start:end])
        start = end
    pieces.append(word[start:])
    if len(pieces) > 1 and direction_of(word) == "ltr":
        # On a line of its own a piece like "/that" would get the paragraph's direction.
        return [f"{_ISOLATE}{piece}{_END_ISOLATE}" for piece in pieces]
    return pieces


def _laid_out(text: str, direction: Direction | None) -> tuple[str, _Layout]:
    """Return the text and the options with which Pillow draws it correctly on this machine."""
    read_from = direction or direction_of(text)
    if has_raqm():
        return text, {"direction": read_from, "language": "fa"}
    return _reshaped(text, read_from), {}


def _reshaped(text: str, direction: Direction) -> str:
    # NFC first: heh and a hamza above it must be the one letter ۀ before joined forms are chosen.
    joined = _RESHAPER.reshape(unicodedata.normalize("NFC", text))
    ordered: str = get_display(joined, base_dir="R" if direction == "rtl" else "L")
    return _mirrored(ordered, direction).translate(_UNSEEN).translate(_MISSING_FORMS)


def _mirrored(ordered: str, direction: Direction) -> str:
    """Mirror brackets and quotes of right-to-left runs, which `get_display` leaves as typed.

    In visual order, a pair typed left to right opens first; one that closes first is from a
    right-to-left run. A bracket without a partner follows the line.
    """
    shown, waiting = list(ordered), list[int]()
    for at, sign in enumerate(ordered):
        if sign not in MIRRORED:
            continue
        if waiting and ordered[waiting[-1]] == MIRRORED[sign]:
            first = waiting.pop()
            if ordered[first] not in _OPENING:
                shown[first], shown[at] = sign, ordered[first]
        else:
            waiting.append(at)
    if direction == "rtl":
        for at in waiting:
            shown[at] = MIRRORED[ordered[at]]
    return "".join(shown)


def _font(face: Face) -> ImageFont.FreeTypeFont:
    font = _fonts.faces.get(face)
    if font is None:
        engine = ImageFont.Layout.RAQM if has_raqm() else ImageFont.Layout.BASIC
        font = ImageFont.truetype(str(FONT), face.size, layout_engine=engine)
        font.set_variation_by_axes([face.weight])
        _fonts.faces[face] = font
    return font
