"""Compare a built page with our own markup of it, and split it around the part that is filled.

At the build React has drawn the page for the default states. This module compares that with our
markup node by node. If a later Reflex draws a page in another way, the page is served as it was
built. Otherwise hydration would replace our markup.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from publicmeeting.ui.first.markup import ANYTHING

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
    if any(one.tag == ANYTHING for one in expected):
        return
    components = [one for one in expected if one.tag == _FOREIGN]
    if len(components) == 1 and len(actual) == len(expected) - 1:  # a component that draws nothing
        foreign[components[0].attributes["id"]] = ""
        expected = [one for one in expected if one.tag != _FOREIGN]
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
