"""How Reflex's build is changed: fewer bytes, our words, our own origin; used by `rxconfig.py`.

Each change is made in a text that Reflex has just written, at a place that must be there exactly
once: a Reflex that writes it in another way stops the build.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, PreCompileContext

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.shown import SHOWN

AGAIN = "again"
"""Before what a page names that connects again (`defaults_named`). Reflex takes such a list for
that of other states, so whatever is left to it is sent whole."""
_NAMED_LETTERS = 10
_VITE = "vite.config.js"
_STATE = "utils/state.js"
_SAME_HOST = "SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)"
"""Where Reflex drops the port of a page on https://localhost; ours asks its own origin anyhow."""
_EMITS = 'socket.emit("event", encodeFormDataArgs(routed_event));'
_EMITS_ANSWERED = f"window.__redelivery?.(routed_event, socket); {_EMITS}"
"""What a person pressed is kept until the server has carried it out (ui/shell/redelivery.js)."""
_CONNECTED = "reported_missing_substates.clear();"
_NOTES_SOCKET = f"{_CONNECTED}\n    socket.current.was = socket.current.id;"
_ASKS_AGAIN = "opts.query = { token: getToken() };"
_NAMES_SOCKET = 'opts.query = { token: getToken(), was: socket.current.was ?? "" };'
"""Which socket it had, as only this very page knows (ui/reflex/same_page.py)."""
_LEAVES_EARLY = '    window.addEventListener("beforeunload", disconnectTrigger);\n'
_GOES = "      navigate(pathname);"
_GOES_TO_SHOWN = f"      shownAddress = event.payload.{SHOWN} ? pathname : null;\n{_GOES}"
_ROUTE_CHANGES = "    // Equivalent to routeChangeStart - runs when navigation begins\n"
_IS_SHOWN = """    const isShown = shownAddress === location.pathname + location.search;
    shownAddress = null;
    if (isShown) {
      prevLocationRef.current = location;
      return;
    }
"""
_APPLIES = "export const applyEvent = "
_KNOWS_SHOWN = f"let shownAddress = null;\n\n{_APPLIES}"
_CONTEXT = "utils/context.jsx"
_TOLD = "utils/told_again.js"
TOLD_AGAIN = Path(__file__).with_name("told_again.js")
_TAKES_DELTA = "withoutUnknownSubstates(update.delta)"
_TAKES_WHOLE = "withoutUnknownSubstates(whole(update.delta))"
_IMPORTED = 'import { parseJson } from "$/utils/helpers/json";'
_SAYS_HASHES = """if (first) {
        payload["hashes"] = initialStateHashes;
    }"""
_ALWAYS_SAYS_HASHES = (
    f'payload["hashes"] = first ? initialStateHashes : ["{AGAIN}", ...defaultsNamed.split(" ")];'
)
_STATES = re.compile(r"^export const initialState = (\{.*\})$", re.MULTILINE)
_HASHES = re.compile(r"^export const initialStateHashes = (\[.*\])$", re.MULTILINE)
_REGISTERS = "registerApp({"
_REGISTERS_DEFAULTS = f"{_REGISTERS}\n  defaults: {{ ...initialState }},"
"""As they were built; a page filled on the server begins with others (`ui/first/filling.py`)."""
_LIBRARIES = (
    r'{ test: /node_modules\/(?:react-dom|scheduler)\//, name: "react", priority: 2 },'
    "\n"
    r'{ test: /node_modules\/(?!jsqr\/)/, name: "libraries", priority: 1 },'
)
"""All but the reader of QR codes, which is fetched when a picture has been chosen. In two halves: a
browser reads each in one go, and a touch waits for no longer than one of them."""
_EAGER = 'postBanner: "//# allFunctionsCalledOnLoad\\n",'
"""Asks browsers to compile a script whole when it comes, instead of each function when it is first
called: at a step from page to page that was a quarter of the work."""
_FLAT = "flat_sheet.js"
FLAT_SHEET = Path(__file__).with_name(_FLAT)
_CHANGED = "libraries.js"
CHANGED_LIBRARIES = Path(__file__).with_name(_CHANGED)
_VITE_IMPORTS = 'import { defineConfig } from "vite";'
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
    """Spares a citizen's first visit 12 KB of 174.

    Emotion is left out: it does nothing but read the prop `css`, and our looks are classes; a test
    holds that no page asks for it. All other libraries lie in a chunk of their own: Reflex's
    state.js calls `eval`, so nothing beside it would get short names, and a new release of ours
    leaves the libraries in the browser's cache.
    """

    def get_static_assets(
        self, **_context: Unpack[CommonContext]
    ) -> tuple[tuple[Path, str | bytes], ...]:
        return (
            (Path(_PLAIN), _PLAIN_JSX),
            (Path(_TOLD), TOLD_AGAIN.read_text(encoding="utf-8")),
            (Path(_CHANGED), CHANGED_LIBRARIES.read_text(encoding="utf-8")),
            (Path(_FLAT), FLAT_SHEET.read_text(encoding="utf-8")),
        )

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        change = context["add_modify_task"]
        change(_VITE, lambda text: _put_first(text, "groups: [", _LIBRARIES))
        change(_VITE, lambda text: _put_first(text, "alias: [", _ALIAS))
        change(_VITE, packs_otherwise)
        change(_STATE, in_persian)
        change(_STATE, lambda text: _replace_once(text, _SAME_HOST, "false"))
        change(_STATE, lambda text: _replace_once(text, _EMITS, _EMITS_ANSWERED))
        change(_STATE, names_its_socket)
        change(_STATE, lives_until_it_is_left)
        change(_STATE, sends_over_defaults)
        change(_STATE, loads_nothing_shown)
        change(_CONTEXT, keeps_defaults)


