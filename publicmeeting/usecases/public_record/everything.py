"""What belongs together in one archive of the public log: everything as of one of its sizes."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Nothing, usecase

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Everything:
    """Entries up to `size`, which never change, and with them whatever else a reader needs."""

    size: int
    checkpoint: str
    """The note of that size."""
    notes: tuple[int, ...]
    """Sizes up to it that witnesses have signed, ascending."""
    drawn: tuple[str, ...]
    """Draws whose files never change any more; their `draw` is among the entries."""
    coming: tuple[tuple[str, str], ...]
    """Id and file of each other draw, as of this size."""


@usecase(*ANYONE)
def everything(uow: UnitOfWork, _actor: Actor, _command: Nothing, _now: datetime) -> Everything:
    """Denied `not_found` before the log is opened.

    A list that is not drawn yet changes with the log. While others write, such files may be of a
    later size than the entries: then they are left out rather than contradict them.
    """
    for _ in range(_TRIES):
        drawn = uow.draws.drawn_ids()
        size = uow.log.head().seq
        texts = uow.draws.coming_files()
        if uow.log.head().seq == size:
            break
        texts = []
    checkpoint = uow.log.note(size) if size else ""
    if not checkpoint:
        raise Denied("not_found")
    notes = tuple(one for one in uow.log.cosigned_sizes() if one <= size)
    return Everything(size, checkpoint, notes, tuple(drawn), tuple(texts))
