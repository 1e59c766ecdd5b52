"""The list of a Monday as a PDF: A4 landscape, right to left, with searchable text.

It is printed the evening before or at any time, so that a Monday can be held without network,
server or power. HarfBuzz shapes the letters. Lengths are millimetres, type sizes are points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from publicmeeting.kit.digits import persian
from publicmeeting.media.sheets.persian_text import breakable

_FONTS = Path(__file__).parents[1] / "fonts"
_FACES: tuple[tuple[Literal["", "B"], str], ...] = (
    ("", "Vazirmatn-Regular.ttf"),
    ("B", "Vazirmatn-Bold.ttf"),
)
_NAME = "Vazirmatn"
_WIDTH, _HEIGHT, _MARGIN = 297.0, 210.0, 10.0
_END = _HEIGHT - 15.0
"""Lower end of the rows; the footer is below."""
_RIGHT = _WIDTH - _MARGIN
_POINT = 25.4 / 72
_PITCH = 1.5
"""Line height in type sizes: Persian has long descenders."""
_PAD = 1.4
_MIDDLE = 0.3
"""Distance of a cell's baseline below its middle, in type sizes."""
_LEAST_ROW = 10.4
"""Minimum row height, for handwriting."""
_BOX = 4.4
_ROWS_OF_A_PAGE = 14
"""Usual number of seats on a page; most lists are then drawn once."""
_INK, _INK2, _LINE, _HEAD = (27, 39, 36), (75, 88, 83), (124, 120, 103), (230, 225, 212)
_BODY, _SMALL, _TITLE = 10.0, 8.5, 15.0


@dataclass(frozen=True, slots=True)
class ListLine:
    """One seat of the day; `boxes` are ticked for what the system knows already.

    Order of boxes: came, first call, second call, absent.
    """

    number: str
    time: str
    name: str
    subject: str
    needs: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    """Lines below the name: how she got the seat, that she is telephoned."""
    boxes: tuple[bool, bool, bool, bool] = (False, False, False, False)
    noted: str = ""
    """What the system knows about her so far, printed in grey in the column for notes."""


@dataclass(frozen=True, slots=True)
class StandbyLine:
    """One place of the standby line, by tracking code; names are printed only with a seat."""

    place: str
    code: str
    is_present: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """The content of the list, as printed."""

    title: str
    unit: str
    facts: tuple[str, ...]
    """Lines below the title: who receives, where, and the mayor's guest."""
    heads: tuple[str, ...]
    """Headings of the nine columns, from the right."""
    lines: tuple[ListLine, ...]
    empty: str
    """Text for a day without seats."""
    standby_title: str
    standby_lead: str
    standbys: tuple[StandbyLine, ...]
    standby_empty: str
    standby_more: str
    """Sentence about those who are not printed; empty if all are."""
    printed: str
    """When and by whom it was printed; on each page."""
    warning: str
    page: str
    """With `{page}` and `{pages}` for numbers."""
    printed_at: datetime


_COLUMNS = (11.0, 16.0, 56.0, 34.0, 62.0, 13.0, 22.0, 14.0, 49.0)
"""Widths: number, time, name, needs, subject, came, calls, absent, notes; from the right."""


def draw_day_list(what: DayList) -> bytes:
    """Return the PDF; the same content at the same time gives the same bytes."""
    expected = 1 + len(what.lines) // _ROWS_OF_A_PAGE
    pages, made = _drawn(what, pages=expected)
    # Each page shows the total number, so a list of another length is drawn again.
    return made if pages == expected else _drawn(what, pages=pages)[1]


def _drawn(what: DayList, *, pages: int) -> tuple[int, bytes]:
    """Return the number of pages and the file; closes the fonts."""
    paper = _Paper(what, pages)
    paper.add_page()
    paper.seat_table()
    paper.standby_list()
    made = paper.pages_count, bytes(paper.output())
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            font.close()
    return made


