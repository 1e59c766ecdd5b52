"""Changes to Reflex's scripts; if a new Reflex writes them differently, the build stops."""

import ast
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files

import pytest
import reflex as rx
from reflex.compiler.utils import add_meta
from reflex_base.compiler.templates import vite_config_template
from reflex_base.event import Event
from reflex_base.plugins.compiler import CompileContext, CompilerHooks, PageContext
from reflex_base.plugins.tailwind_v4 import compile_root_style
from support.browser_scripts import Scripts

from publicmeeting.config import PROJECT
from publicmeeting.text.common import chrome_text
from publicmeeting.ui.reflex import bundle
from publicmeeting.ui.reflex.bundle import (
    AGAIN,
    NOT_CLASSES,
    SHOWN,
    defaults_named,
    in_persian,
    keeps_defaults,
    leaves_focus_to_her,
    lives_until_it_is_left,
    loads_nothing_shown,
    names_its_socket,
    packs_otherwise,
    sends_over_defaults,
    without_false_classes,
)
from publicmeeting.ui.reflex.first_state import OVER_DEFAULTS
from publicmeeting.ui.reflex.sending import FOCUS, PRESS
from publicmeeting.ui.reflex.whereabouts import shown_at

SCRIPT = files("reflex_base").joinpath(".templates/web/utils/state.js").read_text(encoding="utf-8")


def test_to_whoever_has_an_earlier_release_open() -> None:
    ours = in_persian(SCRIPT)
    assert chrome_text.NEW_VERSION in ours
    assert chrome_text.RELOAD in ours
    assert "A new version of this app" not in ours


def test_other_words_are_noticed() -> None:
    with pytest.raises(ValueError, match="new version"):
        in_persian(SCRIPT.replace("A new version", "The new version"))


def test_what_differs_from_the_defaults_is_put_over_them() -> None:
    ours = sends_over_defaults(SCRIPT)
    assert "whole(update.delta)" in ours
    assert 'from "$/utils/over_defaults.js"' in ours
    with pytest.raises(ValueError, match=r"update\.delta"):
        sends_over_defaults(ours)
    assert f'"{OVER_DEFAULTS}"' in bundle.OVER_DEFAULTS_SCRIPT.read_text(encoding="utf-8")


def test_a_page_says_which_socket_it_had() -> None:
    ours = names_its_socket(SCRIPT)
    assert "{ token: getToken(), was: socket.current.was" in ours
    with pytest.raises(ValueError, match="getToken"):
        names_its_socket(SCRIPT.replace("{ token: getToken() };", "{ token };"))


def test_the_focus_stays_with_somebody_who_has_gone_on() -> None:
    ours = leaves_focus_to_her(SCRIPT)
    asked = f"if (window.__hasGoneOn?.(event.payload.{PRESS})) return;"
    assert asked in ours[ours.index(f'"{FOCUS}"') : ours.index("current.focus()")]
    with pytest.raises(ValueError, match=FOCUS):
        leaves_focus_to_her(SCRIPT.replace(FOCUS, "_focus"))


def test_a_page_lives_until_it_is_left() -> None:
    ours = lives_until_it_is_left(SCRIPT)
    assert 'addEventListener("beforeunload"' not in ours
    assert 'addEventListener("pagehide", pagehideHandler)' in ours
    with pytest.raises(ValueError, match="beforeunload"):
        lives_until_it_is_left(ours)


def test_an_address_whose_page_is_shown_loads_nothing() -> None:
    ours = loads_nothing_shown(SCRIPT)
    assert f"shownAddress = event.payload.{SHOWN} ? pathname : null;" in ours
    assert ours.index("if (isShown)") < ours.index("addEvents(app.onLoadInternalEvent());")
    with pytest.raises(ValueError, match="navigate"):
        loads_nothing_shown(SCRIPT.replace("navigate(pathname);", "go(pathname);"))
    goes = Event.from_event_type(shown_at("/request/?step=2"))
    assert [(event.name, event.payload[SHOWN]) for event in goes] == [("_redirect", True)]


CONTEXT = """
export const initialState = {"b": {}, "a": {"x": 1}}
export const initialStateHashes = ["of the names", "of a", "of b"]
    if (first) {
        payload["hashes"] = initialStateHashes;
    }
registerApp({
"""


def test_a_page_names_its_defaults_by_state_when_it_connects_again() -> None:
    ours = keeps_defaults(CONTEXT)
    named = list(defaults_named({"a": "of a", "b": "of b"}))
    assert f'const defaultsNamed = "{" ".join(named)}";' in ours
    assert f'first ? initialStateHashes : ["{AGAIN}", ...defaultsNamed.split(" ")]' in ours
    assert named != list(defaults_named({"b": "of a", "a": "of b"})), "the same in other states"
    with pytest.raises(ValueError, match="initialStateHashes"):
        keeps_defaults(CONTEXT.replace("initialStateHashes = ", "initialHashes = "))


def test_a_word_that_is_not_a_class_gets_no_rule_and_no_page_uses_it() -> None:
    ours = without_false_classes(compile_root_style(include_radix_themes=False)[1])
    assert ours.endswith(f'@source not inline("{{{",".join(NOT_CLASSES)}}}");\n')
    used = set(_classes())
    assert {"grid", "mt-4", "text-ink2", "ink-tool", "min-[56rem]:-bottom-4"} <= used
    assert not used & set(NOT_CLASSES)


