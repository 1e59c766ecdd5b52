"""Pen strokes as sent and stored, in pixels of the sheet's ruled area, origin top left.

The ruled area is always `WIDTH` pixels wide, whatever the screen, so the composed sheet shows what
the mayor saw.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from publicmeeting.domain.choices import InkColour
from publicmeeting.domain.errors import Invalid

WIDTH = 1072
LINE = 96
"""Distance between two ruled lines, in pixels."""
SIDE_MOST = 25 * LINE
DOTS_MOST = 40_000
"""About three full sheets of dense handwriting."""
STROKES_MOST = 6000
_ID = re.compile("[0-9a-z]{6,32}")


class Dot(NamedTuple):
    """Position of the pen, and its pressure from 0 to 1."""

    x: float
    y: float
    pressure: float = 0.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke from pen-down to pen-up.

    The browser chooses `id`, so that a repeated stroke is stored once.
    """

    dots: tuple[Dot, ...]
    colour: InkColour = InkColour.BLUE
    id: str = ""


@dataclass(frozen=True, slots=True)
class Ink:
    """All strokes of a sheet, in writing order."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]


def ink_text(strokes: Iterable[Stroke]) -> str:
    """Return the strokes as JSON, with the height of the lines they fill; empty without strokes.

    `{"width": 1072, "height": 192, "strokes": [{"colour": "blue", "dots": [[x, y, pressure]]}]}`
    """
    every = tuple(strokes)
    if not every:
        return ""
    lowest = max(dot.y for stroke in every for dot in stroke.dots)
    height = min((math.floor(lowest / LINE) + 1) * LINE, SIDE_MOST)
    written = [
        {"colour": stroke.colour.value, "dots": [list(dot) for dot in stroke.dots]}
        for stroke in every
    ]
    return _text({"width": WIDTH, "height": height, "strokes": written})


def read_ink(text: str) -> Ink:
    """Parse the JSON of `ink_text`; raises Invalid `ink_unreadable` or `ink_too_long`."""
    try:
        sent = json.loads(text)
        width, height = int(sent["width"]), int(sent["height"])
        strokes = tuple(_stroke(stroke, width, height) for stroke in _list(sent["strokes"]))
    except _BROKEN:
        raise _unreadable() from None
    if not strokes or not 0 < min(width, height) <= max(width, height) <= SIDE_MOST:
        raise _unreadable()
    _check_amount(strokes)
    return Ink(width, height, strokes)


def is_stroke_id(text: str) -> bool:
    """Return whether it has the form of a stroke's id."""
    return _ID.fullmatch(text) is not None


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """Parse a list of strokes with their ids, as the pad sends and the draft stores them.

    Raises the same as `read_ink`.
    """
    try:
        strokes = tuple(_stroke(stroke, WIDTH, SIDE_MOST) for stroke in _list(json.loads(text)))
    except _BROKEN:
        raise _unreadable() from None
    if not all(is_stroke_id(stroke.id) for stroke in strokes):
        raise _unreadable()
    _check_amount(strokes)
    return strokes


def strokes_text(strokes: Iterable[Stroke]) -> str:
    """Return the JSON that `read_strokes` parses."""
    return _text(
        [
            {
                "id": stroke.id,
                "colour": stroke.colour.value,
                "dots": [list(dot) for dot in stroke.dots],
            }
            for stroke in strokes
        ]
    )


_BROKEN = (ValueError, TypeError, KeyError, OverflowError, RecursionError)


def _list(sent: object) -> list[object]:
    if not isinstance(sent, list):
        raise TypeError
    return sent


def _stroke(sent: object, width: int, height: int) -> Stroke:
    if not isinstance(sent, dict):
        raise TypeError
    dots = tuple(Dot(*map(_number, dot)) for dot in sent["dots"])
    sound = all(
        0 <= dot.x <= width and 0 <= dot.y <= height and 0 <= dot.pressure <= 1 for dot in dots
    )
    if not dots or not sound:
        raise ValueError
    return Stroke(dots, InkColour(sent["colour"]), str(sent.get("id", "")))


def _number(sent: object) -> float:
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise TypeError
    return sent


def _check_amount(strokes: tuple[Stroke, ...]) -> None:
    if len(strokes) > STROKES_MOST or sum(len(stroke.dots) for stroke in strokes) > DOTS_MOST:
        raise Invalid("ink_too_long", field="ink")


def _unreadable() -> Invalid:
    return Invalid("ink_unreadable", field="ink")


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
