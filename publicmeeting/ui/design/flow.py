"""Loops and conditions for plain data and for state vars: Python evaluates plain data, the browser
vars."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import reflex as rx

T = TypeVar("T")

Handler = Any
"""An event handler, an event with its arguments, or several in a list."""


def each(items: Sequence[T], draw: Callable[[T], rx.Component]) -> rx.Component:
    """Draw each item; `items` may be a state var of frozen dataclasses."""
    if isinstance(items, rx.Var):
        # Reflex passes the index to a second parameter. `draw` may have one, so it is wrapped.
        return rx.foreach(items, lambda item: draw(item))
    return rx.fragment(*(draw(item) for item in items))


def pick(claim: object, yes: T, no: T) -> T:
    """Return `yes` if the claim holds, else `no`. A non-empty text counts as a claim that holds."""
    if isinstance(claim, rx.Var):
        return rx.cond(claim, yes, no)
    return yes if claim else no


def shown(claim: object, part: rx.Component | str) -> rx.Component:
    """Return the part if the claim holds, else nothing."""
    if isinstance(claim, rx.Var):
        return rx.cond(claim, rx.fragment(part))
    return rx.fragment(part) if claim else rx.fragment()


def any_of(items: Sequence[Any]) -> bool:
    """Return whether there is at least one item. A var is evaluated in the browser, where it may be
    undefined."""
    if isinstance(items, rx.Var):
        return in_browser("({}?.length > 0)", items).to(bool)
    return bool(items)


def is_plain(value: object) -> bool:
    """Return whether the value is known when the page is built."""
    return not isinstance(value, rx.Var)


def may_hold(claim: object) -> bool:
    """Return whether a claim holds, or is known only in the browser."""
    return not is_plain(claim) or bool(claim)


def in_browser(template: str, value: Any) -> Any:
    """Return a var that the browser computes: `{}` in the script stands for the value."""
    script = template.replace("{}", str(value))
    return rx.Var(script, _var_data=value._get_all_var_data())  # noqa: SLF001 (no public way to keep the state's hook)


def direction_of(text: str) -> Any:
    """Return the `dir` of what a person wrote: "ltr" for a text without a Persian letter.

    `dir="auto"` would turn a Persian sentence round that begins with «BRT».
    """
    if isinstance(text, rx.Var):
        script = "(/[a-z]/i.test({}) && !/[\\u0600-\\u06ff]/.test({}) ? 'ltr' : undefined)"
        return in_browser(script, text).to(str)
    latin, persian = re.search("[a-z]", text, re.IGNORECASE), re.search("[\u0600-\u06ff]", text)
    return "ltr" if latin and not persian else None


def persian_in_browser(number: str) -> str:
    """Return the script that writes a whole number, given as a script, in Persian digits.

    `toLocaleString` makes a formatter at every call: a millisecond each, four on a cheap phone.
    """
    return f"String({number}).replace(/[0-9]/g, (one) => '۰۱۲۳۴۵۶۷۸۹'[one])"


def filled(**props: object) -> dict[str, Any]:
    """Return the props that hold something, so that empty plain values are not in the markup."""
    return {name: value for name, value in props.items() if not is_plain(value) or value}
