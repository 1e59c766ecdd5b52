"""Rows of pictures, for tests that do not need the files."""

from typing import Any

from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork


def add_image(
    uow: UnitOfWork,
    actor: Actor,
    name: str = "0" * 64,
    *,
    kind: PictureKind = PictureKind.DRAFT,
    **about: Any,
) -> Image:
    """Add a picture of the actor, one pixel large, whose three files all have this name."""
    files = dict.fromkeys(("web", "thumb", "original"), name)
    return uow.images.add(kind=kind, width=1, height=1, actor=actor, **files, **about)
