"""Fill public pages with their content, so that it is in the first bytes.

The server reads the city into the states of a page. From them it makes both the markup and the
values with which the page's scripts begin. It reads without a cookie, so the same page is right for
everybody and contains nothing personal.

At the build React has drawn each page for the default states. `take_apart` compares that with our
own markup node by node and splits the page around the part that is filled. If a later Reflex draws
a page in another way, the page is served as it was built. Otherwise hydration would replace our
markup.
"""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.event import EventHandler
from reflex_base.utils.format import json_dumps

from publicmeeting.ui import routes
from publicmeeting.ui.citizen.request.page import StepFocus
from publicmeeting.ui.design.look import only_used
from publicmeeting.ui.design.sheets import Announcer
from publicmeeting.ui.first.expressions import Value
from publicmeeting.ui.first.late_start import PICTURED, STYLE, Sheet, names_in, sheet_of
from publicmeeting.ui.first.markup import ANYTHING, Tree, render_markup
from publicmeeting.ui.shell.demo import DemoState, see_clock
from publicmeeting.ui.shell.session import Session

_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_FOREIGN = "x-foreign"
_SPACES = re.compile(r"\s+")


class UnlikeError(Exception):
    """The built page differs from our markup."""


@dataclass(slots=True)
class Node:
    """An element, or a text (with an empty `tag`). `begin` and `end` are offsets in the page."""

    tag: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)
    begin: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"<{self.tag} {self.attributes}>" if self.tag else f"«{self.text}»"