def packs_otherwise(config: str) -> str:
    """Reflex's `vite.config.js` with scripts compiled whole, changed libraries (`libraries.js`) and
    the style sheet once more (`flat_sheet.js`)."""
    imports = f'import changeLibraries from "./{_CHANGED}";\nimport flatSheet from "./{_FLAT}";'
    config = _replace_once(config, _VITE_IMPORTS, f"{_VITE_IMPORTS}\n{imports}")
    config = _put_first(config, "plugins: [", "changeLibraries(), flatSheet(),")
    return _put_first(config, "output: {", _EAGER)


def in_persian(script: str) -> str:
    """Reflex's `state.js` with our sentences. ValueError where its own are written otherwise."""
    for english, persian in _SENTENCES.items():
        script = _replace_once(script, english, json.dumps(persian, ensure_ascii=False))
    return script


def names_its_socket(script: str) -> str:
    """Reflex's `state.js` that says at a new connection which socket it had before."""
    script = _replace_once(script, _CONNECTED, _NOTES_SOCKET)
    return _replace_once(script, _ASKS_AGAIN, _NAMES_SOCKET)


def lives_until_it_is_left(script: str) -> str:
    """Reflex's `state.js` that closes its socket when the page goes (`pagehide`), and not already
    when a link was pressed: one that saves a file or dials a number leaves the page where it is."""
    return _replace_once(script, _LEAVES_EARLY, "")


def sends_over_defaults(script: str) -> str:
    """Reflex's `state.js` that takes over what differs from the defaults (`told_again.js`)."""
    script = _replace_once(script, _IMPORTED, f'{_IMPORTED}\nimport {{ whole }} from "$/{_TOLD}";')
    return _replace_once(script, _TAKES_DELTA, _TAKES_WHOLE)


def loads_nothing_shown(script: str) -> str:
    """Reflex's `state.js` that loads nothing at an address whose page it shows (`shown.py`)."""
    script = _replace_once(script, _APPLIES, _KNOWS_SHOWN)
    script = _replace_once(script, _GOES, _GOES_TO_SHOWN)
    return _replace_once(script, _ROUTE_CHANGES, f"{_IS_SHOWN}\n{_ROUTE_CHANGES}")


def keeps_defaults(script: str) -> str:
    """Reflex's `context.jsx` that keeps the defaults, and names them when it connects again."""
    states, hashes = (json.loads(_only(pattern, script)) for pattern in (_STATES, _HASHES))
    named = defaults_named(dict(zip(sorted(states), hashes[1:], strict=True)))
    script = _replace_once(script, _SAYS_HASHES, _ALWAYS_SAYS_HASHES)
    script = _replace_once(script, _REGISTERS, _REGISTERS_DEFAULTS)
    return f'{script}\nconst defaultsNamed = "{" ".join(named)}";\n'


def defaults_named(hashes: Mapping[str, str]) -> dict[str, str]:
    """What a page says of each state's defaults → the state, from the states' hashes by Reflex.

    It holds the state's name: of a page that was built with other states besides, a server still
    knows which ones are the same.
    """
    return {
        sha256(f"{state} {hash_}".encode()).hexdigest()[:_NAMED_LETTERS]: state
        for state, hash_ in hashes.items()
    }


def _only(wanted: re.Pattern[str], script: str) -> str:
    """What stands in the one place of a script. ValueError where it is not there exactly once."""
    found = wanted.findall(script)
    if len(found) != 1:
        raise ValueError(f"«{wanted.pattern}» is not once in Reflex's script")
    return str(found[0])


def _replace_once(text: str, part: str, other: str) -> str:
    """Put `other` in the place of the one `part` of a script."""
    if text.count(part) != 1:
        raise ValueError(f"«{part}» is not once in Reflex's script: it is written in another way")
    return text.replace(part, other)


def _put_first(text: str, list_: str, item: str) -> str:
    """Put an item at the head of a list in a script."""
    return _replace_once(text, list_, f"{list_}\n{item}")
