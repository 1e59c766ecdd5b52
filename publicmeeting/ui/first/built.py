"""A built page taken apart: where the part stands that is filled, and whether it is as we write it.

The part that React drew at the build for the states' defaults is compared with ours, node by node.
So a page that a later Reflex draws in another way is left as it is, instead of being filled with
what hydration would throw away.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from publicmeeting.ui.first.markup import ANYTHING

_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_FOREIGN = "x-foreign"
_SPACES = re.compile(r"\s+")


class UnlikeError(Exception):
    """The built page is not what we would have written."""


@dataclass(slots=True)
class Node:
    """An element, or a text (without a tag). `begin` and `end` are places in the page."""

    tag: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)
    begin: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"<{self.tag} {self.attributes}>" if self.tag else f"«{self.text}»"


class _Reader(HTMLParser):
    """Every node with its place. Comments stay: React tells texts apart by them."""

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
    """A built page around the part that is filled: `before` and `after` it; `foreign` is what
    scripts of ours drew in it, by the name of their component."""

    before: str
    after: str
    foreign: dict[str, str]


def placeholder(name: str) -> str:
    """Stands for a component of a script of ours while a page is compared."""
    return f'<{_FOREIGN} id="{name}"></{_FOREIGN}>'


def take_apart(html: str, ours: str) -> BuiltPage:
    """Find our part in a built page. `ours` is its markup as we write it for the defaults, with
    placeholders. Raises `UnlikeError`."""
    body = _child(_child(_Reader(html).root, "html"), "body")
    wanted = _Reader(ours).root.children
    firsts = [one for one in wanted if one.tag]
    if not firsts:
        raise UnlikeError("nothing to fill")
    looks = [one.attributes.get("class") for one in firsts]
    first = _found(body, looks[0])
    at = body.children.index(first)
    there = body.children[at : at + len(wanted)]
    foreign: dict[str, str] = {}
    _compare(there, wanted, html, foreign)
    return BuiltPage(html[: first.begin], html[there[-1].end :], foreign)


def _child(node: Node, tag: str) -> Node:
    for one in node.children:
        if one.tag == tag:
            return one
    raise UnlikeError(f"no <{tag}>")


def _found(body: Node, look: str | None) -> Node:
    for one in body.children:
        if one.tag and one.attributes.get("class") == look:
            return one
    raise UnlikeError(f"nothing with the class «{look}»")


def _compare(there: list[Node], wanted: list[Node], html: str, foreign: dict[str, str]) -> None:
    if any(one.tag == ANYTHING for one in wanted):
        return
    strangers = [one for one in wanted if one.tag == _FOREIGN]
    if len(strangers) == 1 and len(there) == len(wanted) - 1:  # it draws nothing
        foreign[strangers[0].attributes["id"]] = ""
        wanted = [one for one in wanted if one.tag != _FOREIGN]
    if len(there) != len(wanted):
        listed = ", ".join(map(str, there[:8]))
        raise UnlikeError(f"{len(there)} instead of {len(wanted)} nodes: {listed[:300]}")
    for one, other in zip(there, wanted, strict=True):
        if other.tag == _FOREIGN:
            foreign[other.attributes["id"]] = html[one.begin : one.end]
            continue
        if one.tag != other.tag or one.text != other.text or _differ(one, other):
            raise UnlikeError(f"{str(one)[:200]} instead of {str(other)[:200]}")
        _compare(one.children, other.children, html, foreign)


def _differ(one: Node, other: Node) -> bool:
    return _plain(one.attributes) != _plain(other.attributes)


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {name: _SPACES.sub(" ", value) for name, value in attributes.items()}