class _Reader(HTMLParser):
    """Parse every node with its offsets. Comments are nodes too: React separates texts by them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#")
        self._open = [self.root]
        starts = [0]
        starts += [at + 1 for at, sign in enumerate(html) if sign == "\n"]
        self._lines = starts
        self.feed(html)
        self.close()
        self.root.end = len(html)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)
        if tag not in _VOID:
            self._open.append(self._open[-1].children[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        begin = self._here()
        end = begin + len(self.get_starttag_text() or "")
        known = {name: value or "" for name, value in attrs}
        self._open[-1].children.append(Node(tag, "", known, [], begin, end))

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop().end = self._here() + len(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(Node(text=data, begin=self._here()))

    def handle_comment(self, data: str) -> None:
        self._open[-1].children.append(Node("#comment", data))


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """A built page `before` and `after` the part that is filled.

    `foreign` is what our script components drew in that part, by component name.
    """

    before: str
    after: str
    foreign: dict[str, str]


def placeholder(name: str) -> str:
    """Return the markup that stands for a script component while a page is compared."""
    return f'<{_FOREIGN} id="{name}"></{_FOREIGN}>'


def take_apart(html: str, ours: str) -> BuiltPage:
    """Find the part of a built page to fill. Raises `UnlikeError` if the page differs from our
    markup.

    `ours` is our markup of that part for the default states, with placeholders for components of
    our scripts.
    """
    body = _child(_child(_Reader(html).root, "html"), "body")
    expected = _Reader(ours).root.children
    firsts = [node for node in expected if node.tag]
    if not firsts:
        raise UnlikeError("nothing to fill")
    class_names = [node.attributes.get("class") for node in firsts]
    first = _with_class(body, class_names[0])
    at = body.children.index(first)
    actual = body.children[at : at + len(expected)]
    foreign: dict[str, str] = {}
    _compare(actual, expected, html, foreign)
    return BuiltPage(html[: first.begin], html[actual[-1].end :], foreign)


def _child(node: Node, tag: str) -> Node:
    for child in node.children:
        if child.tag == tag:
            return child
    raise UnlikeError(f"no <{tag}>")


def _with_class(body: Node, class_name: str | None) -> Node:
    for child in body.children:
        if child.tag and child.attributes.get("class") == class_name:
            return child
    raise UnlikeError(f"nothing with the class «{class_name}»")


def _compare(actual: list[Node], expected: list[Node], html: str, foreign: dict[str, str]) -> None:
    if any(node.tag == ANYTHING for node in expected):
        return
    components = [node for node in expected if node.tag == _FOREIGN]
    if len(components) == 1 and len(actual) == len(expected) - 1:  # a component that draws nothing
        foreign[components[0].attributes["id"]] = ""
        expected = [node for node in expected if node.tag != _FOREIGN]
    if len(actual) != len(expected):
        listed = ", ".join(map(str, actual[:8]))
        raise UnlikeError(f"{len(actual)} instead of {len(expected)} nodes: {listed[:300]}")
    for node, other in zip(actual, expected, strict=True):
        if other.tag == _FOREIGN:
            foreign[other.attributes["id"]] = html[node.begin : node.end]
            continue
        if node.tag != other.tag or node.text != other.text or _differ(node, other):
            raise UnlikeError(f"{str(node)[:200]} instead of {str(other)[:200]}")
        _compare(node.children, other.children, html, foreign)


def _differ(node: Node, other: Node) -> bool:
    return _normalised(node.attributes) != _normalised(other.attributes)


def _normalised(attributes: dict[str, str]) -> dict[str, str]:
    return {name: _SPACES.sub(" ", value) for name, value in attributes.items()}


StateVars = dict[str, dict[str, Any]]
"""Full name of a state → its vars as they are sent to a page."""
_ROOT = rx.State.get_full_name()
_STATE = re.compile(rf"\b{_ROOT}__\w+")
_STYLE_ELEMENT = re.compile(rf"{STYLE}.*?</style>", re.DOTALL)
_INVISIBLE = (StepFocus.tag, Announcer.tag)
_log = logging.getLogger(__name__)
_CACHED_STYLES = 32
"""Maximum number of class sets whose rules are cached; a page has few."""


@lru_cache(maxsize=1)
def _sheet(css: str) -> Sheet:
    """Parse a style sheet. Cached, because all pages of a build link the same one."""
    return Sheet(css)


class FilledPage:
    """One public page, prepared to be filled at each request.

    Raises `UnlikeError` or `UnreadableError` if the built page differs from our markup.
    """

    def __init__(self, page: routes.Page, built: Path, *, demo: bool) -> None:
        self.path = f"{page.path.rstrip('/')}/"
        self._page = page
        self._demo = demo
        self._tree: Tree = routes.drawn(page, demo=demo)().render()
        self._states = _states_of(self._tree)
        self._blank = _vars_of(_new_root(self.path), self._states)
        self._styles: dict[frozenset[str], str] = {}
        self._built_props: dict[str, Mapping[str, Value]] = {}
        html = (built / self.path.strip("/") / "index.html").read_text(encoding="utf-8")
        draft = render_markup(
            self._tree, _scope_of(self._blank), self._note_props, _INVISIBLE, is_draft=True
        )
        self._built: BuiltPage = take_apart(html, draft)
        if not _STYLE_ELEMENT.search(self._built.before):
            raise UnlikeError("no style element in the page")
        self._sheet = _sheet((built / sheet_of(html)).read_text(encoding="utf-8"))

    async def fill(self) -> str:
        """Return the whole page with the city's current content."""
        root = _new_root(self.path)
        await self._read(root)
        state_vars = _vars_of(root, self._states)
        markup = render_markup(self._tree, _scope_of(state_vars), self._foreign, _INVISIBLE)
        page = self._built
        html = only_used(f"{page.before}{markup}{page.after}")
        used = self._style(names_in(html))
        html = _STYLE_ELEMENT.sub(lambda _: f"{STYLE}{used}</style>", html, count=1)
        return html.replace("</head>", f"{state_block(self._changed(state_vars))}</head>", 1)

    async def _read(self, root: rx.State) -> None:
        """Run what the page loads when it opens, except background handlers."""
        if self._demo:
            await see_clock(_of(root, DemoState))
        if self._page.names_reader:
            await Session.load.fn(_of(root, Session))  # type: ignore[attr-defined]  # a handler
        for handler in self._page.on_load:
            assert isinstance(handler, EventHandler)
            if not handler.is_background:
                await handler.fn(root.get_substate(handler.state_full_name.split(".")))

    def _changed(self, state_vars: StateVars) -> StateVars:
        """Return the vars that differ from the defaults, which the page's scripts have already."""
        changed = {
            state: {name: v for name, v in values.items() if v != self._blank[state][name]}
            for state, values in state_vars.items()
        }
        return {state: values for state, values in changed.items() if values}

    def _style(self, names: frozenset[str]) -> str:
        if names not in self._styles:
            if len(self._styles) >= _CACHED_STYLES:
                self._styles.clear()
            self._styles[names] = self._sheet.used_by(names)
        return self._styles[names]

    def _note_props(self, name: str, props: Mapping[str, Value]) -> str:
        if name in self._built_props:
            raise UnlikeError(f"{name} stands twice on one page")
        self._built_props[name] = props
        return placeholder(name)

    def _foreign(self, name: str, props: Mapping[str, Value]) -> str:
        """Return what our script component drew at the build.

        Raises `UnlikeError` if its props have changed since. Empty props count as absent.
        """
        if name not in self._built.foreign or _present(self._built_props[name]) != _present(props):
            raise UnlikeError(f"the props of {name} differ from those at the build")
        return self._built.foreign[name]


