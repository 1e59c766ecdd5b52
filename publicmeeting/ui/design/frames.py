"""Page frames: a citizen's column, the mayor's table, the desk with its navigation rail, boards.

A page has exactly one frame and one h1. `announcement` is the text of the polite live region: pass
what the state says about the last change, and its counter `answers`. Officials' frames become one
column on a narrow screen.
"""

from collections.abc import Sequence
from typing import ClassVar

import reflex as rx
from reflex_base.constants import Dirs

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import anchor, text_link
from publicmeeting.ui.design.flow import direction_of, filled, may_hold, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import live_region
from publicmeeting.ui.design.tehran import mark, ridge
from publicmeeting.ui.reflex.scripts import link_script


class _OwnSheets(rx.Fragment):
    """Base: draws nothing, and its page loads these sheets after the common ones.

    A citizen's first visit does not load them. `ui/reflex/flat_sheet.js` names the sheets of the
    plain pages.
    """

    sheets: ClassVar[tuple[str, ...]]

    def add_imports(self) -> dict[str, list[str]]:
        return {"": [f"$/{Dirs.PUBLIC}{sheet}" for sheet in self.sheets]}


class OfficialSheets(_OwnSheets):
    """The sheets of the mayor's table and of desks, in every frame of officials."""

    sheets = ("/look/ink.css", "/look/tablet.css", "/look/desk.css")


class CeremonySheet(_OwnSheets):
    """The sheet of the page that shows a draw."""

    sheets = ("/look/ceremony.css",)


TEXT = "page-text"


class KeptFocus(rx.Component):
    """Component of kept_focus.js, in every frame of officials. It draws nothing."""

    library = link_script(__name__, "kept_focus.js")
    tag = "KeptFocus"


class KeptPlace(rx.Component):
    """Component of kept_place.js, in every frame of officials. It draws nothing."""

    library = link_script(__name__, "kept_place.js")
    tag = "KeptPlace"


def frame_end(announcement: str, answers: int) -> tuple[rx.Component, ...]:
    """The parts that end every frame of officials."""
    return (
        live_region(announcement, answers),
        KeptFocus.create(),
        KeptPlace.create(),
        OfficialSheets.create(),
    )


def skip_link(word: str = chrome_text.SKIP, to: str = TEXT) -> rx.Component:
    return anchor(word, href=f"#{to}", class_name="skip")


def brand(lit: int = 0, href: str = "/") -> rx.Component:
    """The mark and the name, linked to the home page; `lit` is the reader's district."""
    return anchor(mark(lit), chrome_text.SITE, href=href, class_name="brand")


def back_link(word: str, href: str) -> rx.Component:
    return anchor(icon("back"), word, href=href, class_name="back")


def site_bar(
    start: rx.Component, end: rx.Component | None = None, *, wide: bool = False
) -> rx.Component:
    """The bar of 56 px: brand or back link at the start, one unobtrusive part at the end."""
    inner = rx.el.div(start, end or rx.fragment(), class_name="bar-in")
    return rx.el.header(inner, class_name="bar wide" if wide else "bar")


def site_foot(
    links: Sequence[tuple[str, str]], *more: rx.Component, wide: bool = False
) -> rx.Component:
    """The foot of public pages; each link is (word, address)."""
    return rx.el.footer(
        rx.el.nav(
            *(text_link(word, href) for word, href in links),
            aria_label=chrome_text.SITE,
            class_name="bar-in flex-wrap !justify-start gap-x-6",
        ),
        *more,
        class_name="site-foot wide" if wide else "site-foot",
    )


def phone_page(
    *content: rx.Component,
    bar: rx.Component | None = None,
    foot: rx.Component | None = None,
    site_footer: rx.Component | None = None,
    announcement: str = "",
    wide: bool = False,
) -> rx.Component:
    """A citizen's or public page: bar, one column of at most 40rem (72rem if `wide`), foot.

    `foot` is a `page_foot`.
    """
    return rx.el.div(
        skip_link(),
        bar or site_bar(brand()),
        rx.el.main(
            *content, id=TEXT, tab_index=-1, class_name="content wide" if wide else "content"
        ),
        foot or rx.fragment(),
        site_footer or rx.fragment(),
        live_region(announcement),
        class_name="page",
    )


def page_foot(*content: rx.Component) -> rx.Component:
    """The strip at the bottom with the primary action of a wizard."""
    return rx.el.div(
        rx.el.div(*content, class_name="foot-in grid"),
        class_name="foot foot-sticky",
    )


def band_head(*content: rx.Component, bar: rx.Component, wide: bool = False) -> rx.Component:
    """The dark head of home, sign-in and hall: a bar, words, and the Alborz mountains below."""
    return rx.el.div(
        rx.el.header(bar, class_name="bar-in"),
        rx.el.div(*content, class_name="content !flex-none !pt-2 !pb-8"),
        ridge(),
        class_name="on-band overflow-hidden wide" if wide else "on-band overflow-hidden",
    )


