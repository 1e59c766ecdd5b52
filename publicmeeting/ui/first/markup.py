"""A page's components as the markup React makes of them, so that hydration finds its own.

Works on what Reflex renders (`Component.render()`): the tree its compiler makes scripts of. What is
not known here raises `UnreadableError`; a component of a script of ours is left to `Foreign`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

from publicmeeting.ui.first.expressions import (
    NOTHING,
    Known,
    UnreadableError,
    Value,
    Worked,
    as_text,
    read,
    truthy,
)

Tree = Mapping[str, Any]
Foreign = Callable[[str, Mapping[str, Value]], str]
"""The markup of a script's own component: its name, and what it is given."""
ANYTHING = "x-anything"
"""In a draft: here stands what only a browser can work out."""

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
_AS_THEY_ARE = {
    *("id", "href", "src", "alt", "type", "name", "value", "action", "method", "role", "title"),
    *("dir", "lang", "width", "height", "d", "x", "y", "scope", "placeholder", "pattern", "form"),
    *("rel", "target", "loading", "decoding", "accept", "capture", "min", "max", "step", "rows"),
    *("list", "headers", "label", "points", "rx", "fill", "stroke", "cx", "cy", "r", "download"),
}
_CLAIMS = {
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
"""Attributes that are there or not, and have no value."""
_NOT_WRITTEN = {"textarea", "style", "title"}
_CHOSEN = {"value", "defaultValue"}
_NOT_MARKUP = {"key", "ref", "suppressHydrationWarning"}
_INSIDE = "dangerouslySetInnerHTML"
_LINK_SAYS = {"to", "reloadDocument", "replace"}


@dataclass(slots=True)
class Writing:
    """One page being written for these values."""

    foreign: Foreign
    silent: frozenset[str]
    """Components of scripts of ours that draw nothing."""
    is_draft: bool
    parts: list[str] = field(default_factory=list)
    after_text: bool = False
    """React separates texts that meet, so that the browser does not make one of them."""

    def node(self, tree: Tree, known: Known) -> None:
        if "iterable" in tree:
            self._each(tree, known)
        elif "match_cases" in tree:
            self.node(_chosen(tree, known), known)
        elif "cond_state" in tree:
            holds = truthy(read(tree["cond_state"])(known))
            self.node(tree["true_value" if holds else "false_value"], known)
        elif tree.get("contents") is not None:
            self._text(read(tree["contents"] or "null")(known))
        else:
            self._component(tree, known)

    def _each(self, tree: Tree, known: Known) -> None:
        try:
            items = read(tree["iterable_state"])(known)
        except UnreadableError as why:
            self._only_in_browser(why)
            return
        if items is None or items is NOTHING:
            return
        if not isinstance(items, list | tuple):
            raise UnreadableError("a loop over something else than a list")
        for at, item in enumerate(items):
            inner = {**known, tree["arg_name"]: item, tree["arg_index"]: at}
            for child in tree["children"]:
                self.node(child, inner)

    def _text(self, value: Value) -> None:
        if value is None or value is NOTHING or isinstance(value, bool) or value == "":
            return
        if self.after_text:
            self.parts.append("<!-- -->")
        self.parts.append(_escaped(as_text(value)))
        self.after_text = True

    def _component(self, tree: Tree, known: Known) -> None:
        name: str = tree.get("name") or "Fragment"
        if name == "Fragment":
            for child in tree["children"]:
                self.node(child, known)
            return
        if name == "ReactRouterLink":
            self._element("a", _link(_attributes_of(tree["props"], known)), tree["children"], known)
        elif name.startswith('"'):
            attributes = _attributes_of(tree["props"], known)
            self._element(name.strip('"'), attributes, tree["children"], known)
        elif name not in self.silent:
            self.parts.append(self.foreign(name, _attributes_of(tree["props"], known)))
            self.after_text = False

    def _element(
        self, tag: str, attributes: Mapping[str, Value], children: Sequence[Tree], known: Known
    ) -> None:
        if tag in _NOT_WRITTEN or (tag == "select" and not _CHOSEN.isdisjoint(attributes)):
            self._only_in_browser(UnreadableError(f"<{tag}>"))
            return
        if tag == "script":
            self._script(children)
            return
        inside = attributes.get(_INSIDE)
        self.parts.append(f"<{tag}{''.join(_attributes(attributes))}>")
        self.after_text = False
        if tag in _VOID:
            return
        if isinstance(inside, dict):
            self.parts.append(str(inside["__html"]))
        for child in children:
            self.node(child, known)
        self.parts.append(f"</{tag}>")
        self.after_text = False

    def _only_in_browser(self, why: UnreadableError) -> None:
        if not self.is_draft:
            raise why
        self.parts.append(f"<{ANYTHING}></{ANYTHING}>")
        self.after_text = False

    def _script(self, children: Sequence[Tree]) -> None:
        """A page's own script, as it is: no value of a state may stand in it."""
        code = "".join(read(one["contents"])({}) for one in children)
        if "</" in code or not self.is_draft:
            raise UnreadableError("<script>")
        self.parts.append(f"<script>{code}</script>")
        self.after_text = False


def written(
    tree: Tree,
    known: Known,
    foreign: Foreign,
    silent: Iterable[str] = (),
    *,
    is_draft: bool = False,
) -> str:
    """The markup of a tree for these values; raises `UnreadableError`.

    A draft is not shown, but compared (`built.take_apart`): what only a browser can work out is
    marked in it.
    """
    writing = Writing(foreign, frozenset(silent), is_draft)
    writing.node(tree, known)
    return "".join(writing.parts)


def _chosen(tree: Tree, known: Known) -> Tree:
    asked = read(tree["cond"])(known)
    for conditions, value in tree["match_cases"]:
        if any(read(one)(known) == asked for one in conditions):
            found: Tree = value
            return found
    otherwise: Tree = tree["default"]
    return otherwise


@lru_cache(maxsize=8192)
def _prop(text: str) -> tuple[str, Worked | None]:
    """The name and the expression of `name:expression`; None for what is no markup."""
    name, _, script = text.partition(":")
    name = name.strip('"')
    if name in _NOT_MARKUP or (name.startswith("on") and name[2:3].isupper()):
        return name, None
    return name, read(script)


def _attributes_of(props: Iterable[str], known: Known) -> dict[str, Value]:
    read_props = (_prop(one) for one in props)
    return {name: worked(known) for name, worked in read_props if worked is not None}


def _link(attributes: dict[str, Value]) -> dict[str, Value]:
    """What the router's link becomes."""
    to = attributes.get("to")
    if not isinstance(to, str) or not to.startswith("/"):
        raise UnreadableError(f"a link to «{to}»")
    others = {name: value for name, value in attributes.items() if name not in _LINK_SAYS}
    return {**others, "href": to, "data-discover": "true"}


def _attributes(attributes: Mapping[str, Value]) -> Iterable[str]:
    for name, value in attributes.items():
        if name == _INSIDE or value is None or value is NOTHING:
            continue
        spoken = name.startswith(("aria-", "data-"))
        known = _NAMES.get(name, name)
        if not spoken and name not in _NAMES and name not in _AS_THEY_ARE | _CLAIMS:
            raise UnreadableError(f"the attribute «{name}»")
        if known in _CLAIMS:
            if truthy(value):
                yield f' {known}=""'
        elif isinstance(value, bool) and not spoken:
            continue
        else:
            yield f' {known}="{_escaped(as_text(value))}"'


def _escaped(text: str) -> str:
    return escape(text, quote=True)
