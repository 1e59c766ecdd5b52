"""Thumbnails of what a citizen or a unit sent; each opens the whole picture."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.text import chrome
from publicmeeting.ui.design.flow import Handler, any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Photo


def photo_thumbs(
    photos: Sequence[Photo], *, on_remove: Handler = None, remove_says: str = ""
) -> rx.Component:
    """A grid of thumbnails; with `on_remove` (an event of the thumbnail's address) each has a
    button that takes it out again.
    """

    def thumb(one: Photo) -> rx.Component:
        picture = anchor(
            rx.el.img(src=one.thumb, alt=one.says, loading="lazy", decoding="async"),
            href=one.full,
            native=True,
            target="_blank",
            rel="noopener",
            class_name="thumb",
        )
        if on_remove is None:
            return rx.el.li(picture)
        remove = rx.el.button(
            icon("close"),
            type="button",
            aria_label=remove_says,
            on_click=on_remove(one.thumb),
            class_name="thumb-remove",
        )
        return rx.el.li(picture, remove, class_name="relative")

    return rx.el.ul(each(photos, thumb), class_name="thumbs")


def before_after(before: Sequence[Photo], after: Sequence[Photo]) -> rx.Component:
    """The same place side by side; in reading order the earlier one comes first."""

    def side(word: str, photos: Sequence[Photo]) -> rx.Component:
        figure = rx.el.figure(
            rx.el.figcaption(word, class_name="mb-1 text-meta text-ink2"),
            photo_thumbs(photos),
            class_name="min-w-0 flex-1 basis-28",
        )
        return shown(any_of(photos), figure)

    return rx.el.div(
        side(chrome.BEFORE, before), side(chrome.AFTER, after), class_name="flex flex-wrap gap-2"
    )
