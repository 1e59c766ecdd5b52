"""Which rules of a style sheet are sent with a page's first bytes."""

import pytest
from support.each import for_each

from publicmeeting.ui.first.late_start import Sheet, names_in

CSS = """@layer theme, base, utilities;
@layer base { a { color: red } h6 { color: blue } }
@layer utilities { .gone { top: 0 } }
@font-face { font-family: F; src: url("/f.woff2") }
:root { --x: 1px }
.page .row, .other { gap: 0 }
.page > #top { gap: 1px }
.sm\\:min-h-\\[2lh\\] { min-height: 2lh }
.row:not(.gone)::before { content: "" }
.dark .row { color: black }
[open] .row { display: block }
@media (width >= 40rem) { .row { gap: 2px } .gone { gap: 3px } }
@media not all and (width>=18rem) { .row { gap: 11px } }
@media (width < 18rem) { .row { gap: 11px } }
@media print { .gone { gap: 3px } .row { gap: 4px } }
@media (hover: hover) { .row { gap: 5px } }
.row:hover, .row:active { gap: 6px }
@media (forced-colors: active) { .row { gap: 8px } }
.row:focus-visible { gap: 7px }
::placeholder, ::-webkit-date-edit { opacity: 1 }
::-webkit-calendar-picker-indicator, ::-webkit-search-decoration { gap: 9px }
::file-selector-button { gap: 10px }
.row { animation: turn 1s; width: var(--w) }
@keyframes turn { to { rotate: 1turn } }
@keyframes spin { to { rotate: 2turn } }
@property --w { syntax: "*"; inherits: false }
@property --v { syntax: "*"; inherits: false }
"""
PAGE = '<div class="page"><a class="row sm:min-h-[2lh]" id="top">x</a></div>'


def used(page: str = PAGE) -> str:
    return Sheet(CSS).used_by(names_in(page))


@for_each(
    [
        "@layer theme, base, utilities;",
        "a { color: red }",
        "@layer utilities ;",
        "@font-face",
        "--x: 1px",
        ".page .row, .other",
        "#top",
        "min-height: 2lh",
        ".row:not(.gone)::before",
        ".dark .row",
        "[open] .row",
        ".row { gap: 2px }",
        "gap: 7px",
        "@keyframes turn",
        "@property --w",
    ]
)
def test_what_a_page_can_meet_is_kept(rule: str) -> None:
    assert rule in used()


@for_each(
    [
        *("h6", "top: 0", "gap: 3px", "print", "@keyframes spin", "@property --v"),
        *("gap: 4px", "gap: 5px", "gap: 6px", "gap: 8px", "gap: 11px", "opacity"),
    ]
)
def test_what_it_cannot_meet_is_left_out(left: str) -> None:
    assert left not in used()


@for_each(
    [
        ('<input class="x">', "::placeholder"),
        ('<input type="date">', "date-edit"),
        ('<input type="date">', "calendar"),
        ('<input type="search">', "search-decoration"),
        ('<input type="file">', "file-selector"),
    ]
)
def test_parts_of_fields_come_where_such_a_field_is(field: str, part: str) -> None:
    assert part in used(PAGE + field)
    assert part not in used(PAGE)


def test_parts_of_other_fields_stay_away() -> None:
    ordinary = used(PAGE + '<input type="tel">')
    assert "opacity" in ordinary
    assert not any(gap in ordinary for gap in ("gap: 9px", "gap: 10px"))


def test_rules_keep_their_order() -> None:
    marks = ("@layer theme", "--x", "gap: 0", "gap: 1px", "gap: 2px", "animation")
    places = [used().index(mark) for mark in marks]
    assert places == sorted(places)


def test_a_sheet_that_cannot_be_read_stops_the_build() -> None:
    with pytest.raises(ValueError, match="style sheet"):
        Sheet(".a { color: red } }")
