"""Thumbnails of what a citizen or a unit sent; each opens the whole picture."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.ui.design.flow import Handler, each
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


def photo_pairs(
    before: Sequence[Photo], after: Sequence[Photo], names: tuple[str, str]
) -> rx.Component:
    """Two columns of pictures side by side: before the work, and after it."""

    def column(name: str, photos: Sequence[Photo]) -> rx.Component:
        return rx.el.div(
            rx.el.p(name, class_name="text-meta font-semibold"),
            photo_thumbs(photos),
            class_name="grid content-start gap-1",
        )

    return rx.el.div(
        column(names[0], before), column(names[1], after), class_name="grid grid-cols-2 gap-2"
    )
