"""The small part of JavaScript that Reflex writes a page's expressions in, worked out in Python.

Only what has no effect and needs no browser: whatever else a page says raises `UnreadableError`,
and the page is answered as it was built.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Value = Any
"""A text, number, bool, list, mapping, `None` (null), `NOTHING` (undefined), or a function."""
Known = Mapping[str, Value]
Worked = Callable[[Known], Value]
"""An expression, ready to be worked out for the values of its names."""


class UnreadableError(Exception):
    """An expression this module does not know."""


class _Nothing:
    """JavaScript's undefined."""

    def __bool__(self) -> bool:
        return False


NOTHING = _Nothing()
_KNOWN = 8192


class _Token(NamedTuple):
    kind: str
    text: str


_TOKENS = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<sign>\?\.(?!\d)|=>|===|!==|==|!=|<=|>=|>>|&&|\|\||\?\?|\.\.\.|[-+*/%<>!?:.,()\[\]{}=&])
    """,
    re.VERBOSE | re.DOTALL,
)
_BINDS = {
    "??": 1,
    "||": 2,
    "&&": 3,
    "&": 4,
    "===": 5,
    "!==": 5,
    "<": 6,
    ">": 6,
    "<=": 6,
    ">=": 6,
    ">>": 7,
    "+": 8,
    "-": 8,
    "*": 9,
    "%": 9,
}
_WORDS = {"true": True, "false": False, "null": None, "undefined": NOTHING}


@lru_cache(maxsize=_KNOWN)
def read(script: str) -> Worked:
    """Read an expression; raises `UnreadableError`."""
    reader = _Reader(list(_tokens(script)))
    worked = reader.expression()
    reader.ends()
    return worked


def _tokens(script: str) -> Iterator[_Token]:
    at = 0
    while at < len(script):
        found = _TOKENS.match(script, at)
        if found is None:
            raise UnreadableError(f"«{script[at : at + 20]}» in «{script[:200]}»")
        at = found.end()
        if found.lastgroup != "space":
            yield _Token(str(found.lastgroup), found.group())


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def expression(self) -> Worked:
        claim = self._binary(0)
        if not self._takes("?"):
            return claim
        yes = self.expression()
        self._wants(":")
        no = self.expression()
        return lambda known: yes(known) if truthy(claim(known)) else no(known)

    def ends(self) -> None:
        if self._at < len(self._tokens):
            raise UnreadableError(f"«{self._tokens[self._at].text}» behind the end")

    def _binary(self, least: int) -> Worked:
        left = self._unary()
        while (sign := self._next()) in _BINDS and _BINDS[sign] > least:
            self._at += 1
            left = _joined(sign, left, self._binary(_BINDS[sign]))
        return left

    def _unary(self) -> Worked:
        if self._takes("!"):
            denied = self._unary()
            return lambda known: not truthy(denied(known))
        if self._takes("-"):
            turned = self._unary()
            return lambda known: -turned(known)
        return self._chain()

    def _chain(self) -> Worked:
        """A value and what is asked of it: `a?.["b"].c(d)`. Behind a `?.` that finds nothing, the
        rest is not asked."""
        start = self._primary()
        links: list[tuple[bool, Callable[[Value, Known], Value]]] = []
        while True:
            gently = self._takes("?.")
            if self._takes("("):
                links.append((gently, _calling(self._listed(")"))))
            elif self._takes("["):
                inside = self.expression()
                self._wants("]")
                links.append((gently, _part(inside)))
            elif gently or self._takes("."):
                links.append((gently, _part(_constant(self._name()))))
            else:
                return _linked(start, links) if links else start

    def _primary(self) -> Worked:
        if self._at >= len(self._tokens):
            raise UnreadableError("the end, where a value was awaited")
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            return _constant(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "text":
            return _constant(_text(token.text))
        if token.kind == "name":
            return _constant(_WORDS[token.text]) if token.text in _WORDS else _named(token.text)
        if token.text == "(":
            return self._in_brackets()
        if token.text == "[":
            items = self._listed("]")
            return lambda known: [item(known) for item in items]
        if token.text == "{":
            return self._mapping()
        raise UnreadableError(f"«{token.text}», where a value was awaited")

    def _in_brackets(self) -> Worked:
        if self._takes(")"):
            self._wants("=>")
            later = self.expression()
            return lambda known: lambda *_: later(known)
        inside = self.expression()
        self._wants(")")
        return inside

    def _mapping(self) -> Worked:
        pairs: list[tuple[Worked, Worked]] = []
        while not self._takes("}"):
            if self._takes("["):
                key = self.expression()
                self._wants("]")
            else:
                token = self._tokens[self._at]
                self._at += 1
                key = _constant(_text(token.text) if token.kind == "text" else token.text)
            self._wants(":")
            pairs.append((key, self.expression()))
            if self._next() != "}":
                self._wants(",")
        return lambda known: {key(known): value(known) for key, value in pairs}

    def _listed(self, end: str) -> list[Worked]:
        items: list[Worked] = []
        while not self._takes(end):
            items.append(self.expression())
            if self._next() != end:
                self._wants(",")
        return items

    def _next(self) -> str:
        """The sign that comes next, if it is one."""
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "sign":
            return self._tokens[self._at].text
        return ""

    def _takes(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def _wants(self, sign: str) -> None:
        if not self._takes(sign):
            raise UnreadableError(f"no «{sign}»")

    def _name(self) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at].kind != "name":
            raise UnreadableError("no name behind a dot")
        self._at += 1
        return self._tokens[self._at - 1].text


def truthy(value: Value) -> bool:
    """JavaScript's own truth: a list or a mapping always is."""
    return bool(value) or isinstance(value, list | dict)


