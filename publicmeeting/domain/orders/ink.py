"""Pen strokes as they are sent and stored: in pixels of the sheet's lines, from the top left.

Whatever screen they were written on, the lines are `WIDTH` pixels wide: what was seen is what the
composed sheet shows.
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
"""From one ruled line to the next."""
SIDE_MOST = 25 * LINE
DOTS_MOST = 40_000
"""About three full sheets of a dense hand."""
STROKES_MOST = 6000
_ID = re.compile("[0-9a-z]{6,32}")


class Dot(NamedTuple):
    """Where the pen was, and how hard it pressed, 0 to 1."""

    x: float
    y: float
    pressure: float = 0.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """From the pen's touch to its lifting. `id` is the browser's: sent twice it is stored once."""

    dots: tuple[Dot, ...]
    colour: InkColour = InkColour.BLUE
    id: str = ""


@dataclass(frozen=True, slots=True)
class Ink:
    """All strokes of a sheet, in the order in which they were written."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]


def ink_text(strokes: Iterable[Stroke]) -> str:
    """The strokes of a sheet as JSON, as high as the lines they fill; empty without any.

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
    """The strokes again; Invalid `ink_unreadable` for what is none, `ink_too_long` for too many."""
    try:
        sent = json.loads(text)
        width, height = int(sent["width"]), int(sent["height"])
        strokes = tuple(_stroke(one, width, height) for one in _list(sent["strokes"]))
    except _BROKEN:
        raise _unreadable() from None
    if not strokes or not 0 < min(width, height) <= max(width, height) <= SIDE_MOST:
        raise _unreadable()
    _check_amount(strokes)
    return Ink(width, height, strokes)


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """A list of strokes with their ids, as the pad sends and the draft keeps them.

    Raises what `read_ink` raises.
    """
    try:
        strokes = tuple(_stroke(one, WIDTH, SIDE_MOST) for one in _list(json.loads(text)))
    except _BROKEN:
        raise _unreadable() from None
    if not all(_ID.fullmatch(stroke.id) for stroke in strokes):
        raise _unreadable()
    _check_amount(strokes)
    return strokes


def strokes_text(strokes: Iterable[Stroke]) -> str:
    """The other way round."""
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
