"""The two slips a citizen saves on her phone: the receipt of a request and the pass of a seat.

They use the light colours, because they are forwarded, printed and shown at the entrance. Lengths
are interface pixels of a 360 px phone; `U` converts them to pixels of the picture.
"""

from dataclasses import dataclass

from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.kit.digits import persian
from publicmeeting.media.sheets.canvas import (
    BAND,
    BAND2,
    EDGE,
    GLAZE,
    GROUND,
    INK,
    INK2,
    LINE,
    ON_BAND,
    ON_BAND2,
    SHEET,
    SUNK,
    TURQUOISE,
    Canvas,
    Composed,
)
from publicmeeting.media.sheets.persian_text import Face, text_width, wrap
from publicmeeting.media.sheets.qr import draw_qr, qr_width
from publicmeeting.media.sheets.signs import (
    Icon,
    draw_done_tile,
    draw_fingerprint,
    draw_icon,
    draw_mark,
    draw_now_tile,
    draw_raw_tile,
)

U = 3
WIDTH = 360 * U
GUTTER = 16 * U
PAD = 18 * U
RIGHT = WIDTH - GUTTER - PAD
LEFT = GUTTER + PAD
RADIUS = 10 * U
LONGEST = 1800 * U

Pair = tuple[str, str]
"""A label and its value."""


