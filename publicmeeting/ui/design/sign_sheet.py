"""The sheet of all signs and marks, once per document, before every page.

Its inside is one text that React neither draws nor compares. So a page for strangers may come with
the few signs it shows (`only_used`); the root of all pages puts the whole sheet in their place
before anything is drawn.
"""

import json
import re

import reflex as rx
from reflex_components_core.el.elements.base import (  # type: ignore[import-untyped]  # ships no types
    BaseHTML,
)

from publicmeeting.ui.design.icons import SIGNS
from publicmeeting.ui.design.tehran import MARK_BOX, mark_paths

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
