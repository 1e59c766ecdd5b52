"""Build step: public pages paint from their first bytes, and start their scripts afterwards.

The first bytes contain the critical CSS: the rules of the style sheet that match the page's own
markup.

React hydrates head and body by position, but skips elements that it does not expect. So the starter
takes the place of React Router's module script, and the link of the style sheet is added again
before the framework starts.
"""

import gzip
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import tinycss2

_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_CLASS = re.compile(r'\sclass="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_TYPE = re.compile(r'<input[^>]*\stype="([a-z]+)"')
_ALWAYS = frozenset({"html", "body", ".dark", ".light"})
"""Elements and classes on every page: scripts set the classes before the page is painted."""
_CONDITIONS = frozenset({"media", "supports", "container", "layer", "scope", "starting-style"})
"""At-rules that contain rules."""
_BY_NAME = frozenset({"keyframes", "property"})
"""At-rules that apply only where another rule uses their name."""
_UNTOUCHED = frozenset({"hover", "active", "backdrop", "-moz-ui-invalid"})
"""States that no element has at the first paint."""
_OF_FIELDS = {
    re.compile(r"placeholder"): "input",
    re.compile(r"file-selector-button"): "type=file",
    re.compile(r"-webkit-search.*"): "type=search",
    re.compile(r"-webkit-(?:date|calendar).*"): "type=date",
    re.compile(r"-webkit-.*-spin.*"): "type=number",
}
"""Pseudo-elements of form fields, written without the field → what a page must contain to have
them."""
_LATER = re.compile(
    r"\bprint\b|\(hover:\s*hover\)|\(forced-colors:|\(prefers-contrast:|"
    r"\(width\s*(?:<|>=)\s*18rem\)"
)
"""Conditions whose rules can wait for the whole sheet: print, hovering pointers, stronger colours,
and very narrow windows.

`narrow.css` can wait too: every page would send its bytes for the few readers with letters of twice
the size.
"""
_NAMED = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule of the sheet.

    `needs` has a set of names for each alternative of the selector: the page must contain all names
    of one set. It is empty for a rule without a selector, which every page gets. `name` is set for
    a rule that applies only where another rule uses this name.
    """

    text: str
    needs: tuple[frozenset[str], ...] = ()
    name: str = ""

    def text_of_rules(self, present: frozenset[str], names: frozenset[str] | None) -> str:
        if self.name:
            return self.text if names is not None and self.name in names else ""
        if self.needs and not any(need <= present for need in self.needs):
            return ""
        return self.text


@dataclass(frozen=True, slots=True)
class _Group:
    head: str
    parts: "tuple[_Rule | _Group, ...]"
    keeps_place: bool
    """Whether to write the group even if empty: cascade layers are ordered by their first
    mention."""

    def text_of_rules(self, present: frozenset[str], names: frozenset[str] | None) -> str:
        inside = "".join(part.text_of_rules(present, names) for part in self.parts)
        if inside:
            return f"{self.head}{{{inside}}}"
        return f"{self.head};" if self.keeps_place else ""


class Sheet:
    """A parsed style sheet."""

    def __init__(self, css: str) -> None:
        self._parts = tuple(
            _read(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
        )

    def used_by(self, present: frozenset[str]) -> str:
        """Return the rules that can match a page with these classes, ids and tags (`names_in`).

        They keep their order, so that the whole sheet changes nothing when it is loaded later.
        """
        present |= _ALWAYS
        without = "".join(part.text_of_rules(present, None) for part in self._parts)
        names = frozenset(_NAMED.findall(without))
        return "".join(part.text_of_rules(present, names) for part in self._parts)


def names_in(markup: str) -> frozenset[str]:
    """Return every class (`.x`), id (`#x`), tag (`x`) and input type (`type=x`) of a page."""
    classes = (one for found in _CLASS.findall(markup) for one in html.unescape(found).split())
    ids = (html.unescape(found) for found in _ID.findall(markup))
    return frozenset(
        {
            *_TAG.findall(markup),
            *(f".{class_}" for class_ in classes),
            *(f"#{id_}" for id_ in ids),
            *(f"type={one}" for one in _TYPE.findall(markup)),
        }
    )


def _read(nodes: Iterable[Any]) -> Iterator[_Rule | _Group]:
    for node in nodes:
        if node.type == "error":
            raise ValueError(f"the style sheet cannot be read: {node.message}")
        if node.type == "qualified-rule":
            yield _Rule(node.serialize(), tuple(_needs(node.prelude)))
        elif node.lower_at_keyword in _CONDITIONS and node.content is not None:
            head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}"
            if _LATER.search(head):
                continue
            inside = tinycss2.parse_rule_list(
                node.content, skip_comments=True, skip_whitespace=True
            )
            yield _Group(head, tuple(_read(inside)), node.lower_at_keyword == "layer")
        elif node.lower_at_keyword in _BY_NAME:
            yield _Rule(node.serialize(), name=tinycss2.serialize(node.prelude).strip())
        else:
            yield _Rule(node.serialize())


def _needs(selector: Iterable[Any]) -> Iterator[frozenset[str]]:
    """Yield the names that each alternative of a selector requires.

    Conditions in brackets (`:not(…)`, `[open]`) are ignored: a superfluous rule does no harm, a
    missing one does. A pointer state is a name that no page has.
    """
    found: set[str] = set()
    before = ""
    for token in selector:
        if token.type == "literal" and token.value == ",":
            yield frozenset(found)
            found = set()
        found |= _names_of(token, before)
        before = token.value if token.type == "literal" else ""
    yield frozenset(found)


def _names_of(token: Any, before: str) -> set[str]:
    """Return the names that one token of a selector requires; `before` is the sign before it."""
    if token.type == "hash":
        return {f"#{token.value}"}
    if token.type != "ident":
        return set()
    if before == ".":
        return {f".{token.value}"}
    word = token.lower_value
    if before != ":":
        return {word}
    if word in _UNTOUCHED:
        return {f":{word}"}
    return {name for part, name in _OF_FIELDS.items() if part.fullmatch(word)}


PICTURED = ("/", "/request/", "/track/", "/verify/", "/rules/", "/draws/")
"""The public pages that paint from their first bytes."""
STYLE = '<style id="first-look">'
"""Start tag of the style element with the rules that a page needs until the whole sheet is
loaded."""
_STARTER = Path(__file__).with_name("starter.js")
_MODULE = re.compile(r'<script type="module" async="">(.*?)</script>', re.DOTALL)
_FIRST = re.compile(r'^\s*import "([^"]+)";')
_PART = re.compile(r'import \* as (\w+) from "([^"]+)";')
_NAMES = re.compile(r'"([^"]+)":\s*(\w+)')
_ENTRY = re.compile(r'import\("([^"]+)"\);')
_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]+)"/>')
_SHEET = re.compile(r'<link href="(/assets/[^"]+\.css)" rel="stylesheet"[^>]*/>')
_SHEET_EARLY = re.compile(r'<link as="style" href="/assets/[^"]+" rel="preload"/>')
_COMMENT = re.compile(r"/\*.*?\*/\s*|^\s*//[^\n]*\n", re.DOTALL | re.MULTILINE)
_COMPRESSED = {
    ".br": brotli.compress,
    ".gz": lambda raw: gzip.compress(raw, mtime=0),
}


def start_after_paint(client: Path) -> None:
    """Change the built pages and their compressed copies in place.

    Raises `ValueError` if a later Reflex or React Router writes its pages in another way.
    """
    for page in PICTURED:
        bare = page.strip("/")
        for file in {client / bare / "index.html", client / f"{bare or 'index'}.html"}:
            if file.exists():
                _rewrite(client, file)


def sheet_of(html: str) -> str:
    """Return the file of the whole style sheet that a changed page links."""
    return _only(re.compile(r'<link rel="stylesheet" href="/([^"]+)"/>'), html)[1]


def _rewrite(client: Path, file: Path) -> None:
    html = file.read_text(encoding="utf-8")
    sheet = _only(_SHEET, html)[1]
    css = (client / sheet.strip("/")).read_text(encoding="utf-8")
    preloads = _PRELOAD.findall(html)
    starter = _starter(_only(_MODULE, html)[1], sheet, preloads)
    html = _MODULE.sub(lambda _: f"<script>{starter}</script>", html)
    html = _SHEET_EARLY.sub("", _PRELOAD.sub("", html))
    used = Sheet(css).used_by(names_in(html))
    plain = f'<noscript><link rel="stylesheet" href="{sheet}"/></noscript>'
    html = _SHEET.sub(lambda _: f"{STYLE}{used}</style>{plain}", html)
    file.write_text(html, encoding="utf-8")
    for ending, compress in _COMPRESSED.items():
        file.with_name(file.name + ending).write_bytes(compress(html.encode()))


def _starter(module: str, sheet: str, preloads: list[str]) -> str:
    """Return the script that imports the same modules in the same order, after the first paint."""
    files = dict(_PART.findall(module))
    modules = _only(re.compile(r"__reactRouterRouteModules = \{(.*?)\};"), module)[1]
    parts = {name: files[part] for name, part in _NAMES.findall(modules)}
    first, entry = _only(_FIRST, module)[1], _only(_ENTRY, module)[1]
    if len(parts) != len(files):
        raise ValueError("React Router starts its pages in another way now")
    arguments = ",".join(json.dumps(one) for one in (sheet, first, parts, entry, preloads))
    code = _COMMENT.sub("", _STARTER.read_text(encoding="utf-8")).strip()
    lines = (line.strip() for line in code.splitlines())
    return f"{' '.join(lines)}({arguments})"


def _only(wanted: re.Pattern[str], text: str) -> re.Match[str]:
    found = list(wanted.finditer(text))
    if len(found) != 1:
        raise ValueError(f"«{wanted.pattern}» does not stand exactly once in a built page")
    return found[0]
