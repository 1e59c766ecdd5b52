"""What a page shows of one thing, and how it goes to the browser."""

from dataclasses import fields
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
    return {one.name: getattr(view, one.name) for one in fields(view)}  # type: ignore[arg-type]  # each is a dataclass
