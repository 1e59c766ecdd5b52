"""Style sheets, the document head, and the components around every page."""

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
from publicmeeting.ui.design.controls import anchor
from publicmeeting.ui.design.icons import SIGNS
from publicmeeting.ui.design.states import dead_end
from publicmeeting.ui.design.tehran import MARK_BOX, mark_paths
from publicmeeting.ui.reflex.scripts import link_script

# The sheet of all icons and marks, once per document, before every page.
#
# Its content is one text that React neither draws nor compares. A public page can therefore arrive
# with only the few icons it shows (`only_used`). The root of all pages replaces them with the whole
# sheet before anything is drawn.

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
    """The invisible element that contains all icons."""

    tag = "svg"

    def add_custom_code(self) -> list[str]:
        return [_CODE]


def sign_sheet() -> rx.Component:
    """All icons; `wraps` puts them before every page."""
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
    """Return a whole page without the icons that nothing in it uses."""
    used = frozenset(_USED.findall(html))
    return _SIGN.sub(lambda sign: sign[0] if sign[1] in used else "", html)


# The sheets of all pages; `frames` has those that only some pages load. The order is the cascade:
# later sheets may refine earlier ones.
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
"""Persian letters, digits and signs. The browser fetches the rest of the font if a page uses it."""
_FORGET = (
    'location.hash=="#left"&&(["note","step","row"].forEach((one)=>sessionStorage.removeItem(one)),'
    'history.replaceState(null,"",location.pathname+location.search))'
)
"""After signing out (`web.routes.sign_in` adds `#left`), delete what was typed in this tab, and a
receipt on its way to its check.

It runs before Reflex reads the storage. Do not clear all of it: it also has a mayor's unsent
strokes.
"""
_KEEP_ROW = (
    "/[#&]t=/.test(location.hash)&&(sessionStorage.row=location.hash,"
    'history.replaceState(null,"",location.pathname+location.search))'
)
"""Keep a ticket that comes in the fragment (`#t=`) within this tab; `check.js` reads it from there.

Reflex would otherwise send the server the page's whole address.
"""

_DRESS_OLD = (
    "try{sessionStorage.length,localStorage.length,AbortSignal.timeout.name}catch(e){document.write("
    "'<link rel=stylesheet href=/flat.css><s'+'cript src=/old.js></s'+'cript>')}"
)
"""Load style sheet and scripts for browsers that lack needed features: those before the middle of
2022, and those that refuse storage, as with all cookies blocked or in some apps.

Browsers that have `AbortSignal.timeout` have the others too. The script's tag is split because
React would otherwise write it differently on the server and in the browser.
"""


def head() -> list[rx.Component]:
    """The document head: font preload, icon, manifest, early script and the colours of the
    browser's bar."""
    return [
        rx.el.link(
            rel="preload",
            href=FONT,
            type="font/woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
        ),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.script(f"{_DRESS_OLD};{_KEEP_ROW};{_FORGET}"),
        rx.el.meta(name="theme-color", content="#073f3e"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


class Unfolded(rx.Component):
    """Component of unfolded.js. It draws nothing."""

    library = link_script(__name__, "unfolded.js")
    tag = "Unfolded"


def wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Return what is around every page: icon sheet, notice for browsers without scripts, script for
    paper, error boundary."""
    return {
        (60, "Signs"): lambda _stateful: rx.fragment(sign_sheet(), _no_script(), Unfolded.create()),
        (55, "ErrorBoundary"): lambda _stateful: _boundary(),
    }


def _no_script() -> rx.Component:
    """A link to the plain version of this page, for browsers that run no scripts."""
    link = anchor(chrome_text.PLAIN_WAY, href="/plain/old/", native=True, class_name="link")
    return rx.el.noscript(
        rx.el.p(chrome_text.NO_SCRIPT, " ", link, class_name="notice notice-saffron")
    )


def _boundary() -> rx.Component:
    """The page shown if drawing fails. The error is in the browser's console."""
    again = anchor(chrome_text.BROKEN_AGAIN, href="", class_name="btn btn-primary")
    page = rx.el.main(
        dead_end(chrome_text.BROKEN, chrome_text.BROKEN_WHY, again), class_name="content"
    )
    return ErrorBoundary.create(fallback_render=rx.Var.create(page), on_error=rx.noop())
