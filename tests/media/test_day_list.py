"""The printed list of a day: searchable text, every seat, numbered pages."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from pypdf import PdfReader

from publicmeeting.kit.digits import persian
from publicmeeting.media.sheets.day_list import DayList, ListLine, StandbyLine, draw_day_list
from publicmeeting.text.meetings import paper_text

SEATS = 24
NAMES = ("مریم لاله‌زاری", "سیده فاطمه‌زهرا حسینی‌نژاد اصفهانی تهرانی‌پور", "پرویز گچساران")
TITLES = ("پیاده‌روی خیابان ایتالیا", "نور Metro ایستگاه ۷", "اصلاح گذر")


def line(number: int) -> ListLine:
    return ListLine(
        persian(number), "۹:۱۵", NAMES[number % 3], TITLES[number % 3], ("مترجم زبان اشاره",)
    )


WHAT = DayList(
    title="فهرست ملاقات، دوشنبه ۹ آذر ۱۴۰۵",
    unit="شهرداری منطقهٔ ۶",
    facts=("شهردار می‌پذیرد: زهرا احمدی",),
    heads=paper_text.HEADS,
    lines=tuple(line(number) for number in range(1, SEATS + 1)),
    empty=paper_text.EMPTY,
    standby_title=paper_text.STANDBY,
    standby_lead=paper_text.STANDBY_LEAD,
    standbys=(StandbyLine("۱", "۱۲۳۴۵۶۷۸۹۰"), StandbyLine("۴", "۱۲۳۴۵۶۷۸۹۱", is_present=True)),
    standby_more="",
    standby_empty=paper_text.STANDBY_EMPTY,
    printed="چاپ یکشنبه ۸ آذر، ۱۸:۳۰: نگار شریفی",
    warning=paper_text.WARNING,
    page=paper_text.PAGE,
    printed_at=datetime(2026, 11, 29, 15, 0, tzinfo=UTC),
)


@cache
def pages(what: DayList) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(draw_day_list(what))).pages]


def test_its_words_are_text_in_their_logical_order() -> None:
    first, *_ = pages(WHAT)
    for word in ("دوشنبه", "مریم", "لاله‌زاری", "اصلاح", "ایتالیا", "مترجم", "نگار", "Metro"):
        assert word in first, word


def test_every_seat_is_on_it_and_each_page_has_heads_and_says_whose_print_it_is() -> None:
    found = pages(WHAT)
    assert sum(text.count("مترجم") for text in found) == SEATS
    assert len(found) == 2
    assert all("یادداشت" in text for text in found)
    assert all("نگار" in text and "صفحهٔ" in text for text in found)


def test_twenty_four_short_names_are_two_pages() -> None:
    short = replace(
        WHAT, lines=tuple(replace(list_line, name="علی رضایی") for list_line in WHAT.lines)
    )
    assert len(pages(short)) == 2


def test_a_word_without_an_end_stays_in_its_column() -> None:
    endless = replace(WHAT, lines=(replace(line(1), name="ک" * 120, subject="w" * 200),))
    (only,) = pages(endless)
    assert only.count("ک") >= 120


def test_of_a_long_drawn_line_it_says_how_many_are_not_on_it() -> None:
    more = paper_text.STANDBY_MORE.format(count="۲٬۹۰۴")
    assert "نیامده‌اند" in pages(replace(WHAT, standby_more=more))[-1]
    assert "نیامده‌اند" not in pages(WHAT)[-1]


def test_each_page_says_how_many_there_are_also_of_a_longer_list_than_expected() -> None:
    many_lines = replace(line(2), name=" ".join([NAMES[1]] * 6))
    for what in (WHAT, replace(WHAT, lines=(many_lines,) * 13)):
        found = pages(what)
        for at, text in enumerate(found, 1):
            assert paper_text.PAGE.format(page=persian(at), pages=persian(len(found))) in text
    assert len(found) > 2


def test_a_day_without_seats_says_so() -> None:
    (only,) = pages(replace(WHAT, lines=(), standbys=()))
    assert "نوبتی" in only
    assert "ذخیره" in only


def test_the_same_moment_makes_the_same_paper() -> None:
    assert draw_day_list(WHAT) == draw_day_list(WHAT)