def _present(props: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in props.items() if value}


def _new_root(path: str) -> rx.State:
    """Return a tree of states without cookie and session."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # its own way
    root.router = RouterData.from_router_data({"pathname": path, "asPath": path, "headers": {}})
    return root


def _of(root: rx.State, kind: type[Any]) -> Any:
    return root.get_substate(kind.get_full_name().split("."))


def _vars_of(root: rx.State, states: Iterable[str]) -> StateVars:
    state_vars = {name: root.get_substate(name.split(".")).dict()[name] for name in states}
    found: StateVars = json.loads(json_dumps(state_vars))
    return found


def _scope_of(state_vars: StateVars) -> dict[str, Value]:
    """Return the values of the names in a page's expressions. No connection has been lost yet."""
    return {
        **{name.replace(".", "__"): values for name, values in state_vars.items()},
        "connectErrors": [],
    }


def _states_of(tree: Tree) -> tuple[str, ...]:
    """Return the states that a page reads, without the root state, which no page shows."""
    names = {name.replace(".", "__"): name for name in _all_states(rx.State)}
    found = set(_STATE.findall(json.dumps(tree, default=str)))
    return tuple(sorted(names[name] for name in found if name in names and names[name] != _ROOT))


def _all_states(kind: type[Any]) -> Iterable[str]:
    yield kind.get_full_name()
    for substate in kind.get_substates():
        yield from _all_states(substate)


class FilledPages:
    """All public pages. A page that is not prepared, or cannot be, is served as it was built."""

    def __init__(self, built: Path, *, demo: bool) -> None:
        self._built = built
        self._demo = demo
        self._pages: dict[str, FilledPage] = {}

    def prepare(self) -> None:
        """Read the built pages, in one or two seconds. The log names those that cannot be
        filled."""
        for page in routes.PAGES:
            if f"{page.path.rstrip('/')}/" in PICTURED:
                try:
                    filled_page = FilledPage(page, self._built, demo=self._demo)
                except Exception:  # noqa: BLE001  (the page is then served as it was built)
                    _log.exception("%s is shown as it was built", page.path)
                else:
                    self._pages[filled_page.path] = filled_page

    async def fill(self, path: str) -> str | None:
        """Return the whole page with current content, or None if it cannot be filled."""
        page = self._pages.get(path)
        return await page.fill() if page else None


BLOCK = "first-state"
_CODE = f"""
{{
  const block = globalThis.document?.getElementById("{BLOCK}");
  for (const [name, values] of Object.entries(block ? JSON.parse(block.textContent) : {{}}))
    initialState[name] = {{ ...initialState[name], ...values }};
}}
"""
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
"""Characters escaped in JSON, so that no text can end the `<script>` element."""


class Seed(rx.Fragment):
    """Draws nothing. Its code takes over the filled values before the states are created in the
    browser."""

    def add_imports(self) -> dict[str, list[str]]:
        return {"$/utils/context": ["initialState"]}

    def add_custom_code(self) -> list[str]:
        return [_CODE]


def state_block(state_vars: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the data block for a page's head: full name of a state → its vars."""
    inside = json.dumps(state_vars, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return f'<script type="application/json" id="{BLOCK}">{inside}</script>'
