"""The frames of citizens' and public pages. Officials' frames are in `desks.py`.

A page has exactly one frame and one h1. `says` is the polite live region: put the state's words
about what just changed into it.
"""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import is_plain, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor, text_link
from publicmeeting.ui.design.sheets import live_region
from publicmeeting.ui.design.tehran import mark, ridge

TEXT = "page-text"


def skip_link(word: str = chrome_text.SKIP, to: str = TEXT) -> rx.Component:
    return anchor(word, href=f"#{to}", class_name="skip")


def brand(lit: int = 0, href: str = "/") -> rx.Component:
    """The mark and the name, leading home; `lit` is the reader's district."""
    return anchor(mark(lit), chrome_text.SITE, href=href, class_name="brand")


def back_link(word: str, href: str) -> rx.Component:
    return anchor(icon("back"), word, href=href, class_name="back")


def site_bar(
    start: rx.Component, end: rx.Component | None = None, *, wide: bool = False
) -> rx.Component:
    """The 56 px bar: brand or back at the start, one quiet thing at the end."""
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
    says: str = "",
    wide: bool = False,
) -> rx.Component:
    """A citizen's or public page: bar, one column of at most 40rem (72rem if `wide`), foot.

    `foot` holds the primary action of the wizard.
    """
    return rx.el.div(
        skip_link(),
        bar or site_bar(brand()),
        rx.el.main(
            *content, id=TEXT, tab_index=-1, class_name="content wide" if wide else "content"
        ),
        _foot(foot) if foot is not None else rx.fragment(),
        site_footer or rx.fragment(),
        live_region(says),
        class_name="page",
    )


def _foot(content: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(content, class_name="foot-in grid"),
        class_name="foot foot-sticky",
    )


def band_head(
    *content: rx.Component, bar: rx.Component, with_ridge: bool = False, wide: bool = False
) -> rx.Component:
    """The dark head of home, sign-in and hall: its own bar on the band, words, the Alborz below."""
    return rx.el.div(
        rx.el.header(bar, class_name="bar-in"),
        rx.el.div(*content, class_name="content !flex-none !pt-2 !pb-8"),
        ridge() if with_ridge else rx.fragment(),
        class_name="on-band overflow-hidden wide" if wide else "on-band overflow-hidden",
    )


def band_page(
    head: rx.Component,
    *content: rx.Component,
    site_footer: rx.Component | None = None,
    says: str = "",
    wide: bool = False,
) -> rx.Component:
    """A page that begins with the band: home and sign-in. `head` is a `band_head`."""
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
        live_region(says),
        class_name="page",
    )


def page_title(title: str, meta: rx.Component | str = "") -> rx.Component:
    """What and which above, the h1 below."""
    above = rx.el.p(meta, class_name="text-meta text-ink2") if _may(meta) else rx.fragment()
    return rx.el.div(above, rx.el.h1(title, class_name="wrap-anywhere text-h1"), class_name="mb-4")


def _may(value: object) -> bool:
    return not is_plain(value) or bool(value)


def section(title: str, *content: rx.Component, lead: str = "") -> rx.Component:
    """An h2 and what belongs to it, with the distance that sections keep."""
    return rx.el.section(
        rx.el.h2(title, class_name="text-h2"),
        shown(lead, rx.el.p(lead, class_name="text-ink2")),
        rx.el.div(*content, class_name="mt-3 grid gap-4"),
        class_name="section",
    )