def as_text(value: Value) -> str:
    """As JavaScript makes a text of it."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if value is NOTHING:
        return "undefined"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise UnreadableError("a list or a mapping as a text")


def _constant(value: Value) -> Worked:
    return lambda _: value


def _named(name: str) -> Worked:
    def worked(known: Known) -> Value:
        if name in known:
            return known[name]
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        raise UnreadableError(f"the name «{name}»")

    return worked


def _text(token: str) -> str:
    if token.startswith("'"):
        inside = token[1:-1].replace("\\'", "'").replace('"', '\\"')
        token = f'"{inside}"'
    try:
        found: str = json.loads(token)
    except ValueError as fault:
        raise UnreadableError(f"the text {token[:40]}") from fault
    return found


def _linked(start: Worked, links: list[tuple[bool, Callable[[Value, Known], Value]]]) -> Worked:
    def worked(known: Known) -> Value:
        value = start(known)
        for gently, link in links:
            if gently and (value is None or value is NOTHING):
                return NOTHING
            value = link(value, known)
        return value

    return worked


def _part(key: Worked) -> Callable[[Value, Known], Value]:
    def found(value: Value, known: Known) -> Value:
        name = key(known)
        if isinstance(value, dict):
            return value.get(name, NOTHING)
        if name == "length" and isinstance(value, str | list):
            return len(value)
        if name in ("valueOf", "toString") and value is not None and value is not NOTHING:
            return (lambda: value) if name == "valueOf" else (lambda: as_text(value))
        if isinstance(value, str) and name == "split":
            return lambda sign: value.split(sign) if sign else list(value)
        if isinstance(value, list) and isinstance(name, int):
            return value[name] if 0 <= name < len(value) else NOTHING
        if isinstance(value, list) and name == "at":
            return lambda at: value[at] if -len(value) <= at < len(value) else NOTHING
        raise UnreadableError(f"«{name}» of a {type(value).__name__}")

    return found


def _calling(arguments: list[Worked]) -> Callable[[Value, Known], Value]:
    def called(value: Value, known: Known) -> Value:
        if not callable(value):
            raise UnreadableError("a call of something else than a function")
        return value(*(one(known) for one in arguments))

    return called


def _joined(sign: str, left: Worked, right: Worked) -> Worked:
    match sign:
        case "&&":
            return lambda known: right(known) if truthy(first := left(known)) else first
        case "||":
            return lambda known: first if truthy(first := left(known)) else right(known)
        case "??":
            return lambda known: (
                right(known) if (first := left(known)) is None or first is NOTHING else first
            )
        case "===" | "!==":
            return lambda known: _same(left(known), right(known)) == (sign == "===")
        case "+":
            return lambda known: _sum(left(known), right(known))
        case "<" | ">" | "<=" | ">=" | "-" | "*" | "%" | ">>" | "&":
            work = _NUMBERS[sign]
            return lambda known: work(*_numbers(left(known), right(known)))
    raise UnreadableError(f"«{sign}»")


_NUMBERS: dict[str, Callable[[Any, Any], Value]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "%": lambda a, b: a % b,
    ">>": lambda a, b: a >> b,
    "&": lambda a, b: a & b,
}


def _numbers(left: Value, right: Value) -> tuple[Value, Value]:
    if NOTHING in (left, right):
        return float("nan"), 0  # every comparison with it is false
    if all(isinstance(one, int | float) for one in (left, right)):
        return left, right
    raise UnreadableError("sums of something else than numbers")


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right) if type(left) is not _Nothing else right is NOTHING


def _sum(left: Value, right: Value) -> Value:
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    return left + right if numbers else as_text(left) + as_text(right)


def _is_true(value: Value = NOTHING) -> bool:
    """Reflex's own `isTrue`: Python's truth."""
    return bool(value)


def _slice(text: str, start: int | None, stop: int | None) -> str:
    return text[start:stop]


def _in_json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_FUNCTIONS: dict[str, Value] = {
    "isTrue": _is_true,
    "isNotNullOrUndefined": lambda value: value is not None and value is not NOTHING,
    "pyAnd": lambda first, then: then() if bool(first) else first,
    "pyOr": lambda first, then: first if bool(first) else then(),
    "pyStrSlice": _slice,
    "parseInt": int,
    "JSON": {"stringify": _in_json},
}
"""What a page's scripts import of Reflex's own, under the same names."""