def band_page(
    head: rx.Component,
    *content: rx.Component,
    site_footer: rx.Component | None = None,
    announcement: str = "",
    wide: bool = False,
) -> rx.Component:
    """A page that begins with a `band_head`: home and sign-in."""
    return rx.el.div(
        skip_link(),
        rx.el.main(
            head,
            rx.el.div(*content, class_name="content wide" if wide else "content"),
            id=TEXT,
            tab_index=-1,
            class_name="flex flex-1 flex-col",
        ),
        site_footer or rx.fragment(),
        live_region(announcement),
        class_name="page",
    )


def page_title(title: str, meta: rx.Component | str = "", lead: str = "") -> rx.Component:
    """The h1, with a line above it that says what it is about, and a sentence below it.

    The title may be what a citizen wrote.
    """
    above = rx.el.p(meta, class_name="text-meta text-ink2") if may_hold(meta) else rx.fragment()
    below = rx.el.p(lead, class_name="text-ink2") if may_hold(lead) else rx.fragment()
    name = rx.el.h1(title, class_name="wrap-anywhere text-h1", **filled(dir=direction_of(title)))
    return rx.el.div(above, name, below, class_name="mb-4")


def section(title: str, *content: rx.Component, lead: str = "") -> rx.Component:
    """An h2 and its content, with the standard distance between sections."""
    return rx.el.section(
        rx.el.h2(title, class_name="text-h2"),
        shown(lead, rx.el.p(lead, class_name="text-ink2")),
        rx.el.div(*content, class_name="mt-3 grid gap-4"),
        class_name="section",
    )


def subsection(title: str, part: rx.Component) -> rx.Component:
    """An h3 and its part, within the page of one case."""
    return rx.el.section(rx.el.h3(title, class_name="mb-3 text-h2"), part)


LINES = "desk-lines"


def tablet_frame(
    *,
    head: Sequence[rx.Component],
    side: Sequence[rx.Component],
    paper: Sequence[rx.Component],
    tools: rx.Component,
    foot: rx.Component,
    announcement: str,
    answers: int,
    drawer: str | rx.Var[str],
) -> rx.Component:
    """The mayor's table: head 68 px, side 332 px, tools, paper, foot. The page itself does not
    scroll.

    In portrait orientation the side is a drawer. It closes when the value of `drawer` changes. On a
    narrow screen everything is one column.
    """
    return rx.el.div(
        skip_link(),
        rx.el.header(
            rx.el.label(
                rx.el.input(
                    type="checkbox", id="drawer", key=drawer, class_name="drawer-switch sr-only"
                ),
                icon("doc"),
                chrome_text.FILE,
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
            rx.el.div(tools, class_name="tablet-tools"),
            rx.el.div(
                *paper,
                tab_index=0,
                role="region",
                aria_label=chrome_text.PAPER,
                class_name="tablet-paper",
            ),
            rx.el.div(foot, class_name="tablet-foot"),
            id=TEXT,
            tab_index=-1,
            class_name="tablet-work",
        ),
        *frame_end(announcement, answers),
        class_name="tablet",
    )


def desk_frame(
    rail_: rx.Component,
    *,
    title: str,
    list_: Sequence[rx.Component],
    detail: Sequence[rx.Component],
    decision: rx.Component | None = None,
    has_detail: bool,
    announcement: str = "",
    answers: int = 0,
) -> rx.Component:
    """Rail of 92 px, list of 492 px, and detail with the decision bar below it.

    The decision bar is always visible, except in a window so low that it would cover the case.
    There it follows the case.

    `title` is the page's h1, for screen readers only: list and detail have headings of level 2.
    Under 1280 px the detail covers the list when `has_detail` (a var) holds, so give it a back link
    with the class `desk-only-narrow`. A part of the list has the id `LINES`, and a skip link
    leads to it past search and tabs.
    """
    bar = (
        rx.el.div(decision, class_name="decision empty:hidden")
        if decision is not None
        else rx.fragment()
    )
    return rx.el.div(
        skip_link(chrome_text.SKIP_TO_LIST, LINES),
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
        *frame_end(announcement, answers),
        class_name=pick(has_detail, "desk desk-three has-detail", "desk desk-three"),
    )


def board_frame(
    rail_: rx.Component,
    *content: rx.Component,
    announcement: str = "",
    answers: int = 0,
) -> rx.Component:
    """Navigation rail and one wide part."""
    return rx.el.div(
        skip_link(),
        rail_,
        rx.el.main(*content, id=TEXT, tab_index=-1, class_name="desk-wide"),
        *frame_end(announcement, answers),
        class_name="desk has-detail",
    )