class _Paper(FPDF):
    """The pages: headers, footers, and rows that are never split."""

    def __init__(self, what: DayList, pages: int) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._what, self._pages = what, pages
        for style, file in _FACES:
            self.add_font(_NAME, style, _FONTS / file)
        self.set_text_shaping(
            use_shaping_engine=True, direction="rtl", script="arab", language="fas"
        )
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0.0
        self.set_title(what.title)
        self.set_lang("fa")
        self.set_creation_date(what.printed_at)
        self.set_draw_color(*_LINE)
        self.set_line_width(0.25)

    def header(self) -> None:
        """Title and facts on the first page, only the title on the others."""
        self.set_xy(_MARGIN, _MARGIN)
        self._type(_TITLE, "B")
        self._words(self._what.title, _RIGHT, _MARGIN + 6.0)
        self._type(_BODY)
        self._words(self._what.unit, _MARGIN, _MARGIN + 6.0, side="L")
        y = _MARGIN + 9.0
        if self.page_no() == 1:
            for fact in self._what.facts:
                for line in self._wrapped(fact, _RIGHT - _MARGIN):
                    y += _line_height(_BODY)
                    self._words(line, _RIGHT, y)
        self.set_y(y + 3.0)

    def footer(self) -> None:
        """Who printed it, the warning, and the page number."""
        self._type(_SMALL)
        self.set_text_color(*_INK2)
        y = _HEIGHT - 8.0
        self._words(self._what.printed, _RIGHT, y - 4.2)
        self._words(self._what.warning, _RIGHT, y)
        number = self._what.page.format(page=persian(self.page_no()), pages=persian(self._pages))
        self._words(number, _MARGIN, y, side="L")

    def seat_table(self) -> None:
        """Draw every seat of the day; the headings are repeated on each page."""
        if not self._what.lines:
            self._type(_BODY)
            self._words(self._what.empty, _RIGHT, self.get_y() + 6.0)
            self.set_y(self.get_y() + 10.0)
            return
        self._heads()
        for line in self._what.lines:
            self._row(line)

    def standby_list(self) -> None:
        """Draw the standby line in its order, in four columns from the right."""
        self._keep(24.0)
        y = self.get_y() + 8.0
        self._type(_BODY + 2, "B")
        self._words(self._what.standby_title, _RIGHT, y)
        self._type(_SMALL)
        for line in self._wrapped(self._what.standby_lead, _RIGHT - _MARGIN):
            y += _line_height(_SMALL)
            self._words(line, _RIGHT, y)
        self.set_y(y + 2.0)
        if not self._what.standbys:
            self._words(self._what.standby_empty, _RIGHT, self.get_y() + 5.0)
            return
        for row in _rows(self._what.standbys, 4):
            self._keep(8.0)
            for at, standby_line in enumerate(row):
                self._standby(standby_line, _RIGHT - at * (_RIGHT - _MARGIN) / 4)
            self.set_y(self.get_y() + 8.0)
        self._type(_SMALL)
        for line in self._wrapped(self._what.standby_more, _RIGHT - _MARGIN):
            self._keep(_line_height(_SMALL))
            self._words(line, _RIGHT, self.get_y() + 4.0)
            self.set_y(self.get_y() + _line_height(_SMALL))

    def _standby(self, line: StandbyLine, right: float) -> None:
        base = self.get_y() + 5.5
        self._type(_BODY, "B")
        self._words(line.place, right - 1.0, base)
        self._type(_BODY)
        self._words(line.code, right - 12.0, base)
        self._box(right - 44.0, base - 3.6, is_ticked=line.is_present)

    def _heads(self) -> None:
        self._type(_SMALL, "B")
        y = self.get_y()
        self.set_fill_color(*_HEAD)
        self.rect(_MARGIN, y, _RIGHT - _MARGIN, 7.0, style="DF")
        for (right, _), head in zip(_places(), self._what.heads, strict=True):
            self._words(head, right - _PAD, y + 4.9)
        self.set_y(y + 7.0)

    def _row(self, line: ListLine) -> None:
        cells = self._cells(line)
        height = max(_LEAST_ROW, *(sum(_line_height(s) for _, s, _ in c) for c in cells.values()))
        height += _PAD
        if self._keep(height):
            self._heads()
        top = self.get_y()
        for at, (right, width) in enumerate(_places()):
            self.rect(right - width, top, width, height)
            y = top + 0.4
            for text, size, style in cells.get(at, ()):
                y += _line_height(size)
                self._type(size, style)
                self._words(text, right - _PAD, y - size * _POINT * 0.3)
        self._boxes(line, top + 2.2)
        self.set_y(top + height)

    def _boxes(self, line: ListLine, y: float) -> None:
        came, first, second, absent = line.boxes
        places = tuple(_places())
        self._box(places[5][0] - _PAD, y, is_ticked=came)
        self._box(places[6][0] - _PAD, y, is_ticked=first)
        self._box(places[6][0] - _PAD - _BOX - 3.0, y, is_ticked=second)
        self._box(places[7][0] - _PAD, y, is_ticked=absent)

    def _cells(self, line: ListLine) -> dict[int, list[tuple[str, float, Literal["", "B"]]]]:
        """Return column → its lines of text with size and weight."""
        widths = [width - 2 * _PAD for _, width in _places()]
        cells: dict[int, list[tuple[str, float, Literal["", "B"]]]] = {
            0: [(line.number, _BODY + 2, "B")],
            1: [(line.time, _BODY, "B")],
            2: self._text(line.name, widths[2], _BODY, "B"),
            3: [one for need in line.needs for one in self._text(need, widths[3], _SMALL)],
            4: self._text(line.subject, widths[4], _SMALL),
            8: self._text(line.noted, widths[8], _SMALL),
        }
        for mark in line.marks:
            cells[2] += self._text(mark, widths[2], _SMALL)
        return cells

    def _text(
        self, text: str, width: float, size: float, style: Literal["", "B"] = ""
    ) -> list[tuple[str, float, Literal["", "B"]]]:
        self._type(size, style)
        return [(line, size, style) for line in self._wrapped(text, width)]

    def _wrapped(self, text: str, width: float) -> Iterator[str]:
        """Yield lines no wider than this in the current font; a word that is too long is cut."""
        line = ""
        for word in breakable(text):
            longer = f"{line} {word}".lstrip()
            if self.get_string_width(longer) <= width:
                line = longer
                continue
            if line:
                yield line
            line = word
            while self.get_string_width(line) > width and len(line) > 1:
                end = len(line) - 1
                while end > 1 and self.get_string_width(line[:end]) > width:
                    end -= 1
                yield line[:end]
                line = line[end:]
        if line:
            yield line

    def _keep(self, height: float) -> bool:
        """Begin a page if this height no longer fits; return whether it did."""
        if self.get_y() + height <= _END:
            return False
        self.add_page()
        return True

    def _type(self, size: float, style: Literal["", "B"] = "") -> None:
        self.set_font(_NAME, style, size)
        self.set_text_color(*_INK)

    def _words(self, text: str, x: float, base: float, *, side: Literal["R", "L"] = "R") -> None:
        """Draw one line that ends, or begins, at `x` on this baseline."""
        if text:
            at, width, high = self.get_y(), self.get_string_width(text), 10.0
            # A cell follows the bidirectional algorithm; bare text does not.
            self.set_xy(x - width if side == "R" else x, base - _MIDDLE * self.font_size - high / 2)
            self.cell(width, high, text, align=side)
            self.set_y(at)

    def _box(self, right: float, top: float, *, is_ticked: bool) -> None:
        left = right - _BOX
        self.rect(left, top, _BOX, _BOX)
        if is_ticked:
            self.set_line_width(0.6)
            self.line(left + 0.9, top + 2.3, left + 1.9, top + 3.4)
            self.line(left + 1.9, top + 3.4, left + 3.6, top + 1.0)
            self.set_line_width(0.25)


def _places() -> Iterator[tuple[float, float]]:
    """Yield the right edge and the width of each column."""
    right = _RIGHT
    for width in _COLUMNS:
        yield right, width
        right -= width


def _line_height(size: float) -> float:
    return size * _POINT * _PITCH


def _rows(lines: tuple[StandbyLine, ...], wide: int) -> Iterator[tuple[StandbyLine, ...]]:
    for at in range(0, len(lines), wide):
        yield lines[at : at + wide]
