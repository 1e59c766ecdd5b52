"""Names of fields that stand in a form drawn at several places of one page."""

from typing import Any

import reflex as rx


def shared(name: str) -> Any:  # noqa: ANN401 (a var in the place of a text)
    """A field's name that Reflex makes no reference of.

    For a plain id it keeps one reference to the whole page; where several copies of a form could be
    drawn, a copy that is not drawn would win and the field would come as nothing.
    """
    return rx.Var(f'"{name}"').to(str)
