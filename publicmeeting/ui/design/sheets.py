"""Surfaces: cards, rows, badges, thumbnails, notices and live regions."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.figures import strip, tile
from publicmeeting.ui.design.flow import (
    Handler,
    any_of,
    direction_of,
    each,
    filled,
    is_plain,
    may_hold,
    pick,
    shown,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Photo, Row, Tone
from publicmeeting.ui.reflex.scripts import link_script


def sheet(*sections: rx.Component, divided: bool = True, class_name: str = "") -> rx.Component:
    """A card. Each section has its own padding, and a line separates sections unless not
    `divided`."""
    classes = "sheet" if divided else "sheet sheet-plain"
    return rx.el.div(*sections, class_name=f"{classes} {class_name}".strip())


def badge(one: Badge) -> rx.Component:
    """A stage or a warning in two or three words; nothing if it has no word."""
    return shown(
        one.word,
        rx.el.span(
            shown(one.icon, icon(one.icon or "check") if is_plain(one.icon) else icon(one.icon)),
            one.word,
            class_name=f"badge badge-{one.tone}",
        ),
    )


def rows(items: Sequence[Row], *, dense: bool = False) -> rx.Component:
    """A group of rows. Each opens its address.

    `dense` cuts the second line at the edge. It is only for lists of officials, in which each line
    has its own address. That address is the key, so the focus stays with its row when the list
    changes.
    """
    classes = "rows rows-dense" if dense else "rows"
    if isinstance(items, rx.Var):
        drawn = rx.foreach(
            items, lambda item: rx.el.li(row(item), key=item.href if dense else None)
        )
        return rx.el.ul(drawn, class_name=classes)
    return rx.el.ul(*(rx.el.li(row(item)) for item in items), class_name=classes)


def row(item: Row) -> rx.Component:
    """One line: a link with an address, else plain words."""
    tone = pick(item.danger, " row-danger", "") + pick(item.chosen, " row-chosen", "")
    classes = f"row{tone}"
    end = rx.el.span(
        shown(any_of(item.strip), strip(item.strip, item.strip_label, "dots")),
        shown(
            item.end,
            rx.el.span(item.end, class_name=pick(item.late, "row-meta row-late", "row-meta")),
        ),
        badge(item.badge),
        class_name="row-end",
    )
    face = [
        shown(item.thumb, _paper(item.thumb)),
        shown(item.tile.text, tile(item.tile)),
        shown(item.icon, icon(item.icon or "check") if is_plain(item.icon) else icon(item.icon)),
        rx.el.span(
            # A title is empty only if its text can no longer be decrypted.
            rx.el.span(
                pick(item.title, item.title, refusal("case_unreadable")),
                class_name="row-title block",
            ),
            shown(item.meta, rx.el.span(item.meta, class_name="row-meta")),
            shown(
                item.note,
                rx.el.span(icon("link", "sm"), item.note, class_name="row-note"),
            ),
            shown(any_of(item.tags), rx.el.span(each(item.tags, badge), class_name="row-tags")),
            class_name="row-body",
        ),
        end,
    ]
    current = (
        filled(aria_current=pick(item.chosen, "true", "false")) if may_hold(item.chosen) else {}
    )
    if not is_plain(item.href) or item.href:
        sign = icon("forward", "sm")
        return anchor(*face, sign, href=item.href, class_name=classes, **current)
    return rx.el.div(*face, class_name=classes)


def _paper(thumb: str) -> rx.Component:
    """A small picture of the paper, without alt text because the words beside it say what it is.

    Loaded when it becomes visible, and never the whole picture.
    """
    return rx.el.img(
        src=thumb,
        alt="",
        loading="lazy",
        decoding="async",
        width="64",
        height="64",
        class_name="row-paper",
    )


def row_static(*content: rx.Component) -> rx.Component:
    """A row with any content; put several into `rows_of`."""
    return rx.el.div(*content, class_name="row row-static")


def rows_of(*items: rx.Component) -> rx.Component:
    """A group of rows with any content."""
    return rx.el.ul(*(rx.el.li(item) for item in items), class_name="rows")


def folded(title: str, *content: rx.Component, class_name: str = "") -> rx.Component:
    """Words that unfold what most readers do not need."""
    return rx.el.details(
        rx.el.summary(title, class_name="disclosure link"),
        *content,
        **filled(class_name=class_name),
    )


def row_folded(
    sign: str, label: str, *content: rx.Component, end: str = "", on_click: Handler = None
) -> rx.Component:
    """A row that unfolds its content below it; `sign` may be ""."""
    event = {} if on_click is None else {"on_click": on_click}
    return rx.el.details(
        rx.el.summary(
            icon(sign) if sign else rx.fragment(),
            rx.el.span(label, class_name="row-body"),
            shown(end, rx.el.span(end, class_name="row-meta")),
            icon("down", "sm"),
            class_name="row list-none",
            **event,
        ),
        rx.el.div(*content, class_name="grid gap-3 bg-sheet p-4"),
    )


def stepper(names: Sequence[str], current: int, aria_label: str) -> rx.Component:
    """The steps of a form. Only the current one (counted from 1) shows its name. Plain names."""

    def step(number: int, name: str) -> rx.Component:
        is_now, is_done = current == number, number < current
        kind = pick(is_now, "t-now", pick(is_done, "t-glazed", "t-raw"))
        digit = rx.el.span(_PERSIAN[number])
        done = rx.el.span(icon("check", "sm"))
        return rx.el.li(
            rx.el.span(pick(is_done, done, digit), class_name=f"tile {kind}"),
            rx.el.span(
                pick(is_done, f"{name}{chrome_text.STEP_DONE}", name),
                class_name=pick(is_now, "", "sr-only"),
            ),
            **filled(aria_current=pick(is_now, "step", "false")),
        )

    return rx.el.ol(
        *(step(number, name) for number, name in enumerate(names, 1)),
        aria_label=aria_label,
        class_name="stepper",
    )


_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"


def notice(
    first: str, rest: str = "", *, tone: Tone = "glaze", action: rx.Component | None = None
) -> rx.Component:
    """What happened, in bold, and what it means; `action` is the next thing to do.

    It is not a live region itself. Either the page's live region announces it (`announcement`), or
    the part around it does (`spoken`).
    """
    return rx.el.div(
        rx.el.p(rx.el.strong(first), " ", rest),
        action or rx.fragment(),
        class_name=f"notice notice-{tone}",
    )


def answer_notices(done: str, refused: str) -> rx.Component:
    """What the last press did, or why it was refused; nothing for an empty sentence."""
    return rx.fragment(
        shown(done, notice(done)),
        shown(refused, notice(refused, tone="brick")),
    )


def spoken(*content: rx.Component) -> rx.Component:
    """A live region for what the page's own live region does not announce.

    When empty it stays in the accessibility tree and takes no space: a region that appears together
    with its words is not announced.
    """
    return rx.el.div(*content, role="status", class_name="empty:sr-only")


def offline_bar(text: str) -> rx.Component:
    """The line that the connection is lost and that typed text is kept."""
    return rx.el.p(icon("offline"), text, class_name="offline")


TROUBLE = "trouble"
"""The id of the sentence over the page, for `rx.set_value`."""


def trouble_line() -> rx.Component:
    """A line over every page, empty unless a part of the service fails.

    The value of an output element is its text, so it can be set without a page state.
    """
    return rx.el.output(id=TROUBLE, role="alert", class_name="trouble")


class Announcer(rx.Component):
    """Component of announcer.js: it draws its text a moment later."""

    library = link_script(__name__, "announcer.js")
    tag = "Announcer"

    text: rx.Var[str]
    answers: rx.Var[int]


def live_region(text: str, answers: int = 0) -> rx.Component:
    """The page's one live region: it announces politely what has changed.

    It has no role. Orca skips another `status` if the page was drawn again, and reads an empty one
    as a "status bar". A text that has not changed is announced again when `answers` has grown.
    """
    words = Announcer.create(text=text, answers=answers) if may_hold(text) else rx.fragment()
    return rx.el.div(words, aria_live="polite", class_name="sr-only")


def quote(by: str, text: str, *, inside: bool = False) -> rx.Component:
    """What a unit wrote. An internal note has a dashed border and is labelled as internal."""
    head = rx.el.p(
        by,
        shown(inside, rx.el.span(f"\u00a0· {chrome_text.INSIDE}", class_name="font-semibold")),
        class_name="text-meta text-ink2",
    )
    return rx.el.blockquote(
        head,
        rx.el.p(text, dir=direction_of(text), class_name="whitespace-pre-line"),
        class_name=pick(inside, "quote quote-inside", "quote"),
    )


def photo_thumbs(photos: Sequence[Photo]) -> rx.Component:
    """A grid of thumbnails, each linked to the whole picture."""

    def thumb(photo: Photo) -> rx.Component:
        picture = anchor(
            rx.el.img(src=photo.thumb, alt=photo.alt, loading="lazy", decoding="async"),
            href=photo.full,
            native=True,
            target="_blank",
            rel="noopener",
            class_name="thumb",
        )
        return rx.el.li(picture)

    return rx.el.ul(each(photos, thumb), class_name="thumbs")


def photo_pairs(
    before: Sequence[Photo], after: Sequence[Photo], names: tuple[str, str]
) -> rx.Component:
    """Two columns of pictures side by side: before the work and after it."""

    def column(name: str, photos: Sequence[Photo]) -> rx.Component:
        return rx.el.div(
            rx.el.p(name, class_name="text-meta font-semibold"),
            photo_thumbs(photos),
            class_name="grid content-start gap-1",
        )

    return rx.el.div(
        column(names[0], before), column(names[1], after), class_name="grid grid-cols-2 gap-2"
    )
