"""HTML from Python: whatever is not markup already is escaped."""

from html import escape
from typing import NamedTuple

_VOID = {"input", "img", "link", "meta", "path"}


class Html(str):
    """Text that is markup already; only `el` and `join` make it."""

    __slots__ = ()


class Choice(NamedTuple):
    value: str
    label: str


def el(name: str, /, *inside: str, **attributes: str | bool) -> Html:
    """An element. An attribute's `_` stands for `-`, one at its end for nothing (`class_`).

    True is an attribute without a value, False is none.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{join(*inside)}</{name}>")


def join(*parts: str) -> Html:
    return Html("".join(one if isinstance(one, Html) else escape(one) for one in parts))


def _attribute(key: str, value: str | bool) -> str:  # noqa: FBT001 (an attribute may be a yes)
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{escape(value)}"'
