"""Straightening of an order's photographed paper; the photograph is kept."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.rate_limits import Limit, take


@dataclass(frozen=True, slots=True)
class Paper:
    """Names of the photograph's files."""

    web: str
    original_file: str | None


class OnePaper(Command):
    id: str


@usecase(*MEETING)
def paper_to_straighten(uow: UnitOfWork, actor: Actor, command: OnePaper, _now: datetime) -> Paper:
    """Return the files of the actor's own unused paper, before a byte is decoded.

    Denied `not_found` for any other paper, `too_many_requests`.
    """
    image = _own_paper(uow, actor, command.id)
    take(uow, Limit.STRAIGHTEN, actor.account_id or "")
    return Paper(image.web, uow.images.original(image.id))


class KeepStraightened(Command):
    """A straightened picture that is already on disk."""

    paper: str
    web: str
    thumb: str
    width: int
    height: int


@usecase(*MEETING)
def keep_straightened(
    uow: UnitOfWork, actor: Actor, command: KeepStraightened, _now: datetime
) -> Image:
    """Add the row of a straightened picture; a later one of the same paper replaces it.

    With the same corners it is the same row. Denied("not_found") as in `paper_to_straighten`.
    """
    uow.advisory_lock(f"paper/{command.paper}")
    paper = _own_paper(uow, actor, command.paper)
    for earlier in uow.images.loose(actor, PictureKind.PAPER):
        if earlier.made_from == paper.id:
            if earlier.web == command.web:
                return earlier
            uow.images.drop_loose(earlier.id, actor)
    return uow.images.add(
        kind=PictureKind.PAPER,
        web=command.web,
        thumb=command.thumb,
        original=command.web,
        width=command.width,
        height=command.height,
        actor=actor,
        made_from=paper.id,
    )


def _own_paper(uow: UnitOfWork, actor: Actor, image_id: str) -> Image:
    for image in uow.images.loose(actor, PictureKind.PAPER):
        if image.id == image_id and not image.made_from:
            return image
    raise Denied("not_found")
