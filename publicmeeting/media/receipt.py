"""The two slips a citizen saves on her phone: the receipt of a request and the pass of a seat.

They keep the light colours: they are sent on, printed, and shown at a door.
"""

from dataclasses import dataclass

from publicmeeting.media.canvas import Canvas, Composed
from publicmeeting.media.icons import Icon, draw_icon
from publicmeeting.media.palette import BAND2, GLAZE, INK, INK2, ON_BAND, ON_BAND2, SUNK
from publicmeeting.media.persian_text import Face
from publicmeeting.media.qr import draw_qr, qr_width
from publicmeeting.media.slip import (
    LEFT,
    RIGHT,
    NextStep,
    Pair,
    U,
    close_card,
    draw_band_head,
    draw_card,
    draw_code,
    draw_holes,
    draw_log,
    draw_road,
    draw_value,
    new_slip,
)
from publicmeeting.media.tiles import draw_now_tile

_QR = 128 * U


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; never the salt or the identity number (docs/turns.md 3)."""

    district: int
    title: str
    """«رسید درخواست ملاقات»."""
    place: str
    """«منطقهٔ ۶»."""
    code: Pair
    """Label and the ten ASCII digits of the tracking code."""
    values: tuple[Pair, ...]
    """Subject, when it was filed, for whom."""
    qr_text: str
    ticket: Pair
    """Label and the 64 hex digits of the ticket."""
    next_title: str
    next_steps: tuple[NextStep, ...]
    log: Pair
    """Label and the first eight characters of the log's newest hash."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass says."""

    district: int
    title: str
    place: str
    weekday: str
    date: str
    time: Pair
    """Label and the time, «۹:۴۵»."""
    seat: int
    seats: int
    seat_line: str
    """«نفر ۷ از ۱۲ نفر این دوشنبه»."""
    values: tuple[Pair, ...]
    """Name and masked identity number."""
    qr_text: str
    code: Pair
    notes: tuple[tuple[Icon, str], ...]
    """Where to go and what to bring."""
    log: Pair


def compose_receipt(receipt: Receipt) -> Composed:
    """A PNG as wide as a phone; ValueError when it would not end."""
    canvas = new_slip()
    band = 172 * U
    draw_card(canvas, band)
    draw_band_head(canvas, receipt.district, receipt.title, receipt.place)
    label, code = receipt.code
    canvas.text((RIGHT, 94 * U), label, Face(16 * U), ON_BAND2)
    draw_code(canvas, (RIGHT, 144 * U), code, Face(40 * U, 700), ON_BAND)
    y = _values_and_qr(canvas, receipt.values, receipt.qr_text, band + 20 * U)
    y = _ticket(canvas, receipt.ticket, y)
    draw_holes(canvas, y + 10 * U)
    canvas.text((RIGHT, y + 58 * U), receipt.next_title, Face(20 * U, 700), INK)
    y = draw_road(canvas, y + 78 * U, receipt.next_steps) + 6 * U
    close_card(canvas, y)
    return canvas.finish(draw_log(canvas, y + 16 * U, receipt.log) + 16 * U, photographic=False)


def compose_pass(slip: Pass) -> Composed:
    """A PNG as wide as a phone; ValueError when it would not end."""
    canvas = new_slip()
    band = 246 * U
    draw_card(canvas, band)
    draw_band_head(canvas, slip.district, slip.title, slip.place)
    label, time = slip.time
    canvas.text((RIGHT, 96 * U), slip.weekday, Face(16 * U), ON_BAND2)
    canvas.text((RIGHT, 139 * U), slip.date, Face(25 * U, 700), ON_BAND)
    canvas.text((LEFT, 96 * U), label, Face(16 * U), ON_BAND2, anchor="ls")
    canvas.text((LEFT, 146 * U), time, Face(44 * U, 700), ON_BAND, anchor="ls", direction="ltr")
    _seats(canvas, slip.seat, slip.seats, 172 * U)
    canvas.text((RIGHT, 222 * U), slip.seat_line, Face(16 * U), ON_BAND2)
    y = _values_and_qr(canvas, slip.values, slip.qr_text, band + 20 * U)
    label, code = slip.code
    canvas.text((RIGHT, y + 13 * U), label, Face(15 * U), INK2)
    draw_code(canvas, (RIGHT, y + 47 * U), code, Face(25 * U, 700), INK)
    draw_holes(canvas, y + 72 * U)
    y += 96 * U
    for icon, note in slip.notes:
        draw_icon(canvas, (RIGHT - 22 * U, y + 2 * U), icon, 22 * U, GLAZE)
        base = canvas.paragraph(
            (RIGHT - 34 * U, y + 20 * U),
            note,
            Face(16 * U),
            INK,
            width=RIGHT - 34 * U - LEFT,
            pitch=29 * U,
        )
        y = base + 17 * U
    y += 4 * U
    close_card(canvas, y)
    return canvas.finish(draw_log(canvas, y + 16 * U, slip.log) + 16 * U, photographic=False)


def _values_and_qr(canvas: Canvas, values: tuple[Pair, ...], text: str, top: float) -> float:
    """Values at the start, the code on pure white at the end; returns where both are done."""
    size = qr_width(text, _QR)
    draw_qr(canvas, (LEFT + 9 * U, top + 9 * U), text, _QR)
    y = top
    room = RIGHT - (LEFT + size + 9 * U + 22 * U)
    for pair in values:
        y = draw_value(canvas, (RIGHT, y), pair, room)
    return max(y + 4 * U, top + size + 30 * U)


def _ticket(canvas: Canvas, ticket: Pair, y: float) -> float:
    """The 64 digits in four rows of four groups, each group at its own place."""
    label, digits = ticket
    canvas.text((RIGHT, y + 13 * U), label, Face(15 * U), INK2)
    top = y + 24 * U
    canvas.rounded((LEFT, top, RIGHT, top + 104 * U), 6 * U, SUNK)
    groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    column = (RIGHT - LEFT - 24 * U) / 4
    for number, group in enumerate(groups):
        x = LEFT + 12 * U + (number % 4 + 0.5) * column
        base = top + (26 + number // 4 * 22) * U
        canvas.text((x, base), group, Face(15 * U, 500), INK, anchor="ms", direction="ltr")
    return top + 104 * U + 6 * U


def _seats(canvas: Canvas, seat: int, seats: int, top: float) -> None:
    """The Monday's seats from right to left, hers lit."""
    grout = 4 * U
    wide = (RIGHT - LEFT - grout * (seats - 1)) / seats
    for number in range(1, seats + 1):
        right = RIGHT - (number - 1) * (wide + grout)
        box = (right - wide, top, right, top + 18 * U)
        if number == seat:
            draw_now_tile(canvas, (box[0] - U, top - 4 * U, right + U, box[3] + 4 * U), U)
        else:
            canvas.rounded(box, 3 * U, BAND2)
