"""What a page shows of one thing, and how it goes to the browser."""

from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Self

import reflex as rx


class ViewModel:
    """Base of the view models a state begins with, frozen and with a default for every field.

    Every page is told the defaults of every state. So a view that is still blank goes as null:
    its fields read as nothing in the browser, which the parts take for «not shown». A view that
    may be blank once it has been read is therefore only asked whether something is there.

    Nobody changes one, so a copy is the thing itself: a new page begins with the defaults of every
    state, and copying all of them would cost more than all else that opening it does.
    """

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class OmitEmpty:
    """Base of small frozen things shown by the dozen: a field left empty is not sent.

    A part that draws them may only ask whether something is in such a field.
    """


@rx.serializer(to=dict)
def told(view: ViewModel) -> dict[str, Any] | None:
    """The fields of a view; nothing of a blank one."""
    blank = _blank(type(view))
    return None if view is blank or view == blank else _told(view)


_blanks: dict[type[ViewModel], ViewModel] = {}


def _blank(kind: type[ViewModel]) -> ViewModel:
    """Made once: there are hundreds in every first state."""
    if kind not in _blanks:
        _blanks[kind] = kind()
    return _blanks[kind]


@rx.serializer(to=dict)
def serialized_sparsely(one: OmitEmpty) -> dict[str, Any] | None:
    """The fields that hold something, and those that must be given."""
    return told(one) if isinstance(one, ViewModel) else _told(one)


def _told(one: object) -> dict[str, Any]:
    every = [(field, getattr(one, field.name)) for field in fields(one)]  # type: ignore[arg-type]  # a dataclass
    leaves_out = isinstance(one, OmitEmpty)
    return {field.name: v for field, v in every if not (leaves_out and _is_empty(field, v))}


def _is_empty(field: Field[Any], value: object) -> bool:
    if field.default is MISSING:
        return False
    return not value or (is_dataclass(value) and value == field.default)
