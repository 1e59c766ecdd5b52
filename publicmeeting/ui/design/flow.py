"""Draw plain data and state vars alike: a list is looped in Python, a var in the browser."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import reflex as rx

T = TypeVar("T")

Handler = Any
"""An event handler, an event with its arguments, or several in a list."""


def each(items: Sequence[T], draw: Callable[[T], rx.Component]) -> rx.Component:
    """One drawing per item; `items` may be a state var of frozen dataclasses."""
    if isinstance(items, rx.Var):
        # A second argument would get the index, so `draw` stays behind one of its own.
        return rx.foreach(items, lambda item: draw(item))
    return rx.fragment(*(draw(item) for item in items))


def pick(claim: object, yes: T, no: T) -> T:
    """`yes` if the claim holds (a non-empty text counts as a claim), else `no`."""
    if isinstance(claim, rx.Var):
        return rx.cond(claim, yes, no)
    return yes if claim else no


def shown(claim: object, part: rx.Component | str) -> rx.Component:
    """The part if the claim holds, else nothing."""
    if isinstance(claim, rx.Var):
        return rx.cond(claim, rx.fragment(part))
    return rx.fragment(part) if claim else rx.fragment()


def any_of(items: Sequence[Any]) -> bool:
    """Whether there is at least one; a var answers in the browser, also while it is nothing."""
    if isinstance(items, rx.Var):
        return in_browser("({}?.length > 0)", items).to(bool)
    return bool(items)


def is_plain(value: object) -> bool:
    """Whether the value is known while the page is built."""
    return not isinstance(value, rx.Var)


def may_hold(claim: object) -> bool:
    """Whether a claim holds, or is known in the browser only."""
    return not is_plain(claim) or bool(claim)


def in_browser(template: str, value: Any) -> Any:
    """A var computed in the browser: `{}` in the script stands for the value."""
    script = template.replace("{}", str(value))
    return rx.Var(script, _var_data=value._get_all_var_data())  # noqa: SLF001 (no public way to keep the state's hook)


def persian_in_browser(number: str) -> str:
    """The script that writes a whole number, passed as a script, in Persian digits.

    `toLocaleString` makes a formatter at every call: a millisecond each, four on a cheap phone.
    """
    return f"String({number}).replace(/[0-9]/g, (one) => '۰۱۲۳۴۵۶۷۸۹'[one])"


def filled(**props: object) -> dict[str, Any]:
    """The props that hold something: empty plain values are left out of the markup."""
    return {name: value for name, value in props.items() if not is_plain(value) or value}
