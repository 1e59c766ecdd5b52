"""What the app needs from the look: style sheets, head, and what wraps every page."""

import reflex as rx

from publicmeeting.ui.design.icons import icon_sheet
from publicmeeting.ui.design.tehran import mark_symbols

# The order is the cascade: later sheets may refine earlier ones.
STYLESHEETS = [
    f"/look/{name}.css"
    for name in (
        "tokens",
        "base",
        "tiles",
        "map",
        "controls",
        "fields",
        "parts",
        "road",
        "tables",
        "paper",
        "frames",
        "hall",
    )
]


def head() -> list[rx.Component]:
    """The font before anything asks for it, the mark as the tab's sign, the colours of the bar."""
    return [
        rx.el.link(
            rel="preload",
            href="/fonts/vazirmatn.woff2",
            type="font/woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
        ),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#073f3e"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


def signs() -> rx.Component:
    """The sheet of signs, once around every page."""
    return rx.fragment(icon_sheet(*mark_symbols()))
