"""The frames of officials: the mayor's tablet, the desk with its rail, the boards.

Each falls to one column where it is narrow. A page has exactly one frame and one h1; `says` is its
polite live region.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import given, pick, shown
from publicmeeting.ui.design.frames import TEXT, skip_link
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import live_region
from publicmeeting.ui.design.tehran import mark

LINES = "desk-lines"


def tablet_frame(
    *,
    head: Sequence[rx.Component],
    side: Sequence[rx.Component],
    paper: Sequence[rx.Component],
    tools: rx.Component | None = None,
    foot: rx.Component | None = None,
    drawer_word: str = chrome_text.FILE,
    says: str = "",
) -> rx.Component:
    """The mayor's table: head 68 px, side 332 px, tools, paper, foot. The page does not scroll.

    Where it is upright the side is a drawer behind `drawer_word`; where it is narrow all is one
    column.
    """
    return rx.el.div(
        skip_link(),
        rx.el.header(
            rx.el.label(
                rx.el.input(type="checkbox", id="drawer", class_name="drawer-switch sr-only"),
                icon("doc"),
                drawer_word,
                class_name="btn btn-secondary btn-sm drawer-button",
            ),
            *head,
            class_name="tablet-head on-band",
        ),
        rx.el.aside(
            rx.el.label(
                icon("close"),
                chrome_text.CLOSE,
                html_for="drawer",
                class_name="btn btn-secondary btn-sm drawer-close mb-3",
            ),
            *side,
            class_name="tablet-side",
        ),
        rx.el.main(
            rx.el.div(tools, class_name="tablet-tools") if tools is not None else rx.el.div(),
            rx.el.div(
                *paper,
                tab_index=0,
                role="region",
                aria_label=chrome_text.PAPER,
                class_name="tablet-paper",
            ),
            rx.el.div(foot, class_name="tablet-foot") if foot is not None else rx.fragment(),
            id=TEXT,
            tab_index=-1,
            class_name="tablet-work",
        ),
        live_region(says),
        class_name="tablet",
    )


@dataclass(frozen=True)
class RailItem:
    """A place in the rail; `count` is what waits there, in Persian digits."""

    word: str
    icon: str
    href: str
    count: str = ""
    here: bool = False


def rail(items: Sequence[RailItem], says: str, lit: int = 0) -> rx.Component:
    """The way around of officials: icon over word. Plain items; counts may be vars."""
    return rx.el.nav(
        anchor(
            mark(lit, "lg"),
            rx.el.span(chrome_text.SITE, class_name="sr-only"),
            href="/",
            class_name="brand shrink-0 self-center",
        ),
        *(_rail_item(item) for item in items),
        aria_label=says,
        class_name="rail on-band",
    )


def _rail_item(item: RailItem) -> rx.Component:
    return anchor(
        shown(item.count, rx.el.span(item.count, class_name="rail-count")),
        icon(item.icon),
        rx.el.span(item.word),
        href=item.href,
        class_name="rail-item",
        **given(aria_current=pick(item.here, "page", "")),
    )


def desk_frame(
    rail_: rx.Component,
    *,
    title: str,
    list_: Sequence[rx.Component],
    detail: Sequence[rx.Component],
    decision: rx.Component | None = None,
    has_detail: bool = False,
    has_lines: bool = False,
    says: str = "",
) -> rx.Component:
    """Rail 92, list 492, detail; the decision bar is always in sight.

    `title` is the page's h1, spoken only: the list and the detail head themselves with h2. Under
    1280 px the detail covers the list once `has_detail` (a var) holds; give it a way back with the
    class `desk-only-narrow`. `has_lines`: a part of the list has the id `LINES`, and the keyboard
    comes to it past search and tabs.
    """
    look = "decision empty:hidden max-md:sticky max-md:bottom-0 max-md:z-10"
    bar = rx.el.div(decision, class_name=look) if decision is not None else rx.fragment()
    return rx.el.div(
        skip_link(chrome_text.SKIP_TO_LIST, LINES) if has_lines else rx.fragment(),
        skip_link(),
        rail_,
        rx.el.aside(*list_, aria_label=title, class_name="desk-list"),
        rx.el.main(
            rx.el.h1(title, class_name="sr-only"),
            rx.el.div(
                *detail, tab_index=0, role="region", aria_label=title, class_name="desk-detail"
            ),
            bar,
            id=TEXT,
            tab_index=-1,
            class_name="desk-work",
        ),
        live_region(says),
        class_name=pick(has_detail, "desk desk-three has-detail", "desk desk-three"),
    )


def board_frame(
    rail_: rx.Component,
    *content: rx.Component,
    aside: Sequence[rx.Component] = (),
    says: str = "",
) -> rx.Component:
    """Rail, one wide part, and an aside of 324 px: boards and figures."""
    look = "desk has-detail desk-aside-end" if aside else "desk has-detail"
    return rx.el.div(
        skip_link(),
        rail_,
        rx.el.main(*content, id=TEXT, tab_index=-1, class_name="desk-wide"),
        rx.el.aside(*aside, class_name="desk-aside") if aside else rx.fragment(),
        live_region(says),
        class_name=look,
    )
