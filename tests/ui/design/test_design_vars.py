"""Every component takes state vars as well as plain data."""

import dataclasses

import reflex as rx
from support.each import for_each

from publicmeeting.ui.design import models as m
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import area, chips, field, pressed_chips, segment, select, tick
from publicmeeting.ui.design.figures import (
    code_groups,
    data_table,
    digit_cells,
    strip,
    tile,
)
from publicmeeting.ui.design.flow import direction_of
from publicmeeting.ui.design.frames import desk_frame, phone_page
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.paper import (
    estimate,
    fingerprint,
    invitation,
    order_paper,
    order_sheet,
    pass_sheet,
    promise_clock,
)
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, notice, photo_thumbs, quote, row, rows, stepper
from publicmeeting.ui.design.states import empty, unless_loading
from publicmeeting.ui.design.tehran import mark, tile_map


class DesignSampleState(rx.State):
    """A state with one of each view model, like a screen's state."""

    word: str = ""
    number: int = 0
    claim: bool = False
    tiles: list[m.Tile] = []
    map_tiles: list[m.MapTile] = []
    choices: list[m.Choice] = []
    rows: list[m.Row] = []
    steps: list[m.RoadStep] = []
    photos: list[m.Photo] = []
    lines: list[m.PassLine] = []
    table: list[list[str]] = []
    badge: m.Badge = m.Badge()
    row: m.Row = m.Row("")
    tile: m.Tile = m.Tile()
    invited: m.Invitation = m.Invitation("", "", "", "", "", "", "")
    paper: m.OrderPaper = m.OrderPaper("waiting", "", "", "", "")
    clock: m.PromiseClock = m.PromiseClock("", "", "", "", (), "")
    day_pass: m.Pass = m.Pass("", "", 0, "", "", "", "", (), "", "", "", "", "", "", "", "", "")

    @rx.event
    def choose(self, what: str) -> None:
        self.word = what

    @rx.event
    def go(self, number: int) -> None:
        self.number = number


S = DesignSampleState

PARTS = {
    "tile": lambda: tile(S.tile),
    "strip": lambda: strip(S.tiles, S.word),
    "map": lambda: tile_map(S.map_tiles, "map", mode="waits", on_choose=S.go),
    "map_form": lambda: tile_map(S.map_tiles, "map", name="district"),
    "mark": lambda: mark(S.number),
    "button": lambda: button(S.word, on_click=S.go(1), busy=S.claim, busy_label="…"),
    "unavailable": lambda: button("go", submit=True, why_not=S.word, on_click=S.go(1)),
    "link_button": lambda: button("go", href=S.word),
    "field": lambda: field("name", "name", value=S.word, error=S.word, hint=S.word),
    "area": lambda: area("what", "what", value=S.word, error=S.word, limit=500, limit_words="۵۰۰"),
    "select": lambda: select("unit", "unit", S.choices, value=S.word),
    "chips": lambda: chips("unit", "unit", S.choices, value=S.word, several=True, error=S.word),
    "radio": lambda: chips("unit", "unit", S.choices, value=S.word),
    "pressed": lambda: pressed_chips("unit", S.choices, S.word, S.choose),
    "segment": lambda: segment("unit", S.choices, S.word, S.choose),
    "tick": lambda: tick("read", "read", value=S.claim),
    "badge": lambda: badge(S.badge),
    "icon": lambda: icon(S.word),
    "rows": lambda: rows(S.rows),
    "rows_chosen": lambda: rows(S.rows, dense=True),
    "row": lambda: row(S.row),
    "stepper": lambda: stepper(["a", "b", "c", "d"], S.number, "steps"),
    "notice": lambda: notice(S.word, S.word),
    "quote": lambda: quote(S.word, S.word, inside=S.claim),
    "road": lambda: road(S.steps, "road", extra=lambda step: rx.cond(step.kind == "now", "!", "")),
    "invitation": lambda: invitation(S.invited, button("come"), button("no")),
    "estimate": lambda: estimate(S.tiles, S.word, lead=S.word),
    "paper": lambda: order_paper(S.paper),
    "order": lambda: order_sheet(S.paper),
    "promise": lambda: promise_clock(S.clock),
    "pass": lambda: pass_sheet(S.day_pass, S.lines),
    "finger": lambda: fingerprint(S.word, S.word),
    "digits": lambda: digit_cells(S.word),
    "code": lambda: code_groups(S.word),
    "photos": lambda: photo_thumbs(S.photos),
    "empty": lambda: empty(S.word, S.word, district=S.number),
    "loading": lambda: unless_loading(S.claim, rx.el.p("…"), rx.el.p("there")),
    "table": lambda: data_table("t", ["a", "b", "c"], S.table),
    "phone": lambda: phone_page(rx.el.h1(S.word), announcement=S.word),
    "desk": lambda: desk_frame(
        rx.el.nav(),
        title=S.word,
        list_=[rows(S.rows)],
        detail=[rx.el.h1(S.word)],
        has_detail=S.claim,
    ),
}


@for_each(PARTS)
def test_a_part_reads_its_words_from_state(name: str) -> None:
    drawn = str(PARTS[name]().render())
    assert "design_sample_state" in drawn


def test_the_counter_of_a_text_stands_also_while_its_view_is_blank() -> None:
    """An empty view comes without its fields, and a missing text has no length."""
    drawn = str(area("what", "what", value=S.word, limit=500, limit_words="۵۰۰").render())
    assert "?? '')].length" in drawn


def test_every_view_model_is_frozen_so_that_a_state_can_hold_it() -> None:
    kinds = [kind for kind in vars(m).values() if dataclasses.is_dataclass(kind)]
    assert kinds
    assert all(kind.__dataclass_params__.frozen for kind in kinds)


@for_each(
    [
        ("No. 12 is broken.", "ltr"),
        ("BRT خط ۷ نمی‌ایستد.", None),
        ("کوچه خراب است.", None),
        ("۱۲", None),
        ("", None),
    ]
)
def test_only_what_has_no_persian_letter_runs_from_left_to_right(
    text: str, direction: str | None
) -> None:
    assert direction_of(text) == direction
