"""View models: base classes, how they are sent to the browser, and their fields in a state."""

from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from typing import Any, Generic, Self, TypeVar, overload

import reflex as rx


class ViewModel:
    """Base of the view models with which a state begins: frozen, with a default for every field.

    Reflex sends every page the defaults of every state. Of a blank view, only the defaults that
    hold something are sent, or null if none does. The other fields are undefined in the browser,
    and the components treat undefined as "not shown". A view may be blank again after it was read,
    so a component may only ask whether such a field holds something.

    A view is never changed, so a copy is the view itself. A new page begins with the defaults of
    every state, and copying them would cost more than everything else that opening a page does.
    """

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class OmitEmpty:
    """Base of small frozen list items whose empty fields are not sent.

    A component may only ask whether such a field holds something.
    """


@rx.serializer(to=dict)
def serialize_view(view: ViewModel) -> dict[str, Any] | None:
    """Return the fields of a view. Of a blank view, return the defaults that hold something, or
    None."""
    blank, sent = _blank(type(view))
    return sent if view is blank or view == blank else _fields_of(view)


_blanks: dict[type[ViewModel], tuple[ViewModel, dict[str, Any] | None]] = {}


def _blank(kind: type[ViewModel]) -> tuple[ViewModel, dict[str, Any] | None]:
    """Return the view with every default, and what is sent of it.

    Cached per class, because every first state contains hundreds of blank views.
    """
    if kind not in _blanks:
        blank = kind()
        every = {field.name: getattr(blank, field.name) for field in fields(blank)}  # type: ignore[arg-type]  # a dataclass
        _blanks[kind] = blank, {name: v for name, v in every.items() if holds_something(v)} or None
    return _blanks[kind]


_PLAIN = frozenset({str, int, float, bool, tuple, list, dict, type(None)})


def holds_something(value: object) -> bool:
    """Return whether the browser would show something different if this value were not sent."""
    if type(value) in _PLAIN:  # the usual case
        return bool(value)
    if isinstance(value, ViewModel):
        blank, sent = _blank(type(value))
        return value != blank or sent is not None
    if is_dataclass(value):
        return any(holds_something(getattr(value, field.name)) for field in fields(value))
    return bool(value)


@rx.serializer(to=dict)
def serialize_without_empty(empty: OmitEmpty) -> dict[str, Any] | None:
    """Return the fields that hold something, and those without a default."""
    return serialize_view(empty) if isinstance(empty, ViewModel) else _fields_of(empty)


def _fields_of(view: object) -> dict[str, Any]:
    kind: Any = type(view)
    every = {name: getattr(view, name) for name in _names(kind)}
    for name in _left_out(kind):
        if not holds_something(every[name]):
            del every[name]
    return every


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _left_out(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields that are not sent when they are empty."""
    if not issubclass(kind, OmitEmpty):
        return ()
    return tuple(field.name for field in fields(kind) if field.default is not MISSING)  # type: ignore[arg-type]  # a dataclass


T = TypeVar("T")


def set_fields(state: rx.State, holder: str, /, **fields: Any) -> None:
    """Set fields of the view model in the var `holder`."""
    setattr(state, holder, replace(state.get_value(holder), **fields))


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
