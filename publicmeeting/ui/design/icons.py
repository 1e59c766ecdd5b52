"""Icons: straight strokes on a 24 px grid, defined once per page and used by name.

Square caps, miter joins, no fill; a person's head is a square, like a tile. Back, forward, undo and
exit are drawn for right-to-left pages and must not be mirrored. An icon is always beside a word,
except back, undo and close, which have an accessible name.
"""

import reflex as rx
from reflex_components_core.el.elements.base import (  # type: ignore[import-untyped]  # ships no types
    BaseHTML,
)

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.ui.design.flow import is_plain

SIGNS: dict[str, str] = {
    "back": "M9 4l8 8-8 8",
    "bell": "M4 17.5h16M6 17.5v-7a6 6 0 0 1 12 0v7M10 21h4M12 2.5v2",
    "calendar": "M4 5.5h16v15H4zM4 10h16M8.5 3v5M15.5 3v5",
    "camera": "M3 7h5l2-3h4l2 3h5v13H3zM8.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
    "chat": "M3 4h18v13H11l-4.5 4v-4H3z",
    "card": "M2.5 5h19v14.5h-19zM6 9h4.5v5H6zM14 10h4M14 14h4",
    "check": "M4.5 12.5l5 5L19.5 7",
    "city": "M4 4h16v16H4zM4 12h16M12 4v16",
    "clock": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5.5l3.5 2",
    "close": "M5.5 5.5l13 13M18.5 5.5l-13 13",
    "dice": "M4 4h16v16H4zM8.5 8.5v.01M15.5 8.5v.01M12 12v.01M8.5 15.5v.01M15.5 15.5v.01",
    "doc": "M5 3h14v18H5zM9 8h6M9 12h6M9 16h4",
    "down": "M4 8l8 8 8-8",
    "download": "M12 3v12M6.5 10l5.5 5.5 5.5-5.5M4 20.5h16",
    "ear": "M6 9.5a6 6 0 0 1 12 0c0 4-3.5 4.5-3.5 8a3.3 3.3 0 0 1-6.3 1.3M9.5 10a2.5 2.5 0 0 1 5 0"
    "c0 2.5-2.5 2-2.5 5",
    "exit": "M10 3h9v18h-9M14 12H3.5M7.5 8l-4 4 4 4",
    "eye": "M2 12s3.8-6.5 10-6.5S22 12 22 12s-3.8 6.5-10 6.5S2 12 2 12zM9.5 12a2.5 2.5 0 1 0 5 0"
    "a2.5 2.5 0 1 0-5 0",
    "flag": "M5 22V3h14l-3.5 4.5L19 12H5",
    "forward": "M15 4l-8 8 8 8",
    "hand": "M8 12.5V5M11 11V3.5M14 11V4.5M17 12V7v8.5a6 6 0 0 1-11 2.5l-3-4.5 2-1.5 3 3",
    "inbox": "M4 4h16v16H4zM4 14h5l1.5 2.5h3L15 14h5",
    "info": "M3.5 3.5h17v17h-17zM12 11v6M12 7v.01",
    "keyboard": "M2.5 6h19v12.5h-19zM6.5 10h.01M10.2 10h.01M13.8 10h.01M17.5 10h.01M8 14.5h8",
    "link": "M9.5 14.5l5-5M11 7l3-3a4.2 4.2 0 0 1 6 6l-3 3M13 17l-3 3a4.2 4.2 0 0 1-6-6l3-3",
    "list": "M4 6h16M4 12h16M4 18h16",
    "lock": "M5 10.5h14V21H5zM8 10.5V7a4 4 0 0 1 8 0v3.5",
    "mask": "M2.5 7.5h19v5l-3 4h-4L12 13.5l-2.5 3h-4l-3-4zM7 11h2M15 11h2",
    "meet": "M3.5 3.5h5v5h-5zM15.5 3.5h5v5h-5zM3 20.5v-8h18v8M8.5 12.5V17M15.5 12.5V17",
    "mobile": "M7 2.5h10v19H7zM11 18h2",
    "offline": "M2.5 14.5c1.5-5 4.5-5.5 6.5-2s4.5 3.5 6 0 4-4.5 6.5-2.5",
    "people": "M4 4h5v5H4zM15 4h5v5h-5zM2.5 20v-7.5h8V20M13.5 20v-7.5h8V20",
    "pen": "M4 20l1-5L15.5 4.5l4 4L9 19zM13 7l4 4",
    "person": "M8.5 3h7v7h-7zM4 21v-6.5h16V21",
    "phone": "M5 3.5h4.5l1.5 5-2.5 2a13 13 0 0 0 5 5l2-2.5 5 1.5V19l-2 2A16 16 0 0 1 3 5.5z",
    "photo": "M3 4h18v16H3zM3 16.5l5-5 5 5 3-3 5 5M15.5 8.5v.01",
    "pin": "M12 21.5s7-6 7-11.5a7 7 0 1 0-14 0c0 5.5 7 11.5 7 11.5zM10.5 8.5h3v3h-3z",
    "plus": "M12 4v16M4 12h16",
    "print": "M7 8V3h10v5M7 17H3.5V8h17v9H17M7 13.5h10V21H7z",
    "qr": "M3.5 3.5h6v6h-6zM14.5 3.5h6v6h-6zM3.5 14.5h6v6h-6zM14.5 14.5h2v2M20.5 14.5v.01"
    "M14.5 20.5v.01M20.5 19v1.5H19",
    "refresh": "M20 4.5V10h-5.5M4 19.5V14h5.5M5.5 9.5A7 7 0 0 1 18.5 9M18.5 14.5A7 7 0 0 1 5.5 15",
    "road": "M8.5 2.5h7V9h-7zM8.5 9h7v6.5h-7zM12 18.5v.01M12 22v.01",
    "search": "M4 10.5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M15.5 15.5l5.5 5.5",
    "shield": "M12 2.5l8 3V12c0 5-4 8-8 9.5C8 20 4 17 4 12V5.5zM8.5 11.5l2.5 2.5 4.5-4.5",
    "trash": "M4 6.5h16M9 6V3h6v3M6 6.5V21h12V6.5M10 11v6M14 11v6",
    "undo": "M15 4l5 5-5 5M20 9H10a5.5 5.5 0 0 0 0 11h4",
    "unit": "M9 3h6v6H9zM3.5 20.5v-7.5h17v7.5",
    "wheelchair": "M10 2.5h2v2h-2zM11.5 7.5v6h6l2.5 6M11.5 10h5M8.5 11.5A5 5 0 1 0 15.5 17.5",
    "zoom": "M4 10.5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M15.5 15.5l5.5 5.5M10.5 7.5v6M7.5 10.5h6",
}
NEED_SIGN: dict[AccessNeed, str] = {
    AccessNeed.STEP_FREE: "wheelchair",
    AccessNeed.SIGN_LANGUAGE: "hand",
    AccessNeed.COMPANION: "people",
    AccessNeed.HARD_OF_HEARING: "ear",
    AccessNeed.LOW_VISION: "eye",
}
"""Need on the day → its icon."""


class Use(BaseHTML):
    """A reference to an icon of the sheet, by its id."""

    tag = "use"
    href: rx.Var[str]


def icon(name: str, size: str = "", aria_label: str = "") -> rx.Component:
    """An icon by name. `size` is "sm" or empty; use `aria_label` only if no word is beside it.

    Raises KeyError for a plain name that is not in SIGNS.
    """
    if is_plain(name):
        SIGNS[name]  # a misspelt name must fail while the page is built
    spoken = {"role": "img", "aria_label": aria_label} if aria_label else {"aria_hidden": "true"}
    return rx.el.svg(
        Use.create(href=f"#i-{name}"),
        class_name=f"icon icon-{size}" if size else "icon",
        **spoken,
    )
