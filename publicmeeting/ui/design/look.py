"""What the app needs from the look: style sheets, head, and what wraps every page."""

import json
import re
from collections.abc import Callable

import reflex as rx
from reflex_components_core.base.error_boundary import (  # type: ignore[import-untyped]  # ships no types
    ErrorBoundary,
)
from reflex_components_core.el.elements.base import (  # type: ignore[import-untyped]  # ships no types
    BaseHTML,
)

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.icons import SIGNS
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.states import dead_end
from publicmeeting.ui.design.tehran import MARK_BOX, mark_paths

# The sheet of all signs and marks, once per document, before every page.
#
# Its inside is one text that React neither draws nor compares. So a page for strangers may come
# with the few signs it shows (`only_used`); the root of all pages puts the whole sheet in their
# place before anything is drawn.

_ID = "signs"
_SIGN = re.compile(r'<symbol id="([^"]+)".*?</symbol>')
_USED = re.compile(r'href="#([^"]+)"')


def _symbol(id_: str, path: str, box: str) -> str:
    return f'<symbol id="{id_}" viewBox="{box}"><path d="{path}"></path></symbol>'


_INSIDE = "".join(
    (
        *(_symbol(f"i-{name}", path, "0 0 24 24") for name, path in SIGNS.items()),
        *(_symbol(name, path, MARK_BOX) for name, path in mark_paths().items()),
    )
)
_CODE = f"""
const allSigns = {json.dumps(_INSIDE)};
{{
  const sheet = globalThis.document?.getElementById("{_ID}");
  if (sheet && sheet.childElementCount < {_INSIDE.count("<symbol ")}) sheet.innerHTML = allSigns;
}}
"""


class SignSheet(BaseHTML):
    """Draws all signs, unseen."""

    tag = "svg"

    def add_custom_code(self) -> list[str]:
        return [_CODE]


def sign_sheet() -> rx.Component:
    """All signs; the app wrap puts it before every page."""
    return SignSheet.create(
        id=_ID,
        aria_hidden="true",
        class_name="absolute",
        custom_attrs={
            "width": "0",
            "height": "0",
            "dangerouslySetInnerHTML": rx.Var("({ __html: allSigns })"),
        },
    )


def only_used(html: str) -> str:
    """A whole page without the signs that nothing in it shows."""
    used = frozenset(_USED.findall(html))
    return _SIGN.sub(lambda sign: sign[0] if sign[1] in used else "", html)


# Of all pages; those of some only stand in `own_sheets`. The order is the cascade: later sheets may
# refine earlier ones.
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
        "notices",
        "road",
        "tables",
        "paper",
        "frames",
        "narrow",
    )
]

FONT = "/fonts/vazirmatn-persian-0032c525.woff2"
"""Persian letters, digits and signs. The rest of the font is fetched where it is used."""
_FORGET = (
    'location.hash=="#left"&&(sessionStorage.removeItem("note"),sessionStorage.removeItem("step"),'
    'history.replaceState(null,"",location.pathname+location.search))'
)
"""Somebody has left (`web.entry`): this tab forgets what she typed, before the framework reads it.
Never all storage: a mayor's unsent strokes lie there too."""
_KEEP_ROW = (
    "/[#&]t=/.test(location.hash)&&(sessionStorage.row=location.hash,"
    'history.replaceState(null,"",location.pathname+location.search))'
)
"""A ticket behind `#` goes no farther than this tab: the framework would send the server the whole
address of the page. `check.js` reads it from here."""

_DRESS_OLD = (
    "self.AbortSignal&&AbortSignal.timeout||document.write("
    "'<link rel=stylesheet href=/flat.css><s'+'cript src=/old.js></s'+'cript>')"
)
"""For browsers before the middle of 2022, which lack some of what scripts and sheet ask for. Every
browser that has this one has the rest. In one piece React would write the name of a script
otherwise on the server than in the browser."""


def head() -> list[rx.Component]:
    """The font before anything asks for it, the mark as the tab's sign, the colours of the bar."""
    return [
        rx.el.link(
            rel="preload",
            href=FONT,
            type="font/woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
        ),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.script(f"{_KEEP_ROW};{_FORGET};{_DRESS_OLD}"),
        rx.el.meta(name="theme-color", content="#073f3e"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


def wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Around every page: the sheet of signs, what to do without scripts, and a way out if a page
    cannot be drawn.
    """
    return {
        (60, "Signs"): lambda _stateful: rx.fragment(sign_sheet(), _no_script()),
        (55, "ErrorBoundary"): lambda _stateful: _boundary(),
    }


def _no_script() -> rx.Component:
    """The way to the plain pages, for browsers that run no script; all others never read it."""
    link = anchor(chrome_text.PLAIN_WAY, href="/plain/", native=True, class_name="link")
    return rx.el.noscript(
        rx.el.p(chrome_text.NO_SCRIPT, " ", link, class_name="notice notice-saffron")
    )


def _boundary() -> rx.Component:
    """Says in the page's own words that it broke; the browser's console keeps the fault."""
    again = anchor(chrome_text.BROKEN_AGAIN, href="", class_name="btn btn-primary")
    page = rx.el.main(
        dead_end(chrome_text.BROKEN, chrome_text.BROKEN_WHY, again), class_name="content"
    )
    return ErrorBoundary.create(fallback_render=rx.Var.create(page), on_error=rx.noop())
