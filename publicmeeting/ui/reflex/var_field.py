"""Several fields of a page's state in one var, because Reflex sends every var under its long
name."""

from dataclasses import replace
from typing import Any, Generic, TypeVar, overload

import reflex as rx

T = TypeVar("T")


def set_changed(state: rx.State, **values: object) -> None:
    """Set only the vars that differ: Reflex sends every var that is set, even to an equal value."""
    for name, value in values.items():
        if state.get_value(name) != value:
            setattr(state, name, value)


def set_fields(state: rx.State, holder: str, /, **fields: Any) -> None:
    """Set fields of the view model in the var `holder`, if any of them differs."""
    held = state.get_value(holder)
    if any(getattr(held, name) != value for name, value in fields.items()):
        setattr(state, holder, replace(held, **fields))


class VarField(Generic[T]):
    """Descriptor for one field of a view model that a state holds: a value on the state, a var on
    its class.

    Reflex sends each page every var of every state by its long name, so a state has few vars.
    """

    def __init__(self, holder: str) -> None:
        self._holder = holder

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, state: None, owner: type[rx.State]) -> T: ...
    @overload
    def __get__(self, state: rx.State, owner: type[rx.State]) -> T: ...
    def __get__(self, state: rx.State | None, owner: type[rx.State]) -> T:
        # Return the stored object itself. Reflex would wrap it, and each view in it, to notice
        # changes, but views are frozen.
        holder = getattr(owner, self._holder) if state is None else state.get_value(self._holder)
        found: T = getattr(holder, self._name)
        return found

    def __set__(self, state: rx.State, value: T) -> None:
        set_fields(state, self._holder, **{self._name: value})
