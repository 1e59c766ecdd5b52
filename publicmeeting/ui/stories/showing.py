"""The frame of a story page: a title above each component, one below the other."""

import reflex as rx

from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import (
    CeremonySheet,
    OfficialSheets,
    brand,
    phone_page,
    site_bar,
)


def story(title: str, *parts: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-meta font-normal text-ink2"),
        *parts,
        class_name="grid gap-3 py-4",
    )


def page(title: str, *stories: rx.Component, wide: bool = False) -> rx.Component:
    bar = site_bar(
        brand(6, "/stories/"),
        button("شب و روز", kind="quiet", size="sm", on_click=rx.toggle_color_mode),
        wide=wide,
    )
    return bare_page(rx.el.h1(title, class_name="text-h1"), *stories, bar=bar, wide=wide)


def bare_page(
    *parts: rx.Component, bar: rx.Component | None = None, wide: bool = False
) -> rx.Component:
    """A page that loads the style sheets of every kind of page."""
    own = (OfficialSheets.create(), CeremonySheet.create())
    return phone_page(*parts, *own, bar=bar, wide=wide)
