"""Changes to the files that Reflex generates for the build: smaller scripts, Persian sentences, and
the page's own origin. `rxconfig.py` registers the plugin.

Each change replaces a text that Reflex has just written. The text must occur exactly once. If a new
version of Reflex writes it differently, the build stops.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, PreCompileContext
from reflex_components_core.base.meta import Image  # type: ignore[import-untyped]  # ships no types

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex.sending import PRESS

SHOWN = "shown"
"""Key in the payload of a redirect whose page is already shown (`whereabouts.shown_at`)."""
AGAIN = "again"
"""First item of the list of defaults that a reconnecting page sends (`defaults_named`).

If no middleware here handles the event, Reflex finds hashes that match none of its own. It then
sends every state whole.
"""
_NAMED_LETTERS = 10
_VITE = "vite.config.js"
_STATE = "utils/state.js"
_SAME_HOST = "SAME_DOMAIN_HOSTNAMES.includes(endpoint.hostname)"
"""The check by which Reflex drops the port of a page on https://localhost.

The build replaces it with `false`: our pages connect to their own origin in any case.
"""
_EMITS = 'socket.emit("event", encodeFormDataArgs(routed_event));'
_EMITS_ANSWERED = f"window.__redelivery?.(routed_event, socket); {_EMITS}"
"""Stores each event until the server has carried it out (ui/shell/connection/redelivery.js)."""
_LOADS_ANEW = "    reloadForNewVersion();\n    return;"
_LOADS_ANEW_LATER = """    const loadAnew = window.__afterAnswers ?? ((then) => then());
    loadAnew(reloadForNewVersion, event_queue.length);
    return;"""
"""Lets a page of another release end what its user has pressed
(ui/shell/connection/redelivery.js)."""
_FOCUSES = 'if (event.name == "_set_focus") {'
_FOCUSES_STILL = f"{_FOCUSES}\n    if (window.__hasGoneOn?.(event.payload.{PRESS})) return;"
"""Leaves the focus where it is if the user has gone on since her press
(ui/shell/connection/gone_on.js)."""
_CONNECTED = "reported_missing_substates.clear();"
_NOTES_SOCKET = f"{_CONNECTED}\n    socket.current.was = socket.current.id;"
_ASKS_AGAIN = "opts.query = { token: getToken() };"
_NAMES_SOCKET = 'opts.query = { token: getToken(), was: socket.current.was ?? "" };'
"""Sends the id of the page's previous socket, which only this page knows
(ui/reflex/page_states.py)."""
_LEAVES_EARLY = '    window.addEventListener("beforeunload", disconnectTrigger);\n'
_GOES = "      navigate(pathname);"
_GOES_TO_SHOWN = f"""      shownAddress = event.payload.{SHOWN} ? pathname : null;
      // A press that came twice goes to one address twice: "back" leaves it at once all the same.
      const isThere = shownAddress === window.location.pathname + window.location.search;
      navigate(pathname, {{ replace: isThere }});"""
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
_OVER_DEFAULTS = "utils/over_defaults.js"
OVER_DEFAULTS_SCRIPT = Path(__file__).with_name("over_defaults.js")
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
"""The defaults as they were built. A page filled on the server begins with other values
(`ui/first/filling.py`)."""
_LIBRARIES = (
    r'{ test: /node_modules\/(?:react-dom|scheduler)\//, name: "react", priority: 2 },'
    "\n"
    r'{ test: /node_modules\/(?!jsqr\/)/, name: "libraries", priority: 1 },'
)
"""Chunk groups for all libraries except the QR reader, which is fetched when a picture has been
chosen.

There are two chunks because a browser evaluates each script in one task. A touch then waits for at
most one of them.
"""
_EAGER = 'postBanner: "//# allFunctionsCalledOnLoad\\n",'
"""The comment that asks browsers to compile a script whole when it arrives, not each function at
its first call.