_SIGNS = {
    MarkState.PAST: draw_done_tile,
    MarkState.NOW: draw_now_tile,
    MarkState.AHEAD: draw_raw_tile,
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step of the road on a receipt."""

    title: str
    when: str
    state: MarkState = MarkState.AHEAD


def new_slip() -> Canvas:
    return Canvas(WIDTH, LONGEST, GROUND)


def draw_card(canvas: Canvas, band_end: float) -> None:
    """Draw the card's band; the sheet below is drawn down to the maximum height."""
    right = WIDTH - GUTTER
    canvas.rounded((GUTTER, GUTTER, right, GUTTER + 3 * RADIUS), RADIUS, BAND)
    canvas.block((GUTTER, GUTTER + 2 * RADIUS, right, band_end), BAND)
    canvas.block((GUTTER, band_end, right, LONGEST), LINE)
    canvas.block((GUTTER + U, band_end, right - U, LONGEST), SHEET)


def close_card(canvas: Canvas, end: float) -> None:
    """Round the card's lower corners and clear the area below."""
    foot = Canvas(WIDTH, 3 * RADIUS, GROUND)
    foot.rounded((GUTTER, 0, WIDTH - GUTTER, 3 * RADIUS), RADIUS, SHEET, frame=LINE, frame_width=U)
    canvas.block((0, end - RADIUS, WIDTH, canvas.image.height), GROUND)
    canvas.lay(foot.image.crop((0, 2 * RADIUS, WIDTH, 3 * RADIUS)), (0, end - RADIUS))


def draw_band_head(canvas: Canvas, district: int, title: str, place: str) -> None:
    """Draw mark and title at the start, and the district at the end."""
    top, mark = GUTTER + 17 * U, 31 * U
    draw_mark(canvas, (RIGHT - mark, top), mark, district, TURQUOISE)
    base = top + 21 * U
    canvas.text((RIGHT - mark - 10 * U, base), title, Face(17 * U, 600), ON_BAND)
    canvas.text((LEFT, base), place, Face(16 * U), ON_BAND2, anchor="ls")


def draw_value(canvas: Canvas, at: tuple[float, float], pair: Pair, width: float) -> float:
    """Draw a label over its value, at most `width` wide; return where the next may start."""
    x, y = at
    label, value = pair
    canvas.text((x, y + 13 * U), label, Face(15 * U), INK2)
    base = canvas.paragraph(
        (x, y + 39 * U), value, Face(17 * U, 600), INK, width=width, pitch=27 * U
    )
    return base + 22 * U


def draw_code(canvas: Canvas, at: tuple[float, float], code: str, face: Face, colour: str) -> None:
    """Draw ten digits as 3, 3 and 4 from the right end of the baseline; read left to right."""
    x, y = at
    for group in (code[6:], code[3:6], code[:3]):
        x -= canvas.text((x, y), persian(group), face, colour, direction="ltr") + face.size * 0.32


def draw_holes(canvas: Canvas, y: float) -> None:
    """Draw the perforation."""
    count = 25
    step = (WIDTH - 2 * GUTTER) / count
    for number in range(count):
        x = GUTTER + step * (number + 0.5)
        canvas.rounded((x - 3.5 * U, y, x + 3.5 * U, y + 7 * U), 3.5 * U, GROUND)


def draw_road(canvas: Canvas, top: float, steps: tuple[NextStep, ...]) -> float:
    """Draw the steps in the timeline's signs; return where they end."""
    tile, middle = 26 * U, RIGHT - 15 * U
    text_right, width = RIGHT - 44 * U, RIGHT - 44 * U - LEFT
    y = top
    for number, step in enumerate(steps):
        face = Face(17 * U, 600)
        lines = wrap(step.title, face, width)
        whens = wrap(step.when, Face(15 * U), width)
        end = y + (len(lines) * 27 + len(whens) * 25 + 22) * U
        if number + 1 < len(steps):
            _draw_way(canvas, middle, (y + 30 * U, end - 3 * U), solid=step.state is MarkState.PAST)
        big = 2 * U if step.state is MarkState.NOW else 0
        box = (middle - tile / 2 - big, y - big, middle + tile / 2 + big, y + tile + big)
        _SIGNS[step.state](canvas, box, U)
        base = y + 20 * U
        colour = INK2 if step.state is MarkState.AHEAD else INK
        for line in lines:
            canvas.text((text_right, base), line, face, colour)
            base += 27 * U
        for line in whens:
            canvas.text((text_right, base - U), line, Face(15 * U), INK2)
            base += 25 * U
        y = end
    return y


def _draw_way(canvas: Canvas, x: float, between: tuple[float, float], *, solid: bool) -> None:
    start, end = between
    if solid:
        canvas.block((x - 3 * U, start - 6 * U, x + 3 * U, end + 6 * U), GLAZE)
        return
    y = start + 2 * U
    while y + 4 * U <= end:
        canvas.rounded((x - 2 * U, y, x + 2 * U, y + 4 * U), 2 * U, EDGE)
        y += 8 * U


def draw_log(canvas: Canvas, top: float, log: Pair) -> float:
    """Draw the log's state below the card, its root as tiles; return the end."""
    label, mark = log
    cell = 8 * U
    draw_fingerprint(canvas, (WIDTH - GUTTER - 8 * cell, top + 4 * U), mark, cell)
    x = WIDTH - GUTTER - 8 * cell - 12 * U
    wide = canvas.text((x, top + 16 * U), f"{label}:", Face(15 * U), INK2)
    face = Face(15 * U, 600)
    room = x - wide - 6 * U - GUTTER
    if text_width(mark, face, "ltr") <= room:
        canvas.text((x - wide - 6 * U, top + 16 * U), mark, face, INK, direction="ltr")
        return top + 26 * U
    canvas.text((x, top + 38 * U), mark, face, INK, direction="ltr")
    return top + 46 * U


_QR = 128 * U


@dataclass(frozen=True, slots=True)
class Receipt:
    """Content of a receipt; without salt and identity number (docs/turns.md 3)."""

    district: int
    title: str
    """«رسید درخواست ملاقات»."""
    place: str
    """«منطقهٔ ۶»."""
    code: Pair
    """Label and the ten ASCII digits of the tracking code."""
    values: tuple[Pair, ...]
    """Subject, date of filing, and for whom."""
    qr_text: str
    ticket: Pair
    """Label and the 64 hex digits of the ticket."""
    next_title: str
    next_steps: tuple[NextStep, ...]
    log: Pair
    """Label and the state of the log: length and beginning of the root."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Content of a pass."""

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
    """Return a PNG as wide as a phone; raises ValueError if it exceeds the maximum height."""
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
    """Return a PNG as wide as a phone; raises ValueError if it exceeds the maximum height."""
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
    """Draw values at the start, the QR code on white at the end; return where both end."""
    size = qr_width(text, _QR)
    draw_qr(canvas, (LEFT + 9 * U, top + 9 * U), text, _QR)
    y = top
    room = RIGHT - (LEFT + size + 9 * U + 22 * U)
    for pair in values:
        y = draw_value(canvas, (RIGHT, y), pair, room)
    return max(y + 4 * U, top + size + 30 * U)


def _ticket(canvas: Canvas, ticket: Pair, y: float) -> float:
    """Draw the 64 digits in four rows of four groups, each group in its own column."""
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
    """Draw the Monday's seats from right to left, with hers highlighted."""
    grout = 4 * U
    wide = (RIGHT - LEFT - grout * (seats - 1)) / seats
    for number in range(1, seats + 1):
        right = RIGHT - (number - 1) * (wide + grout)
        box = (right - wide, top, right, top + 18 * U)
        if number == seat:
            draw_now_tile(canvas, (box[0] - U, top - 4 * U, right + U, box[3] + 4 * U), U)
        else:
            canvas.rounded(box, 3 * U, BAND2)
