"""Thumbnails of what a citizen or a unit sent; each opens the whole picture."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.ui.design.flow import each
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Photo


def photo_thumbs(photos: Sequence[Photo]) -> rx.Component:
    """A grid of thumbnails, each a link to the whole picture."""

    def thumb(one: Photo) -> rx.Component:
        picture = anchor(
            rx.el.img(src=one.thumb, alt=one.says, loading="lazy", decoding="async"),
            href=one.full,
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
