"""How Reflex's build is changed: fewer bytes, our words, our own origin; used by `rxconfig.py`.

Each change is made in a text that Reflex has just written, at a place that must be there exactly
once: a Reflex that writes it in another way stops the build.
"""

import json
from pathlib import Path
from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, PreCompileContext

from publicmeeting.text.common import chrome_text

_VITE = "vite.config.js"
_STATE = "utils/state.js"
_SAME_HOST = "SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)"
"""Where Reflex drops the port of a page on https://localhost; ours asks its own origin anyhow."""
_EMITS = 'socket.emit("event", encodeFormDataArgs(routed_event));'
_EMITS_ANSWERED = (
    'socket.emit("event", encodeFormDataArgs(routed_event),'
    " ...(window.__redelivery?.(routed_event) ?? []));"
)
"""With a function that is called when the server has the event (ui/shell/redelivery.js)."""
_LIBRARIES = r'{ test: /node_modules\/(?!jsqr\/)/, name: "libraries" },'
"""All but the reader of QR codes, which is fetched when a picture has been chosen."""
_PLAIN = "utils/plain-jsx.js"
_PLAIN_JSX = 'import { createElement } from "react";\n\nexport const jsx = createElement;\n'
_ALIAS = (
    '{ find: "@emotion/react", replacement: '
    f'fileURLToPath(new URL("./{_PLAIN}", import.meta.url)) }},'
)
_SENTENCES = {
    '"A new version of this app is available."': chrome_text.NEW_VERSION,
    '"Reload"': chrome_text.RELOAD,
}
"""What Reflex's script says to people → what ours says."""


class SmallBundle(rx.plugins.Plugin):
    """Spares a citizen's first visit 11 KB of 175.

    Emotion is left out: it does nothing but read the prop `css`, and our looks are classes; a test
    holds that no page asks for it. All other libraries lie in a chunk of their own: Reflex's
    state.js calls `eval`, so nothing beside it would get short names, and a new release of ours
    leaves the libraries in the browser's cache.
    """

    def get_static_assets(
        self, **_context: Unpack[CommonContext]
    ) -> tuple[tuple[Path, str | bytes], ...]:
        return ((Path(_PLAIN), _PLAIN_JSX),)

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        context["add_modify_task"](_VITE, lambda text: _put_first(text, "groups: [", _LIBRARIES))
        context["add_modify_task"](_VITE, lambda text: _put_first(text, "alias: [", _ALIAS))
        context["add_modify_task"](_STATE, in_persian)
        context["add_modify_task"](_STATE, lambda text: _replace_once(text, _SAME_HOST, "false"))
        context["add_modify_task"](
            _STATE, lambda text: _replace_once(text, _EMITS, _EMITS_ANSWERED)
        )


def in_persian(script: str) -> str:
    """Reflex's `state.js` with our sentences. ValueError where its own are written otherwise."""
    for english, persian in _SENTENCES.items():
        script = _replace_once(script, english, json.dumps(persian, ensure_ascii=False))
    return script


def _replace_once(text: str, part: str, other: str) -> str:
    """Put `other` in the place of the one `part` of a script."""
    if text.count(part) != 1:
        raise ValueError(f"«{part}» is not once in Reflex's script: it is written in another way")
    return text.replace(part, other)


def _put_first(text: str, list_: str, item: str) -> str:
    """Put an item at the head of a list in a script."""
    return _replace_once(text, list_, f"{list_}\n{item}")
