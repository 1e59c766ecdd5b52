"""What a page shows of one thing, and how it goes to the browser."""

from dataclasses import MISSING, fields
from typing import Any

import reflex as rx


class View:
    """Base of the view models a state begins with, frozen and with a default for every field.

    Every page is told the defaults of every state. So a view that is still blank goes as null:
    its fields read as nothing in the browser, which the parts take for «not shown». A view that
    may be blank once it has been read is therefore only asked whether something is there.
    """


@rx.serializer(to=dict)
def told(view: View) -> dict[str, Any] | None:
    """The fields of a view; nothing of a blank one."""
    if view == type(view)():
        return None
    return {field.name: getattr(view, field.name) for field in fields(view)}  # type: ignore[arg-type]  # each is a dataclass


class Sparse:
    """Base of small frozen things shown by the dozen: a field left empty is not sent.

    A part that draws them may only ask whether something is in such a field.
    """


@rx.serializer(to=dict)
def told_sparsely(one: Sparse) -> dict[str, Any]:
    """The fields that hold something, and those that must be given."""
    return {
        field.name: value
        for field in fields(one)  # type: ignore[arg-type]  # each is a dataclass
        if (value := getattr(one, field.name)) or field.default is MISSING
    }
