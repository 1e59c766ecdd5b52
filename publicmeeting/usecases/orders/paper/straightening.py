"""An order's photographed paper, straightened before it is on a sheet; its photograph stays."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.pictures import PictureKind
from publicmeeting.domain.records import Image
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.rate_limits import Limit, take


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the photograph's files lie."""

    web: str
    original_file: str | None


class OnePaper(Command):
    id: str


@usecase(*MEETING)
def paper_to_straighten(uow: UnitOfWork, actor: Actor, command: OnePaper, _now: datetime) -> Paper:
    """Asked before a byte is decoded: the actor's own paper that is on no sheet yet.

    Denied `not_found` for any other, `too_many_requests`.
    """
    image = _own_paper(uow, actor, command.id)
    take(uow, Limit.STRAIGHTEN, actor.account_id or "")
    return Paper(image.web, uow.images.original(image.id))


class KeepStraightened(Command):
    """The straightened picture, already on disk."""

    paper: str
    web: str
    thumb: str
    width: int
    height: int


@usecase(*MEETING)
def keep_straightened(
    uow: UnitOfWork, actor: Actor, command: KeepStraightened, _now: datetime
) -> Image:
    """The row of what was made from a paper: straightened again it takes the earlier one's place,
    and with the same corners it is the same row. Denied("not_found") as above."""
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
