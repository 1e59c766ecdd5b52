"""Strokes of handwriting are read as a whole or refused as a whole."""

import json

import pytest
from support.each import for_each

from publicmeeting.domain.choices import InkColour
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.orders.ink import (
    DOTS_MOST,
    LINE,
    SIDE_MOST,
    WIDTH,
    Dot,
    Stroke,
    ink_text,
    read_ink,
    read_strokes,
    strokes_text,
)
from publicmeeting.media.sheets.order_sheet import MARGIN
from publicmeeting.media.sheets.order_sheet import WIDTH as SHEET

BLUE = Stroke((Dot(10, 20, 0.5), Dot(30.5, 40, 1)), InkColour.BLUE, "a1b2c3")
BLACK = Stroke((Dot(700, 250, 0),), InkColour.BLACK, "d4e5f6")


def refused(read, text: str) -> str:
    with pytest.raises(Invalid) as word:
        read(text)
    assert word.value.field == "ink"
    return word.value.key


def test_the_pad_is_as_wide_as_the_lines_of_the_sheet() -> None:
    assert WIDTH == SHEET - 2 * MARGIN


def test_strokes_come_back_in_their_order_and_colours() -> None:
    ink = read_ink(ink_text([BLUE, BLACK]))
    assert (ink.width, ink.height) == (WIDTH, 3 * LINE)
    assert [(stroke.colour, stroke.dots) for stroke in ink.strokes] == [
        (InkColour.BLUE, BLUE.dots),
        (InkColour.BLACK, BLACK.dots),
    ]
    assert read_strokes(strokes_text([BLUE, BLACK])) == (BLUE, BLACK)
    assert ink_text([]) == ""


def one_stroke(**change: object) -> str:
    stroke = {"id": "a1b2c3", "colour": "blue", "dots": [[1, 2, 0.5]], **change}
    return json.dumps([stroke])


@for_each(
    [
        {"dots": []},
        {"dots": [[1, 2, 2]]},
        {"dots": [[-1, 2, 0.5]]},
        {"dots": [[1, SIDE_MOST + 1, 0.5]]},
        {"dots": [["1", 2, 0.5]]},
        {"dots": [[True, 2, 0.5]]},
        {"dots": [[1, 2, 0.5, 4]]},
        {"dots": [[1e400, 2, 0.5]]},
        {"dots": "abc"},
        {"dots": None},
        {"colour": "green"},
        {"colour": ["blue"]},
        {"id": ""},
        {"id": "../up"},
    ]
)
def test_a_stroke_that_is_none_is_refused(change: dict[str, object]) -> None:
    assert refused(read_strokes, one_stroke(**change)) == "ink_unreadable"


@for_each(["", "{}", "[1]", "null", "x", "[" * 100_000])
def test_what_is_no_list_of_strokes_is_refused(text: str) -> None:
    assert refused(read_strokes, text) == "ink_unreadable"
    assert refused(read_ink, text) == "ink_unreadable"


def test_more_than_a_hand_writes_is_refused() -> None:
    half = Stroke(tuple(Dot(n % WIDTH, 5) for n in range(DOTS_MOST // 2)), id="a1b2c3")
    other = Stroke(half.dots, id="d4e5f6")
    assert len(read_strokes(strokes_text([half, other]))) == 2
    text = strokes_text([half, other, BLUE])
    assert refused(read_strokes, text) == "ink_too_long"
    assert refused(read_ink, ink_text([half, other, BLUE])) == "ink_too_long"
