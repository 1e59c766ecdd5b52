"""Evaluate in Python the subset of JavaScript in which Reflex writes a page's expressions.

It covers only what has no side effect and needs no browser. Anything else raises `UnreadableError`,
and the page is served as it was built.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Value = Any
"""A text, number, bool, list, mapping, `None` (null), `UNDEFINED` (undefined), or a function."""
Scope = Mapping[str, Value]
Evaluator = Callable[[Scope], Value]
"""A compiled expression: a function from the values of its names to its own value."""


class UnreadableError(Exception):
    """An expression that this module cannot evaluate."""


class _Undefined:
    """JavaScript's undefined."""

    def __bool__(self) -> bool:
        return False


UNDEFINED = _Undefined()
_CACHE_SIZE = 8192


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
_LITERALS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}


@lru_cache(maxsize=_CACHE_SIZE)
def read(script: str) -> Evaluator:
    """Compile an expression. Raises `UnreadableError`."""
    reader = _Reader(list(_tokens(script)))
    evaluate = reader.expression()
    reader.expect_end()
    return evaluate


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

    def expression(self) -> Evaluator:
        condition = self._binary(0)
        if not self._accept("?"):
            return condition
        yes = self.expression()
        self._expect(":")
        no = self.expression()
        return lambda scope: yes(scope) if truthy(condition(scope)) else no(scope)

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise UnreadableError(f"«{self._tokens[self._at].text}» behind the end")

    def _binary(self, least: int) -> Evaluator:
        left = self._unary()
        while (sign := self._next()) in _BINDS and _BINDS[sign] > least:
            self._at += 1
            left = _joined(sign, left, self._binary(_BINDS[sign]))
        return left

    def _unary(self) -> Evaluator:
        if self._accept("!"):
            operand = self._unary()
            return lambda scope: not truthy(operand(scope))
        if self._accept("-"):
            operand = self._unary()
            return lambda scope: -operand(scope)
        return self._chain()

    def _chain(self) -> Evaluator:
        """Parse a value with its accesses and calls: `a?.["b"].c(d)`.

        A `?.` on null or undefined makes the whole chain undefined.
        """
        start = self._primary()
        links: list[tuple[bool, Callable[[Value, Scope], Value]]] = []
        while True:
            is_optional = self._accept("?.")
            if self._accept("("):
                links.append((is_optional, _calling(self._list_until(")"))))
            elif self._accept("["):
                inside = self.expression()
                self._expect("]")
                links.append((is_optional, _part(inside)))
            elif is_optional or self._accept("."):
                links.append((is_optional, _part(_constant(self._name()))))
            else:
                return _linked(start, links) if links else start

    def _primary(self) -> Evaluator:
        if self._at >= len(self._tokens):
            raise UnreadableError("the end, where a value was expected")
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "number":
            return _constant(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "text":
            return _constant(_text(token.text))
        if token.kind == "name":
            return (
                _constant(_LITERALS[token.text]) if token.text in _LITERALS else _named(token.text)
            )
        if token.text == "(":
            return self._in_brackets()
        if token.text == "[":
            items = self._list_until("]")
            return lambda scope: [item(scope) for item in items]
        if token.text == "{":
            return self._mapping()
        raise UnreadableError(f"«{token.text}», where a value was expected")

    def _in_brackets(self) -> Evaluator:
        if self._accept(")"):
            self._expect("=>")
            body = self.expression()
            return lambda scope: lambda *_: body(scope)
        inside = self.expression()
        self._expect(")")
        return inside

    def _mapping(self) -> Evaluator:
        pairs: list[tuple[Evaluator, Evaluator]] = []
        while not self._accept("}"):
            if self._accept("["):
                key = self.expression()
                self._expect("]")
            else:
                token = self._tokens[self._at]
                self._at += 1
                key = _constant(_text(token.text) if token.kind == "text" else token.text)
            self._expect(":")
            pairs.append((key, self.expression()))
            if self._next() != "}":
                self._expect(",")
        return lambda scope: {key(scope): value(scope) for key, value in pairs}

    def _list_until(self, end: str) -> list[Evaluator]:
        items: list[Evaluator] = []
        while not self._accept(end):
            items.append(self.expression())
            if self._next() != end:
                self._expect(",")
        return items

    def _next(self) -> str:
        """Return the next token if it is a sign, else ""."""
        if self._at < len(self._tokens) and self._tokens[self._at].kind == "sign":
            return self._tokens[self._at].text
        return ""

    def _accept(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise UnreadableError(f"no «{sign}»")

    def _name(self) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at].kind != "name":
            raise UnreadableError("no name behind a dot")
        self._at += 1
        return self._tokens[self._at - 1].text


def truthy(value: Value) -> bool:
    """Return whether JavaScript takes the value as true, as it does every list and mapping."""
    return bool(value) or isinstance(value, list | dict)


def as_text(value: Value) -> str:
    """Convert the value to a text as JavaScript does."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise UnreadableError("a list or a mapping as a text")


def _constant(value: Value) -> Evaluator:
    return lambda _: value


def _named(name: str) -> Evaluator:
    def evaluate(scope: Scope) -> Value:
        if name in scope:
            return scope[name]
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        raise UnreadableError(f"the name «{name}»")

    return evaluate


def _text(token: str) -> str:
    if token.startswith("'"):
        inside = token[1:-1].replace("\\'", "'").replace('"', '\\"')
        token = f'"{inside}"'
    try:
        found: str = json.loads(token)
    except ValueError as fault:
        raise UnreadableError(f"the text {token[:40]}") from fault
    return found


def _linked(
    start: Evaluator, links: list[tuple[bool, Callable[[Value, Scope], Value]]]
) -> Evaluator:
    def evaluate(scope: Scope) -> Value:
        value = start(scope)
        for is_optional, link in links:
            if is_optional and (value is None or value is UNDEFINED):
                return UNDEFINED
            value = link(value, scope)
        return value

    return evaluate


def _part(key: Evaluator) -> Callable[[Value, Scope], Value]:
    def found(value: Value, scope: Scope) -> Value:
        name = key(scope)
        if isinstance(value, dict):
            return value.get(name, UNDEFINED)
        if name == "length" and isinstance(value, str | list):
            return len(value)
        if name in ("valueOf", "toString") and value is not None and value is not UNDEFINED:
            return (lambda: value) if name == "valueOf" else (lambda: as_text(value))
        if isinstance(value, str) and name == "split":
            return lambda sign: value.split(sign) if sign else list(value)
        if isinstance(value, list) and isinstance(name, int):
            return value[name] if 0 <= name < len(value) else UNDEFINED
        if isinstance(value, list) and name == "at":
            return lambda at: value[at] if -len(value) <= at < len(value) else UNDEFINED
        raise UnreadableError(f"«{name}» of a {type(value).__name__}")

    return found


def _calling(arguments: list[Evaluator]) -> Callable[[Value, Scope], Value]:
    def called(value: Value, scope: Scope) -> Value:
        if not callable(value):
            raise UnreadableError("a call of something else than a function")
        return value(*(argument(scope) for argument in arguments))

    return called


def _joined(sign: str, left: Evaluator, right: Evaluator) -> Evaluator:
    match sign:
        case "&&":
            return lambda scope: right(scope) if truthy(first := left(scope)) else first
        case "||":
            return lambda scope: first if truthy(first := left(scope)) else right(scope)
        case "??":
            return lambda scope: (
                right(scope) if (first := left(scope)) is None or first is UNDEFINED else first
            )
        case "===" | "!==":
            return lambda scope: _same(left(scope), right(scope)) == (sign == "===")
        case "+":
            return lambda scope: _sum(left(scope), right(scope))
        case "<" | ">" | "<=" | ">=" | "-" | "*" | "%" | ">>" | "&":
            work = _NUMBERS[sign]
            return lambda scope: work(*_numbers(left(scope), right(scope)))
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
    if UNDEFINED in (left, right):
        return float("nan"), 0  # every comparison with it is false
    if all(isinstance(side, int | float) for side in (left, right)):
        return left, right
    raise UnreadableError("sums of something else than numbers")


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right) if type(left) is not _Undefined else right is UNDEFINED


def _sum(left: Value, right: Value) -> Value:
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    return left + right if numbers else as_text(left) + as_text(right)


def _is_true(value: Value = UNDEFINED) -> bool:
    """Reflex's helper `isTrue`, which has Python's truth."""
    return bool(value)


def _slice(text: str, start: int | None, stop: int | None) -> str:
    return text[start:stop]


def _in_json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_FUNCTIONS: dict[str, Value] = {
    "isTrue": _is_true,
    "isNotNullOrUndefined": lambda value: value is not None and value is not UNDEFINED,
    "pyAnd": lambda first, then: then() if bool(first) else first,
    "pyOr": lambda first, then: first if bool(first) else then(),
    "pyStrSlice": _slice,
    "parseInt": int,
    "JSON": {"stringify": _in_json},
}
"""Reflex's helper functions that a page's scripts import, by their names there."""
