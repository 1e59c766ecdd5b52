"""One case, person or district of many, whose fault stops nobody else."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from redis.exceptions import RedisError

from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.records import Request
from publicmeeting.kit.figures import FAULTS
from publicmeeting.media.objects import StorageUnavailable
from publicmeeting.store.database.engine import is_unreachable
from publicmeeting.store.database.races import refusal_in
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.unit_of_work import UnitOfWork

# Whether an exception means that a part of the service is out of reach for now.


def is_part_missing(error: BaseException) -> bool:
    """Whether the database, Redis or the store of pictures does not answer: no bug of the
    program."""
    return isinstance(error, RedisError | StorageUnavailable) or is_unreachable(error)


_log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def alone(uow: UnitOfWork, what: str) -> Iterator[None]:
    """What is written inside is written whole or not at all; a fault of it is logged, and whoever
    goes on with the next is not stopped by it.

    Raises what says nothing about this one, and passes when all of it is done again: a part of the
    service that is out of reach, a race with somebody else.
    """
    try:
        with uow.savepoint():
            yield
    except Exception as fault:
        if _is_passing(fault):
            raise
        FAULTS.labels("case").inc()
        _log.exception("left as it was: %s", what)


def read_each(uow: UnitOfWork, request_ids: Collection[str]) -> list[Request]:
    """As the clock reads them, in their order; without those who cannot be read at all."""
    try:
        with uow.savepoint():
            return uow.clock_requests.by_ids(list(request_ids))
    except Exception as fault:
        if _is_passing(fault):
            raise
    found = []
    for request_id in request_ids:
        with alone(uow, f"the reading of {request_id}"):
            found.append(uow.clock_requests.by_id(request_id))
    return found


def readable(uow: UnitOfWork, what: str, some: Iterable[T], read: Callable[[T], R]) -> list[R]:
    """What can be read of a list; `uow.unread` counts what is left out."""
    found = []
    for type_var_type in some:
        try:
            found.append(read(type_var_type))
        except UNREADABLE:
            uow.leave_out(what)
    return found


def readable_requests(uow: UnitOfWork, request_ids: Collection[str]) -> list[Request]:
    """Requests as whoever works with them reads them, in their order, likewise; where none is
    damaged by a few statements however many they are."""
    ids = list(request_ids)
    try:
        return uow.requests.by_ids(ids)
    except UNREADABLE:
        return readable(uow, "a request", ids, uow.requests.by_id)


def _is_passing(fault: Exception) -> bool:
    refusal = refusal_in(fault)
    passes = isinstance(refusal, Unavailable) or (
        refusal is not None and refusal.key == "version_conflict"
    )
    return is_part_missing(fault) or passes
