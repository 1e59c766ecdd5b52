"""Ways to another page: inside the app without a reload, elsewhere as the browser does it."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router import (  # type: ignore[import-untyped]  # ships no types
    link as router_link,
)

from publicmeeting.ui.design.flow import is_plain

_NATIVE = ("http:", "https:", "tel:", "sms:", "#", "/auth", "/images", "/draws", "/api")


def anchor(
    *children: rx.Component | str,
    href: str,
    native: bool = False,
    **props: Any,  # noqa: ANN401 (events and attributes)
) -> rx.Component:
    """A link. `native` (or an address outside the pages) makes the browser load it itself."""
    outside = is_plain(href) and href.startswith(_NATIVE)
    if native or outside:
        return rx.el.a(*children, href=href, **props)
    return router_link(*children, to=href, **props)


def text_link(word: str, href: str, *, native: bool = False, class_name: str = "") -> rx.Component:
    """An underlined link that stands alone, with a whole target around it."""
    return anchor(word, href=href, native=native, class_name=f"link nav-link {class_name}".strip())
