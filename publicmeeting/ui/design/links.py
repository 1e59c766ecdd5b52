"""Ways to another page: inside the app without a reload, elsewhere as the browser does it.

`rx.el.a` is the router's link in this version of Reflex: it would open a route of the server (a
picture, a download, signing out) as if it were a page. Use `anchor` and say `native`.
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
    """A link. `native`, or a plain address outside the pages, makes the browser load it itself."""
    outside = is_plain(href) and (not href or href.startswith(_OUTSIDE))
    if native or outside:
        return A.create(*children, href=href, **props)
    return router_link(*children, to=href, **props)


def door_from_here(door: str) -> Any:
    """The address of a sign-in page that leads back to where she is.

    It is known in the browser only, where all that has this link is drawn.
    """
    here = (
        "(({pathname, search}) => encodeURIComponent(pathname + search))(globalThis.location ?? {})"
    )
    return rx.Var(f'("{door}?next=" + {here})').to(str)


def track_from_here() -> Any:
    """The address at which a request is looked up by its code, with the code of this page's own
    address in the field; known in the browser only."""
    code = '((globalThis.location?.pathname.match(/[0-9]{10}/) ?? [""])[0])'
    return rx.Var(f'("/track/?code=" + {code})').to(str)


def text_link(word: str, href: str, *, native: bool = False) -> rx.Component:
    """An underlined link that stands alone, with a whole target around it."""
    return anchor(word, href=href, native=native, class_name="link nav-link")