KNOWN = re.compile(
    r"(?:m[btxy]?-|p[btxy]?-|text-|font-|btn|grid|flex|chip|sheet|items-|gap-)[\w-]*$"
)
"""A name that only a class has: a text that contains one is a list of classes."""
STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\\n])*)\1""")


def _classes() -> Iterator[str]:
    """Every text that a page or a script gives as classes, wherever it is written."""
    for folder in "ui", "web":
        pages = PROJECT / "publicmeeting" / folder
        for source in pages.rglob("*.py"):
            nodes = list(ast.walk(ast.parse(source.read_text(encoding="utf-8"))))
            docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            for node in nodes:
                if id(node) in docstrings:
                    continue
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from _of_classes(node.value)
        for script in pages.rglob("*.js"):
            for _, text in STRING.findall(script.read_text(encoding="utf-8")):
                yield from _of_classes(text)


def _of_classes(text: str) -> Iterator[str]:
    names = re.sub(r"\$\{[^}]*\}", " ", text).split()
    if any(KNOWN.match(name) for name in names):
        yield from names


def test_the_packer_compiles_scripts_whole_and_packs_otherwise() -> None:
    config = vite_config_template(
        "/", hmr=False, force_full_reload=False, experimental_hmr=False, sourcemap=False
    )
    ours = packs_otherwise(config)
    assert 'postBanner: "//# allFunctionsCalledOnLoad\\n"' in ours
    assert "changeLibraries(), flatSheet()," in ours
    with pytest.raises(ValueError, match="defineConfig"):
        packs_otherwise(ours.replace("defineConfig", "define"))


ROUTER = "/react-router/dist/production/lib/"
SETS_STATE = (
    "let setState = React$1.useCallback((newState, { deletedFetchers, newErrors, flushSync,"
    " viewTransitionOpts }) => {"
)
WATCHING = (
    "consumeInstrumentationClientResultMetaReceiver, getRouteInstrumentationUpdates,"
    " instrumentClientSideRouter"
)
TRANSPORTS = (
    'import { XHR } from "./polling-xhr.node.js";\nimport { WS } from "./websocket.node.js";\n'
    'import { WT } from "./webtransport.js";\n'
    "export const transports = {websocket: WS, webtransport: WT, polling: XHR, };"
)
LOADS = 'import { loadRouteModule } from "./routeModules.js";\n'
CHANGED = {
    f"{ROUTER}components.js": (
        SETS_STATE,
        'if (newState.navigation.state !== "idle") return;',
    ),
    f"{ROUTER}dom-export/hydrated-router.js": (
        "if (newState.location !== location) setLocation(newState.location);",
        "React$1.startTransition(() => setLocation(newState.location));",
    ),
    f"{ROUTER}router/router.js": (
        f'import {{ {WATCHING} }} from "./instrumentation.js";',
        "const instrumentClientSideRouter = () => {};",
    ),
    f"{ROUTER}dom/ssr/routeModules.js": (
        "//#region lib/dom/ssr/routeModules.ts\nwindow.location.reload();",
        "window.location.assign(to.pathname + to.search + to.hash);",
    ),
    f"{ROUTER}dom/ssr/links.js": (
        f"{LOADS}link.onerror = () => {{\n\t\t\tremoveLink();\n\t\t\tresolve();",
        "openAnew();\nelse resolve();",
    ),
    f"{ROUTER}dom/ssr/errorBoundaries.js": (
        "} }, errorInstance.stack), heyDeveloper);",
        "} }, errorInstance.stack));",
    ),
    "/engine.io-client/build/esm/transports/index.js": (
        TRANSPORTS,
        "export const transports = {websocket: WS,",
    ),
}
"""File of a library → its text, and the text in our pages."""
CHANGE = """(names) => {
  const plugin = globalThis.default();
  plugin.error = (text) => { throw new Error(text); };
  plugin.environment = { name: "client" };
  const found = names.map(([file, code]) => plugin.transform(code, "/node_modules" + file));
  plugin.buildEnd();
  return found;
}"""


@pytest.fixture(scope="module")
def packer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("packer")
    shutil.copy(bundle.CHANGED_LIBRARIES, folder)
    with Scripts(folder, bundle.CHANGED_LIBRARIES.name) as scripts:
        yield scripts


def test_libraries_are_changed_where_they_draw_twice_load_anew_or_bring_what_nobody_uses(
    packer: Scripts,
) -> None:
    codes = [[file, was] for file, (was, _) in CHANGED.items()]
    others = ["/react/index.js", "/engine.io-client/build/esm/transports/polling.js"]
    found = packer.run(CHANGE, [*codes, *([one, "x"] for one in others)])
    assert found[-2:] == [None, {"moduleSideEffects": False}]
    texts = [one["code"] for one in found[:-2]]
    for text, (_, now) in zip(texts, CHANGED.values(), strict=True):
        assert now in text
        assert [one for one in ("XHR", "WT") if one in text] == []


@pytest.mark.parametrize("fault", ["other", "twice", "missing"])
def test_another_library_stops_the_build(packer: Scripts, fault: str) -> None:
    codes = [[file, was] for file, (was, _) in CHANGED.items()]
    if fault == "missing":
        del codes[0]
    else:
        codes[0][1] = "other" if fault == "other" else codes[0][1] * 2
    with pytest.raises(Exception, match="react-router"):
        packer.run(CHANGE, codes)


def test_no_page_names_a_preview_picture_that_does_not_exist() -> None:
    """Title and description stay, and another tag of the same kind."""
    page = add_meta(
        rx.fragment(rx.el.meta(property="og:title")), "lamp", "favicon.ico", [], "repaired"
    )
    hooks = CompilerHooks(plugins=(bundle.SmallBundle(),))
    context = PageContext(name="page", route="page", root_component=page)
    with CompileContext(pages=(), hooks=hooks) as compiling, context:
        made = hooks.compile_component(page, page_context=context, compile_context=compiling)
    text = str(made)
    assert "og:image" not in text
    assert all(one in text for one in ("lamp", "repaired", "og:title"))