Compilation at the first call was a quarter of the work of a step from page to page.
"""
_TAILWIND = "styles/tailwind.css"
NOT_CLASSES = (
    *(f"m-{number}" for number in range(1, 23)),
    *("container", "contents", "filter", "fixed", "ordinal", "resize"),
    *("ring", "static", "transform", "uppercase", "visible"),
)
"""Names of utilities that no page uses, but that Tailwind finds in scripts: ids and plain words."""
_FLAT = "flat_sheet.js"
FLAT_SHEET = Path(__file__).with_name(_FLAT)
_CHANGED = "libraries.js"
CHANGED_LIBRARIES = Path(__file__).with_name(_CHANGED)
_VITE_IMPORTS = 'import { defineConfig } from "vite";'
_PLAIN = "utils/plain-jsx.js"
_PLAIN_JSX = 'import { createElement } from "react";\n\nexport const jsx = createElement;\n'
_COOKIES = "utils/no-cookies.js"
_NO_COOKIES = """export default class {
  get() {}
  set() {}
  remove() {}
}
"""
_ALIAS = "".join(
    f'{{ find: "{library}", replacement: fileURLToPath(new URL("./{ours}", import.meta.url)) }},'
    for library, ours in (("@emotion/react", _PLAIN), ("universal-cookie", _COOKIES))
)
_SENTENCES = {
    '"A new version of this app is available."': chrome_text.NEW_VERSION,
    '"Reload"': chrome_text.RELOAD,
}
"""English sentences in Reflex's script → the Persian ones that replace them."""


class SmallBundle(rx.plugins.Plugin):
    """Reflex plugin that makes a citizen's first visit smaller.

    Emotion is left out: it does nothing but read the prop `css`, and these pages are styled by
    classes. A test checks that no page uses the prop. The library for cookies is left out too,
    because only the server sets any; a test checks that no state does.

    All other libraries are in chunks of their own, for two reasons. Reflex's state.js calls `eval`,
    so nothing in the same chunk can get short names. And after a new release the libraries are
    still in the browser's cache.
    """

    def get_static_assets(
        self, **_context: Unpack[CommonContext]
    ) -> tuple[tuple[Path, str | bytes], ...]:
        return (
            (Path(_PLAIN), _PLAIN_JSX),
            (Path(_COOKIES), _NO_COOKIES),
            (Path(_OVER_DEFAULTS), OVER_DEFAULTS_SCRIPT.read_text(encoding="utf-8")),
            (Path(_CHANGED), CHANGED_LIBRARIES.read_text(encoding="utf-8")),
            (Path(_FLAT), FLAT_SHEET.read_text(encoding="utf-8")),
        )

    def enter_component(self, comp: object, /, **_context: object) -> rx.Component | None:
        """Leave out the preview picture, for which Reflex names a `favicon.ico` in every page.

        There is no such file. Messengers ask for an absolute address, which a build does not know.
        """
        return rx.fragment() if isinstance(comp, Image) else None

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        change = context["add_modify_task"]
        change(_VITE, lambda text: _put_first(text, "groups: [", _LIBRARIES))
        change(_VITE, lambda text: _put_first(text, "alias: [", _ALIAS))
        change(_VITE, packs_otherwise)
        change(_STATE, in_persian)
        change(_STATE, lambda text: _replace_once(text, _SAME_HOST, "false"))
        change(_STATE, lambda text: _replace_once(text, _EMITS, _EMITS_ANSWERED))
        change(_STATE, lambda text: _replace_once(text, _LOADS_ANEW, _LOADS_ANEW_LATER))
        change(_STATE, leaves_focus_to_her)
        change(_STATE, names_its_socket)
        change(_STATE, lives_until_it_is_left)
        change(_STATE, sends_over_defaults)
        change(_STATE, loads_nothing_shown)
        change(_CONTEXT, keeps_defaults)
        change(_TAILWIND, without_false_classes)


def without_false_classes(sheet: str) -> str:
    """Return Reflex's `tailwind.css`, changed to write no rule for a word that is not a class."""
    return f'{sheet}@source not inline("{{{",".join(NOT_CLASSES)}}}");\n'


def packs_otherwise(config: str) -> str:
    """Return Reflex's `vite.config.js` with our plugins and with scripts that are compiled whole.

    The plugins change the libraries (`libraries.js`) and write the style sheet again for old
    browsers (`flat_sheet.js`).
    """
    imports = f'import changeLibraries from "./{_CHANGED}";\nimport flatSheet from "./{_FLAT}";'
    config = _replace_once(config, _VITE_IMPORTS, f"{_VITE_IMPORTS}\n{imports}")
    config = _put_first(config, "plugins: [", "changeLibraries(), flatSheet(),")
    return _put_first(config, "output: {", _EAGER)


