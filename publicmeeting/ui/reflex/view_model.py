"""What a page shows of one thing, and how it is sent to the browser."""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Self

import reflex as rx


class ViewModel:
    """Base of the view models a state begins with, frozen and with a default for every field.

    Reflex sends every page the defaults of every state. So of a blank view only those defaults
    are sent that hold something, and null where none does: the other fields are undefined in the
    browser, which the parts take for «not shown». Of a view that may be blank after it has been
    read, a part may only ask whether such a field holds something.

    A view is never changed, so a copy is the view itself: a new page begins with the defaults of
    every state, and copying them would cost more than all else that opening a page does.
    """

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class OmitEmpty:
    """Base of small frozen items of a list: an empty field is not sent.

    A part may only ask whether such a field holds something.
    """


@rx.serializer(to=dict)
def serialize_view(view: ViewModel) -> dict[str, Any] | None:
    """The fields of a view; of a blank one those defaults that hold something, null without any."""
    blank, sent = _blank(type(view))
    return sent if view is blank or view == blank else _fields_of(view)


_blanks: dict[type[ViewModel], tuple[ViewModel, dict[str, Any] | None]] = {}


def _blank(kind: type[ViewModel]) -> tuple[ViewModel, dict[str, Any] | None]:
    """The view with every default, and what is sent of it; made once, for every first state has
    hundreds."""
    if kind not in _blanks:
        blank = kind()
        every = {field.name: getattr(blank, field.name) for field in fields(blank)}  # type: ignore[arg-type]  # a dataclass
        _blanks[kind] = blank, {name: v for name, v in every.items() if holds_something(v)} or None
    return _blanks[kind]


_PLAIN = frozenset({str, int, float, bool, tuple, list, dict, type(None)})


def holds_something(value: object) -> bool:
    """Whether a browser that is not sent this would show another thing than one that is."""
    if type(value) in _PLAIN:  # nearly all of them
        return bool(value)
    if isinstance(value, ViewModel):
        blank, sent = _blank(type(value))
        return value != blank or sent is not None
    if is_dataclass(value):
        return any(holds_something(getattr(value, field.name)) for field in fields(value))
    return bool(value)


@rx.serializer(to=dict)
def serialize_without_empty(empty: OmitEmpty) -> dict[str, Any] | None:
    """The fields that hold something, and those without a default."""
    return serialize_view(empty) if isinstance(empty, ViewModel) else _fields_of(empty)


def _fields_of(one: object) -> dict[str, Any]:
    kind: Any = type(one)
    every = {name: getattr(one, name) for name in _names(kind)}
    for name in _left_out(kind):
        if not holds_something(every[name]):
            del every[name]
    return every


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _left_out(kind: type[Any]) -> tuple[str, ...]:
    """Which fields are not sent where they are empty."""
    if not issubclass(kind, OmitEmpty):
        return ()
    return tuple(field.name for field in fields(kind) if field.default is not MISSING)  # type: ignore[arg-type]  # a dataclass
