"""Handwriting on the order sheet: in its place and colours, above the typed text."""

import io
from dataclasses import replace

from PIL import Image
from test_sheets import SHEET, amount, opened

from publicmeeting.domain.choices import InkColour
from publicmeeting.domain.orders.ink import LINE, WIDTH, Dot, Ink, Stroke
from publicmeeting.media.sheets.canvas import PAPER_INK, PEN
from publicmeeting.media.sheets.ink import draw_ink
from publicmeeting.media.sheets.order_sheet import HEAD, MARGIN, compose_order


def line(y: float, colour: InkColour, pressure: float = 1) -> Stroke:
    return Stroke((Dot(200, y, pressure), Dot(900, y, pressure)), colour)


BOTH = Ink(WIDTH, 2 * LINE, (line(50, InkColour.BLUE), line(150, InkColour.BLACK)))


def test_each_stroke_has_its_colour_and_lies_where_it_was_written() -> None:
    bare = replace(SHEET, text="", signer=(), facts=())
    sheet = opened(compose_order(replace(bare, ink=draw_ink(BOTH))).image)
    for y, colour, other in ((50, PEN, PAPER_INK), (150, PAPER_INK, PEN)):
        band = sheet.crop((MARGIN + 200, HEAD + y - 6, MARGIN + 900, HEAD + y + 6))
        assert amount(band, colour) > 700 * 4
        assert amount(band, other) == 0


def test_a_later_stroke_lies_over_an_earlier_one() -> None:
    crossed = Ink(WIDTH, LINE, (line(50, InkColour.BLUE), line(50, InkColour.BLACK)))
    drawn = Image.open(io.BytesIO(draw_ink(crossed)))
    assert drawn.getpixel((500, 50))[:3] == tuple(bytes.fromhex(PAPER_INK[1:]))


def test_pressure_makes_the_line_wider() -> None:
    def width(pressure: float) -> int:
        ink = Ink(WIDTH, LINE, (line(50, InkColour.BLUE, pressure),))
        column = Image.open(io.BytesIO(draw_ink(ink))).getchannel("A").crop((500, 0, 501, LINE))
        return sum(value > 127 for value in column.tobytes())

    assert width(0) < width(0.5) < width(1)


def test_typed_text_stands_below_the_handwriting() -> None:
    both = compose_order(replace(SHEET, ink=draw_ink(BOTH), signer=(), facts=()))
    sheet = opened(both.image)
    between = sheet.crop((0, HEAD + 2 * LINE, sheet.width, HEAD + 4 * LINE))
    assert amount(between, PEN) > 300