def in_persian(script: str) -> str:
    """Return Reflex's `state.js` with Persian sentences. Raises ValueError if Reflex's own
    sentences have changed."""
    for english, persian in _SENTENCES.items():
        script = _replace_once(script, english, json.dumps(persian, ensure_ascii=False))
    return script


def names_its_socket(script: str) -> str:
    """Return Reflex's `state.js`, changed to send the id of its previous socket when it
    reconnects."""
    script = _replace_once(script, _CONNECTED, _NOTES_SOCKET)
    return _replace_once(script, _ASKS_AGAIN, _NAMES_SOCKET)


def leaves_focus_to_her(script: str) -> str:
    """Return Reflex's `state.js`, changed to move the focus only if the user has done nothing since
    the press that the server answers."""
    return _replace_once(script, _FOCUSES, _FOCUSES_STILL)


def lives_until_it_is_left(script: str) -> str:
    """Return Reflex's `state.js`, changed to close its socket only at `pagehide`, not at
    `beforeunload`.

    A link that saves a file or dials a number fires `beforeunload` too, but the page stays open.
    """
    return _replace_once(script, _LEAVES_EARLY, "")


def sends_over_defaults(script: str) -> str:
    """Return Reflex's `state.js`, changed to apply first the built defaults and then what differs
    from them (`over_defaults.js`)."""
    script = _replace_once(
        script, _IMPORTED, f'{_IMPORTED}\nimport {{ whole }} from "$/{_OVER_DEFAULTS}";'
    )
    return _replace_once(script, _TAKES_DELTA, _TAKES_WHOLE)


def loads_nothing_shown(script: str) -> str:
    """Return Reflex's `state.js`, changed to load nothing when the page is already shown
    (`whereabouts.shown_at`)."""
    script = _replace_once(script, _APPLIES, _KNOWS_SHOWN)
    script = _replace_once(script, _GOES, _GOES_TO_SHOWN)
    return _replace_once(script, _ROUTE_CHANGES, f"{_IS_SHOWN}\n{_ROUTE_CHANGES}")


def keeps_defaults(script: str) -> str:
    """Return Reflex's `context.jsx`, changed to keep the defaults and to name them when it
    reconnects."""
    states, hashes = (json.loads(_only(pattern, script)) for pattern in (_STATES, _HASHES))
    named = defaults_named(dict(zip(sorted(states), hashes[1:], strict=True)))
    script = _replace_once(script, _SAYS_HASHES, _ALWAYS_SAYS_HASHES)
    script = _replace_once(script, _REGISTERS, _REGISTERS_DEFAULTS)
    return f'{script}\nconst defaultsNamed = "{" ".join(named)}";\n'


def defaults_named(hashes: Mapping[str, str]) -> dict[str, str]:
    """Return short hash → state name, from the hashes that Reflex computes of each state's
    defaults.

    A reconnecting page sends these short hashes. Each hash includes the state's name. The server
    can therefore recognise unchanged states even if the page was built with a different set of
    states.
    """
    return {
        sha256(f"{state} {hash_}".encode()).hexdigest()[:_NAMED_LETTERS]: state
        for state, hash_ in hashes.items()
    }


def _only(wanted: re.Pattern[str], script: str) -> str:
    """Return the text that the pattern finds. Raises ValueError unless it matches exactly once."""
    found = wanted.findall(script)
    if len(found) != 1:
        raise ValueError(f"«{wanted.pattern}» is not once in Reflex's script")
    return str(found[0])


def _replace_once(text: str, part: str, other: str) -> str:
    """Replace `part` with `other`. Raises ValueError unless `part` occurs exactly once."""
    if text.count(part) != 1:
        raise ValueError(f"«{part}» is not once in Reflex's script: it is written in another way")
    return text.replace(part, other)


def _put_first(text: str, list_: str, item: str) -> str:
    """Insert an item at the head of a list in a script."""
    return _replace_once(text, list_, f"{list_}\n{item}")
