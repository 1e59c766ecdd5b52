"""Render a page's components to the markup that React would make, so that hydration changes
nothing.

The input is what Reflex renders (`Component.render()`), the tree from which its compiler makes
scripts. Anything unknown raises `UnreadableError`. The function `Foreign` renders components of our
own scripts. The markup must match React's exactly, including comments between texts, so no HTML
library can write it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

from publicmeeting.ui.first.expressions import (
    UNDEFINED,
    Evaluator,
    Scope,
    UnreadableError,
    Value,
    as_text,
    read,
    truthy,
)

Tree = Mapping[str, Any]
Foreign = Callable[[str, Mapping[str, Value]], str]
"""Function from the name and props of a component of our scripts to its markup."""
ANYTHING = "x-anything"
"""Tag in a draft for a part that only a browser can compute."""

_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_NAMES = {
    "className": "class",
    "htmlFor": "for",
    "viewBox": "viewBox",
    "autoComplete": "autocomplete",
    "autoCapitalize": "autocapitalize",
    "inputMode": "inputmode",
    "tabIndex": "tabindex",
    "maxLength": "maxlength",
    "minLength": "minlength",
    "readOnly": "readonly",
    "noValidate": "novalidate",
    "encType": "enctype",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "defaultValue": "value",
    "defaultChecked": "checked",
    "strokeWidth": "stroke-width",
    "srcSet": "srcset",
}
_SAME_NAME = {
    *("id", "href", "src", "alt", "type", "name", "value", "action", "method", "role", "title"),
    *("dir", "lang", "width", "height", "d", "x", "y", "scope", "placeholder", "pattern", "form"),
    *("rel", "target", "loading", "decoding", "accept", "capture", "min", "max", "step", "rows"),
    *("list", "headers", "label", "points", "rx", "fill", "stroke", "cx", "cy", "r", "download"),
}
_BOOLEAN = {
    "hidden",
    "disabled",
    "required",
    "checked",
    "selected",
    "open",
    "multiple",
    "readonly",
    "novalidate",
    "autofocus",
}
"""Attributes that are present or absent and have no value."""
_BROWSER_ONLY = {"textarea", "style", "title"}
_SELECT_VALUE = {"value", "defaultValue"}
_NOT_MARKUP = {"key", "ref", "suppressHydrationWarning"}
_INNER_HTML = "dangerouslySetInnerHTML"
_LINK_PROPS = {"to", "reloadDocument", "replace"}


@dataclass(slots=True)
class _Writer:
    """Writer of one page for the values of a scope."""

    foreign: Foreign
    invisible: frozenset[str]
    """Components of our scripts that draw nothing."""
    is_draft: bool
    parts: list[str] = field(default_factory=list)
    after_text: bool = False
    """Whether the last node was a text. React puts a comment between two texts, which a browser
    would otherwise join."""

    def node(self, tree: Tree, scope: Scope) -> None:
        if "iterable" in tree:
            self._each(tree, scope)
        elif "match_cases" in tree:
            self.node(_matching_case(tree, scope), scope)
        elif "cond_state" in tree:
            holds = truthy(read(tree["cond_state"])(scope))
            self.node(tree["true_value" if holds else "false_value"], scope)
        elif tree.get("contents") is not None:
            self._text(read(tree["contents"] or "null")(scope))
        else:
            self._component(tree, scope)

    def _each(self, tree: Tree, scope: Scope) -> None:
        try:
            items = read(tree["iterable_state"])(scope)
        except UnreadableError as why:
            self._only_in_browser(why)
            return
        if items is None or items is UNDEFINED:
            return
        if not isinstance(items, list | tuple):
            raise UnreadableError("a loop over something other than a list")
        for at, item in enumerate(items):
            inner = {**scope, tree["arg_name"]: item, tree["arg_index"]: at}
            for child in tree["children"]:
                self.node(child, inner)

    def _text(self, value: Value) -> None:
        if value is None or value is UNDEFINED or isinstance(value, bool) or value == "":
            return
        if self.after_text:
            self.parts.append("<!-- -->")
        self.parts.append(_escaped(as_text(value)))
        self.after_text = True

    def _component(self, tree: Tree, scope: Scope) -> None:
        name: str = tree.get("name") or "Fragment"
        if name == "Fragment":
            for child in tree["children"]:
                self.node(child, scope)
            return
        if name == "ReactRouterLink":
            self._element("a", _link(_attributes_of(tree["props"], scope)), tree["children"], scope)
        elif name.startswith('"'):
            attributes = _attributes_of(tree["props"], scope)
            self._element(name.strip('"'), attributes, tree["children"], scope)
        elif name not in self.invisible:
            self.parts.append(self.foreign(name, _attributes_of(tree["props"], scope)))
            self.after_text = False

    def _element(
        self, tag: str, attributes: Mapping[str, Value], children: Sequence[Tree], scope: Scope
    ) -> None:
        if tag in _BROWSER_ONLY or (tag == "select" and not _SELECT_VALUE.isdisjoint(attributes)):
            self._only_in_browser(UnreadableError(f"<{tag}>"))
            return
        if tag == "script":
            self._script(children)
            return
        inner_html = attributes.get(_INNER_HTML)
        self.parts.append(f"<{tag}{''.join(_attributes(attributes))}>")
        self.after_text = False
        if tag in _VOID:
            return
        if isinstance(inner_html, dict):
            self.parts.append(str(inner_html["__html"]))
        for child in children:
            self.node(child, scope)
        self.parts.append(f"</{tag}>")
        self.after_text = False

    def _only_in_browser(self, why: UnreadableError) -> None:
        if not self.is_draft:
            raise why
        self.parts.append(f"<{ANYTHING}></{ANYTHING}>")
        self.after_text = False

    def _script(self, children: Sequence[Tree]) -> None:
        """Write a script of the page unchanged: it must not contain a value of a state."""
        code = "".join(read(child["contents"])({}) for child in children)
        if "</" in code or not self.is_draft:
            raise UnreadableError("<script>")
        self.parts.append(f"<script>{code}</script>")
        self.after_text = False


def render_markup(
    tree: Tree,
    scope: Scope,
    foreign: Foreign,
    invisible: Iterable[str] = (),
    *,
    is_draft: bool = False,
) -> str:
    """Return the markup of a tree for the values in `scope`. Raises `UnreadableError`.

    `invisible` names components of our scripts that draw nothing. A draft is compared with the
    built page (`built.take_apart`) and never served. It marks parts that only a browser can
    compute.
    """
    writer = _Writer(foreign, frozenset(invisible), is_draft)
    writer.node(tree, scope)
    return "".join(writer.parts)


def _matching_case(tree: Tree, scope: Scope) -> Tree:
    value_now = read(tree["cond"])(scope)
    for conditions, value in tree["match_cases"]:
        if any(read(condition)(scope) == value_now for condition in conditions):
            found: Tree = value
            return found
    otherwise: Tree = tree["default"]
    return otherwise


@lru_cache(maxsize=8192)
def _prop(text: str) -> tuple[str, Evaluator | None]:
    """Return name and expression of a prop `name:expression`; None for a prop without markup."""
    name, _, script = text.partition(":")
    name = name.strip('"')
    if name in _NOT_MARKUP or (name.startswith("on") and name[2:3].isupper()):
        return name, None
    return name, read(script)


def _attributes_of(props: Iterable[str], scope: Scope) -> dict[str, Value]:
    read_props = (_prop(prop) for prop in props)
    return {name: evaluate(scope) for name, evaluate in read_props if evaluate is not None}


def _link(attributes: dict[str, Value]) -> dict[str, Value]:
    """Return the attributes of the `<a>` that React Router's link becomes."""
    to = attributes.get("to")
    if not isinstance(to, str) or not to.startswith("/"):
        raise UnreadableError(f"a link to «{to}»")
    others = {name: value for name, value in attributes.items() if name not in _LINK_PROPS}
    return {**others, "href": to, "data-discover": "true"}


def _attributes(attributes: Mapping[str, Value]) -> Iterable[str]:
    for name, value in attributes.items():
        if name == _INNER_HTML or value is None or value is UNDEFINED:
            continue
        is_aria_or_data = name.startswith(("aria-", "data-"))
        html_name = _NAMES.get(name, name)
        if not is_aria_or_data and name not in _NAMES and name not in _SAME_NAME | _BOOLEAN:
            raise UnreadableError(f"the attribute «{name}»")
        if html_name in _BOOLEAN:
            if truthy(value):
                yield f' {html_name}=""'
        elif isinstance(value, bool) and not is_aria_or_data:
            continue
        else:
            yield f' {html_name}="{_escaped(as_text(value))}"'


def _escaped(text: str) -> str:
    return escape(text, quote=True)
