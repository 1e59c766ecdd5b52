"""What several pages of a citizen share: the code in the address, field names, pictures."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.domain.records import Image
from publicmeeting.kit.digits import persian
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.design.models import Photo
from publicmeeting.usecases.filing.pictures import BEFORE

PLAIN = "/plain/request/"
"""The same four steps as pages without scripts."""


def code_of(state: rx.State) -> str:
    """The tracking code in the address of this page; Reflex adds `[code]` to every state."""
    return str(getattr(state, "code", ""))


def shared(name: str) -> Any:  # noqa: ANN401 (a var in the place of a text)
    """A field's name that Reflex makes no reference of.

    For a plain id it keeps one reference to the whole page; where several copies of a form could be
    drawn, a copy that is not drawn would win and the field would come as nothing.
    """
    return rx.Var(f'"{name}"').to(str)


def photos(images: Sequence[Image]) -> tuple[Photo, ...]:
    count = persian(len(images))
    return tuple(
        Photo(
            f"/images/{one.id}/thumb",
            f"/images/{one.id}",
            case_text.PHOTO.format(at=persian(at), count=count),
        )
        for at, one in enumerate(images, 1)
    )


def sorted_photos(images: Sequence[Image]) -> tuple[tuple[Photo, ...], tuple[Photo, ...]]:
    """Pictures from before the work, and those of its result; without the first just pictures."""
    before = [one for one in images if one.kind == BEFORE]
    after = [one for one in images if one.kind != BEFORE]
    if not before:
        return (), photos(after)
    return _called(before, citizen_orders_text.BEFORE_SAYS), _called(
        after, citizen_orders_text.AFTER_SAYS
    )


def _called(images: Sequence[Image], says: str) -> tuple[Photo, ...]:
    return tuple(
        Photo(f"/images/{one.id}/thumb", f"/images/{one.id}", says.format(at=persian(at)))
        for at, one in enumerate(images, 1)
    )
