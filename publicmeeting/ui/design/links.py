"""Links to another page: inside the app without a reload, elsewhere by the browser.

`rx.el.a` is the router's link in this version of Reflex. It would open a route of the server (a
picture, a download, signing out) as if it were a page. Use `anchor` with `native`.
"""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import (  # type: ignore[import-untyped]  # ships no types
    A,
)
from reflex_components_core.react_router import (  # type: ignore[import-untyped]  # ships no types
    link as router_link,
)

from publicmeeting.ui.design.flow import is_plain

_OUTSIDE = (
    "http:",
    "https:",
    "tel:",
    "sms:",
    "#",
    "/auth",
    "/images",
    "/draws",
    "/api",
    "/privacy",
)


def anchor(
    *children: rx.Component | str,
    href: str,
    native: bool = False,
    **props: Any,
) -> rx.Component:
    """A link. The browser loads the target itself if `native`, or if a plain address is outside the
    pages."""
    outside = is_plain(href) and (not href or href.startswith(_OUTSIDE))
    if native or outside:
        return A.create(*children, href=href, **props)
    return router_link(*children, to=href, **props)


def door_from_here(door: str) -> Any:
    """Return the address of the sign-in page `door` that leads back to the current page.

    The browser computes it, so draw such a link only where the browser draws it.
    """
    here = (
        "(({pathname, search}) => encodeURIComponent(pathname + search))(globalThis.location ?? {})"
    )
    return rx.Var(f'("{door}?next=" + {here})').to(str)


def track_from_here() -> Any:
    """Return the address of the search by tracking code, with this page's code already in the
    field.

    The browser takes the code from its own address.
    """
    code = '((globalThis.location?.pathname.match(/[0-9]{10}/) ?? [""])[0])'
    return rx.Var(f'("/track/?code=" + {code})').to(str)


def text_link(word: str, href: str, *, native: bool = False) -> rx.Component:
    """An underlined link on its own line, with a touch target around it."""
    return anchor(word, href=href, native=native, class_name="link nav-link")
